"""Writes YAML that our own reader reads back to exactly the same text."""

import re
from typing import Any

from supervisor.config.source import Plain

_PLAIN = re.compile(r"[A-Za-z/][\w./=+@%-]*(?: [\w./=+@%][\w./=+@%-]*)*", re.ASCII)
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_WIDTH = 80


def emitted(value: dict[str, Any]) -> str:
    """Return a mapping as a YAML document in block style, short lists in one line.

    It holds texts, lists and mappings, and whole numbers, which stand without quotes.
    """
    return "".join(f"{line}\n" for line in _mapping(value))


def scalar(text: str) -> str:
    """Return ``text`` as a YAML scalar, in quotes wherever any reader might take it for more."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return '"' + "".join(_ESCAPED.get(char) or _printed(char) for char in text) + '"'


def _printed(char: str) -> str:
    if char.isprintable() and char != "\ufeff":
        return char
    code = ord(char)
    return (
        f"\\x{code:02X}" if code < 256 else f"\\u{code:04X}" if code < 65536 else f"\\U{code:08X}"
    )


def _mapping(value: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for key, item in value.items():
        flow = _flow(item)
        fits = flow is not None and len(flow) < _WIDTH
        if fits or isinstance(item, str):
            lines.append(f"{scalar(key)}: {flow}")
        else:
            lines.append(f"{scalar(key)}:")
            lines += (f"  {line}" for line in _block(value[key]))
    return lines


def _block(value: Plain) -> list[str]:
    if isinstance(value, str):
        return [scalar(value)]
    if isinstance(value, dict):
        return _mapping(value)
    lines: list[str] = []
    for item in value:
        first, *rest = _block(item) or [_flow(item) or ""]
        lines += [f"- {first}", *(f"  {line}" for line in rest)]
    return lines


def _flow(value: Plain | int) -> str | None:
    """Return what is simple as one line: scalars, a list of them, an empty mapping; else None."""
    if isinstance(value, (str, int)):
        return scalar(value) if isinstance(value, str) else str(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return f"[{', '.join(scalar(str(item)) for item in value)}]"
    return None if value else "{}"
