"""Names of keys: as Textual has them, and as people write and read them."""

import string
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from textual.keys import KEY_NAME_REPLACEMENTS

_NAMED: Mapping[str, str] = MappingProxyType(
    {
        "left": "←",
        "right": "→",
        "down": "↓",
        "up": "↑",
        "escape": "Esc",
        "enter": "Enter",
        "space": "Space",
        "tab": "Tab",
        "shift+tab": "S-Tab",
        "pagedown": "PgDn",
        "pageup": "PgUp",
        "home": "Home",
        "end": "End",
        "insert": "Ins",
        "delete": "Del",
        "backspace": "Backspace",
    }
)


def _textual_name(char: str) -> str:
    name = unicodedata.name(char).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


_SIGNS = {_textual_name(char): char for char in string.punctuation}
_FUNCTION_KEYS = tuple(f"f{number}" for number in range(1, 25))
_SHOWN = {**_NAMED, **_SIGNS, **{name: name.upper() for name in _FUNCTION_KEYS}}
_WORDS = {
    **{name: name for name in (*_NAMED, *_SIGNS, *_FUNCTION_KEYS)},
    **{shown.lower(): name for name, shown in _NAMED.items()},
    "esc": "escape",
    "return": "enter",
    "pgdown": "pagedown",
    "page down": "pagedown",
    "page up": "pageup",
}
_MOVES = frozenset({"left", "right", "up", "down", "home", "end", "pageup", "pagedown"})
_CONTROLS = frozenset(
    {"at", "left_square_bracket", "backslash", "right_square_bracket", "underscore"}
)
"""Signs that have a control character."""
_SAME = MappingProxyType(
    {
        "ctrl+i": "Tab",
        "ctrl+m": "Enter",
        "ctrl+j": "Enter",
        "ctrl+h": "Backspace",
        "ctrl+left_square_bracket": "Esc",
    }
)
"""What terminals send the same bytes for."""


def key_name(key: str, *, ascii_only: bool = False) -> str:
    """Return ``key`` (as Textual names it) as people write it."""
    before, plus, last = key.rpartition("+")
    shown = _SHOWN.get(key) or f"{before}{plus}{_SHOWN.get(last, last)}"
    if ascii_only and not shown.isascii():
        return f"{before}{plus}{last.capitalize() if last in _NAMED else '?'}"
    return shown


def parsed_key(written: str) -> str:
    """Return a key that a person wrote (``+``, ``ctrl+g``, ``F5``, ``Space``) as Textual names it.

    Raises:
        ValueError: it is no key, or one that terminals do not tell from another.
    """
    text = written.strip()
    if len(text) == 1:
        return text if text.isalnum() else _WORDS.get(text) or _sign(text)
    *modifiers, last = _parts(text.lower())
    key = _WORDS.get(last) or (last if len(last) == 1 and last.isalnum() else _SIGNS_OF.get(last))
    if key is None:
        near = get_close_matches(last, _WORDS, n=1, cutoff=0.6)
        hint = f', did you mean "{near[0]}"?' if near else ""
        raise ValueError(f'"{written}" is no key{hint} (such as x, +, ctrl+g, F5, Space, PgDn)')
    return _modified(written, modifiers, key)


_SIGNS_OF = {char: name for name, char in _SIGNS.items()}


def _sign(char: str) -> str:
    if not char.isprintable():
        raise ValueError("a control character is no key; write ctrl+ and a letter")
    return _textual_name(char)


def _parts(text: str) -> list[str]:
    """Return modifiers and key; ``ctrl++`` is the plus sign with ctrl."""
    if text.startswith("s-"):
        text = f"shift+{text[2:]}"
    head, plus, last = text.rpartition("+")
    if not last and head.endswith("+"):
        head, last = head[:-1], "+"
    return [*head.split("+"), last] if plus and head else [text]


def _modified(written: str, modifiers: list[str], key: str) -> str:
    unknown = [one for one in modifiers if one not in ("ctrl", "shift", "alt")]
    if unknown or len(set(modifiers)) < len(modifiers):
        raise ValueError(f'"{written}" is no key: before the last + come ctrl, shift or alt, once')
    named = [one for one in ("alt", "ctrl", "shift") if one in modifiers]
    if named == ["shift"] and len(key) == 1:
        return key.upper()
    if "ctrl" in named and key in _SIGNS and key not in _CONTROLS:
        raise ValueError(f'terminals do not send "{written}"')
    if "shift" in named and not (key in _MOVES or key == "tab" or named == ["alt", "shift"]):
        raise ValueError(f'terminals do not tell "{written}" from the key without shift')
    full = "+".join([*named, key])
    if full in _SAME:
        raise ValueError(f'terminals do not tell "{written}" from {_SAME[full]}')
    return full
