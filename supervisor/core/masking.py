"""Lines that differ only in numbers, ids and paths → what they have in common."""

import re
from collections.abc import Iterator

_KINDS: tuple[tuple[str, str, str], ...] = (
    ("url", r"[a-z][a-z+.-]{1,12}://[^\s'\"<>)\]]+", r"\S+"),
    ("secret", r"\[redacted\]", r"\S+"),
    (
        "id",
        r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F-]{14,}"
        r"|\b[a-z]{2,12}[_-](?=[A-Za-z]*\d)[A-Za-z0-9]{6,}\b",
        r"\S+",
    ),
    ("time", r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?[\d.,]*(?:Z|[+-]\d\d:?\d\d)?", r"\S+.{0,30}"),
    ("path", r"(?<![\w.])(?:~|\.{1,2})?(?:/[\w.@%+=:~-]+){2,}/?", r"\S+"),
    ("hex", r"0x[0-9a-fA-F]+|\b(?=[0-9a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,}\b", r"\w+"),
    ("n", r"\d+(?:[.,]\d+)*", r"[\d.,]+"),
)
"""What varies: its name, how it looks, and the pattern that stands for it in a rule."""
_VARYING = re.compile("|".join(f"(?P<{name}>{looks})" for name, looks, _ in _KINDS))
_STANDS = {name: pattern for name, _, pattern in _KINDS}
_SPECIAL = re.compile(r"[\\^$.|?*+()\[\]{}]")
_LONGEST = 160
"""Characters of a line that a pattern is made of; what follows is seldom the same twice."""
_WORD = re.compile(r"[A-Za-z][a-z]*|[A-Z]+")


def masked(line: str) -> str:
    """Return ``line`` with what varies replaced by its kind: ``<n>``, ``<path>``, ``<id>``, …"""
    return "".join(f"<{kind}>" if kind else text for kind, text in _pieces(line))


def pattern_of(line: str) -> str:
    """Return a regular expression that finds ``line`` and lines that differ only in what varies.

    It is of the form that rules take: no look-around, nothing that only Python understands.
    """
    parts: list[str] = []
    left = _LONGEST
    for kind, text in _pieces(line):
        if left <= 0:
            break
        parts.append(_STANDS[kind] if kind else _SPECIAL.sub(r"\\\g<0>", text[:left]))
        left -= len(text)
    while parts and parts[-1] in _STANDS.values():
        parts.pop()
    return "".join(parts).strip()


def name_of(line: str) -> str:
    """Return a short name for a rule about ``line``: its first telling words, joined by hyphens."""
    plain = "".join(text if not kind else " " for kind, text in _pieces(line))
    words = [word.lower() for word in _WORD.findall(plain) if len(word) > 2]
    return "-".join(words[:4])[:40].strip("-") or "line"


def _pieces(line: str) -> Iterator[tuple[str, str]]:
    """Yield ``line`` in pieces, each with its kind; text that does not vary has none."""
    done = 0
    for found in _VARYING.finditer(line):
        if found.start() > done:
            yield "", line[done : found.start()]
        yield found.lastgroup or "", found.group()
        done = found.end()
    if done < len(line):
        yield "", line[done:]
