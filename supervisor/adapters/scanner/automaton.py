"""Scanner on google-re2: for machines without a hyperscan wheel."""

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

from supervisor.adapters.scanner.candidates import confirmed, searchable
from supervisor.adapters.scanner.plain import Confirmer, PatternError
from supervisor.core.rules import Rule
from supervisor.ports import Match

# The package carries no types.
re2: Any = import_module("re2")

_AT_ONCE = 16 * 1024
"""Bytes tried together: most such pieces hold no candidate at all."""
_MEMORY = 64 << 20


class Re2Scanner:
    """One automaton over all rules says which pieces, then which lines, are worth a closer look."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._confirmer = Confirmer(self._rules)
        options = re2.Options()
        options.case_sensitive = False
        options.encoding = re2.Options.Encoding.LATIN1
        options.max_mem = _MEMORY
        options.never_capture = True
        options.log_errors = False
        self._set = re2.Set.SearchSet(options)
        for rule in self._rules:
            self._add(rule)
        if self._rules:
            self._set.Compile()

    def _add(self, rule: Rule) -> None:
        pattern = b"(?m)" + _spaces(searchable(rule.pattern)).encode()
        try:
            self._set.Add(pattern)
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
        return confirmed(self._rules, self._confirmer, block, candidates)

    def _lines(self, block: bytes, start: int, end: int) -> Iterable[tuple[int, int]]:
        while start < end:
            stop = block.find(b"\n", start)
            for place in self._set.Match(block[start:stop]) or ():
                yield start, place
            start = stop + 1


def _spaces(pattern: str) -> str:
    r"""Return ``pattern`` with ``\s`` as ``re`` means it: the vertical tab is one, too."""
    out: list[str] = []
    in_class = False
    place = 0
    while place < len(pattern):
        piece = pattern[place : place + 2] if pattern[place] == "\\" else pattern[place]
        place += len(piece)
        if piece == r"\s":
            piece = r"\s\v" if in_class else r"[\s\v]"
        elif piece == r"\S":
            piece = r"[^\s\v]"
        elif piece == "[":
            in_class = True
        elif piece == "]":
            in_class = False
        out.append(piece)
    return "".join(out)
