r"""A pattern of many alternatives, searched several times as fast as ``re`` would alone.

``re`` tries each alternative at each character. Here those that cannot match without certain
literals wait for one of them to be seen. Of the others those that begin alike are searched
together: of twenty that begin with ``\b`` none is tried inside of a word, and those that begin with
``^`` are tried once.
"""

import re
from collections.abc import Iterator

from supervisor.core.required import TOKEN, Literals, cost_us, required

_FLAGS = re.compile(r"\s*\(\?i\)")
_MOST_US = 2.0
"""Literals that cost more than this are not worth to be looked for."""
_FOLDED = frozenset("\u0130\u0131\u017f\u212a")
"""Letters that ``re`` takes for an i, s or k, and ``lower`` does not."""


class AnyOf:
    """A verbose pattern whose alternatives are searched for apart."""

    def __init__(self, pattern: str) -> None:
        flags = re.VERBOSE
        if (found := _FLAGS.match(pattern)) is not None:
            flags |= re.IGNORECASE
            pattern = pattern[found.end() :]
        self._ignores_case = bool(flags & re.IGNORECASE)
        groups: dict[str, list[str]] = {"^": []}
        self._awaited: list[tuple[str, re.Pattern[str]]] = []
        for alternative in _alternatives(pattern):
            beginning = _beginning(alternative)
            literals = None if beginning == "^" else self._awaits(alternative)
            if literals is None:
                groups.setdefault(beginning, []).append(alternative)
            else:
                compiled = re.compile(alternative, flags)
                self._awaited.extend((one, compiled) for one in sorted(literals))
        at_start = groups.pop("^")
        self._at_start = re.compile("|".join(at_start) or "(?!)", flags)
        self._anywhere = [re.compile("|".join(parts), flags) for parts in groups.values()]

    def found_in(self, line: str) -> bool:
        """Tell whether any alternative is found in ``line``, which has no newline."""
        if self._at_start.match(line) is not None:
            return True
        for pattern in self._anywhere:
            if pattern.search(line) is not None:
                return True
        text = line
        if self._ignores_case:
            text = line.lower()
            if not line.isascii() and not _FOLDED.isdisjoint(line):
                return any(pattern.search(line) is not None for _, pattern in self._awaited)
        for pattern in [pattern for literal, pattern in self._awaited if literal in text]:
            if pattern.search(line) is not None:
                return True
        return False

    def _awaits(self, alternative: str) -> Literals | None:
        """Return what is looked for first; None: nothing, or it would cost more than it saves."""
        found = required(alternative)
        if found is None or cost_us(found) > _MOST_US:
            return None
        return frozenset(map(str.lower, found)) if self._ignores_case else found


def _beginning(alternative: str) -> str:
    r"""Return what alternatives that are searched together have in common.

    ``re`` tests a common ``\b`` or class once, and skips to the next of several first letters.
    """
    tokens: list[str] = TOKEN.findall(alternative)
    first = tokens[0]
    if tokens[1:] and tokens[1] in {"*", "+", "?", "{"}:
        return "repeated"
    if first in {r"\b", "^", r"\s"} or (first[0] == "[" and len(first) > 1):
        return first
    return "grouped" if first in {"(", "."} else "letter" if first.isalpha() else "sign"


def _alternatives(pattern: str) -> Iterator[str]:
    """Yield the outermost alternatives of a verbose pattern, without comments."""
    depth, part = 0, ""
    for token in TOKEN.findall(pattern):
        if token == "|" and depth == 0:
            yield part.strip()
            part = ""
            continue
        depth += (token == "(") - (token == ")")
        part += "" if token[0] == "#" and len(token) > 1 else token
    yield part.strip()
