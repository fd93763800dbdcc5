"""Which rules are found in which lines, with nothing but ``re``."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from supervisor.core.rules import Rule


@dataclass(frozen=True, slots=True)
class Match:
    """A rule was found in a line."""

    line: int
    """From 0, in the block."""
    rule: str
    start: int
    """Where the line begins in the block."""
    at: int
    """Where the match ends in the line, in bytes."""


class LineScanner:
    """Tries every rule on every line; finds what the supervisor's scanners find."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = [
            (rule.id, re.compile(rule.pattern.encode(), re.IGNORECASE)) for rule in rules
        ]

    def scan(self, block: bytes) -> Sequence[Match]:
        r"""Look at whole lines (each ends with ``\n``) and return every line and rule, ordered."""
        return list(self._matches(block))

    def _matches(self, block: bytes) -> Iterator[Match]:
        start = 0
        for number, line in enumerate(block.split(b"\n")[:-1]):
            for rule, pattern in self._rules:
                found = pattern.search(line)
                if found is not None:
                    yield Match(number, rule, start, found.end())
            start += len(line) + 1
