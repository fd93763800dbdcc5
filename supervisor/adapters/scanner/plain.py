"""The scanner that needs nothing but ``re``; it defines what the others must find."""

import re
from collections.abc import Iterable, Iterator, Sequence

from supervisor.core.lines import has_controls
from supervisor.core.rules import Rule
from supervisor.ports import Match


class PatternError(ValueError):
    """A pattern is beyond this engine."""


def compiled(rule: Rule) -> re.Pattern[bytes]:
    """Return the rule's pattern for bytes: letters without regard to case, classes are ASCII."""
    return re.compile(rule.pattern.encode(), re.IGNORECASE)


class ReScanner:
    """Tries every rule on every line: right and slow."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = [(rule.id, compiled(rule)) for rule in rules]

    def scan(self, block: bytes) -> Sequence[Match]:
        r"""Look at whole lines (each ends with ``\n``) and return every (line, rule), ordered."""
        return list(self._matches(block))

    def has_controls(self, block: bytes) -> bool:
        """Tell whether there is anything to clean in ``block``."""
        return has_controls(block)

    def _matches(self, block: bytes) -> Iterator[Match]:
        start = 0
        for number, line in enumerate(block.split(b"\n")[:-1]):
            for rule, pattern in self._rules:
                found = pattern.search(line)
                if found is not None:
                    yield Match(number, rule, start, found.end())
            start += len(line) + 1
