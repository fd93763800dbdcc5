"""Regular expressions that are compiled when they are first needed: large ones take milliseconds."""

import re
from collections.abc import Iterator


class Pattern:
    """Behaves as ``re.compile(text, flags)`` does, and costs nothing until it is used."""

    __slots__ = ("_compiled", "_flags", "_text")

    def __init__(self, text: str, flags: int = 0) -> None:
        self._text = text
        self._flags = flags
        self._compiled: re.Pattern[str] | None = None

    @property
    def compiled(self) -> re.Pattern[str]:
        """Return the compiled expression."""
        if self._compiled is None:
            self._compiled = re.compile(self._text, self._flags)
        return self._compiled

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """Return the match that begins at ``start``, or None."""
        return self.compiled.match(text, start)

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match, or None."""
        return self.compiled.search(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Return the match of all of ``text``, or None."""
        return self.compiled.fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield all matches, from left to right."""
        return self.compiled.finditer(text)
