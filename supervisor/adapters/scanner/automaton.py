"""Scanner on google-re2: for machines without a hyperscan wheel."""

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

from supervisor.adapters.scanner.candidates import matches_in
from supervisor.adapters.scanner.confirming import Confirmer, Span, linear_finder, options
from supervisor.adapters.scanner.plain import PatternError
from supervisor.adapters.scanner.portable import portable
from supervisor.core.lines import has_controls
from supervisor.core.rules import Rule
from supervisor.ports import Match

# The package carries no types.
re2: Any = import_module("re2")

_AT_ONCE = 16 * 1024
"""Bytes tried together: most such pieces hold no candidate at all."""
_LONG = 2000
"""In a line of more bytes the place of a match is looked up: only its surroundings are judged."""
_MEMORY = 64 << 20


class Re2Scanner:
    """One automaton over all rules says which pieces, then which lines, are worth a closer look."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._confirmer = Confirmer(self._rules)
        self._spans: dict[int, Span | None] = {}
        self._set = re2.Set.SearchSet(options(re2, _MEMORY))
        for rule in self._rules:
            self._add(rule)
        if self._rules:
            self._set.Compile()

    def _add(self, rule: Rule) -> None:
        pattern = f"(?m){portable(rule.pattern, cased_bytes=True).search}"
        try:
            self._set.Add(pattern.encode())
        except re2.error as error:
            raise PatternError(f"{rule.id}: {error}") from error

    def scan(self, block: bytes) -> Sequence[Match]:
        r"""Look at whole lines (each ends with ``\n``) and return every (line, rule), ordered."""
        candidates: list[tuple[int, int]] = []
        start = 0
        while self._rules and start < len(block):
            end = block.rfind(b"\n", start, start + _AT_ONCE) + 1 or block.find(b"\n", start) + 1
            if self._set.Match(block[start:end]):
                candidates.extend(self._lines(block, start, end))
            start = end
        return matches_in(block, candidates, self._rules, self._confirmer)

    def has_controls(self, block: bytes) -> bool:
        """Tell whether there is anything to clean in ``block``."""
        return has_controls(block)

    def _lines(self, block: bytes, start: int, end: int) -> Iterable[tuple[int, int]]:
        while start < end:
            stop = block.find(b"\n", start)
            line = block[start:stop]
            for place in self._set.Match(line) or ():
                yield (stop if len(line) < _LONG else start + self._end(place, line)), place
            start = stop + 1

    def _end(self, place: int, line: bytes) -> int:
        """Return where a match ends, which a set does not tell."""
        if place not in self._spans:
            self._spans[place] = linear_finder(self._rules[place].pattern)
        find = self._spans[place]
        found = find(line) if find else None
        return found[1] if found else len(line)
