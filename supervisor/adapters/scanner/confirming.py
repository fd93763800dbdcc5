"""Say exactly whether one line matches one rule; in linear time where google-re2 is there."""

import re
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from supervisor.adapters.scanner.portable import portable
from supervisor.core.rules import Rule

Search = Callable[[bytes], object]
"""Returns something true if a line matches."""
Span = Callable[[bytes], tuple[int, int] | None]
"""Returns where the first match in a line begins and ends."""
_MEMORY = 16 << 20


class Confirmer:
    """Decides about candidates; patterns are compiled when first needed."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._searches: dict[int, Search | None] = {}

    def confirms(self, place: int, line: bytes) -> bool:
        """Tell whether rule number ``place`` is found in ``line`` (without its newline)."""
        try:
            search = self._searches[place]
        except KeyError:
            pattern = self._rules[place].pattern
            search = None if portable(pattern).certain else searcher(pattern)
            self._searches[place] = search
        return search is None or bool(search(line))


def searcher(pattern: str) -> Search:
    """Return what searches lines for ``pattern``: re2, which never hangs, or else ``re``."""
    linear = linear_searcher(pattern)
    return linear or re.compile(pattern.encode(), re.IGNORECASE).search


def linear_searcher(pattern: str) -> Search | None:
    """Return what searches lines in linear time, or None: re2 is missing or refuses ``pattern``."""
    re2 = _re2()
    if re2 is None:
        return None
    made = re2.Set.SearchSet(options(re2, _MEMORY))
    try:
        made.Add(portable(pattern, cased_bytes=True).exact.encode())
    except re2.error:
        return None
    made.Compile()
    match: Search = made.Match
    return match


def linear_finder(pattern: str) -> Span | None:
    """Return what finds a match in linear time, or None: re2 is missing or refuses ``pattern``."""
    re2 = _re2()
    if re2 is None or re2_problem(pattern) is not None:
        return None
    text = portable(pattern, cased_bytes=True).exact.encode()
    made = re2.compile(text, options(re2, _MEMORY, spans=True))

    def span(line: bytes) -> tuple[int, int] | None:
        found = made.search(line)
        return None if found is None else found.span()

    return span


def re2_problem(pattern: str) -> str | None:
    """Return why re2 refuses ``pattern``, an empty text if it is missing, None if it takes it."""
    re2 = _re2()
    if re2 is None:
        return ""
    try:
        text = portable(pattern, cased_bytes=True).exact.encode()
        re2.compile(text, options(re2, _MEMORY, spans=True))
    except re2.error as error:
        words = error.args[0] if error.args else ""
        return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return None


def _re2() -> Any:
    """Return the package, which carries no types, or None."""
    try:
        return import_module("re2")
    except ImportError:
        return None


def options(re2: Any, memory: int, *, spans: bool = False) -> Any:
    """Return how patterns are read: as bytes, without regard to case; ``spans`` tells places."""
    made = re2.Options()
    made.case_sensitive = False
    made.encoding = re2.Options.Encoding.LATIN1
    made.max_mem = memory
    made.never_capture = not spans
    made.log_errors = False
    return made
