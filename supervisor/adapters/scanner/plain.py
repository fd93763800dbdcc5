"""The scanner that needs nothing but ``re``; it defines what the others must find."""

import re
from collections.abc import Iterable, Sequence

from supervisor.core.rules import Rule
from supervisor.ports import Match


class PatternError(ValueError):
    """A pattern is beyond this engine."""


def compiled(rule: Rule) -> re.Pattern[bytes]:
    """Return the rule's pattern for bytes: letters without regard to case, classes are ASCII."""
    return re.compile(rule.pattern.encode(), re.IGNORECASE)


class Confirmer:
    """Says exactly whether a line matches a rule; patterns are compiled when first needed."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._patterns: dict[int, re.Pattern[bytes]] = {}

    def confirms(self, place: int, line: bytes) -> bool:
        """Tell whether rule number ``place`` is found in ``line`` (without its newline)."""
        pattern = self._patterns.get(place)
        if pattern is None:
            pattern = self._patterns[place] = compiled(self._rules[place])
        return pattern.search(line) is not None


class ReScanner:
    """Tries every rule on every line: right and slow."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = [(rule.id, compiled(rule)) for rule in rules]

    def scan(self, block: bytes) -> Sequence[Match]:
        r"""Look at whole lines (each ends with ``\n``) and return every (line, rule), ordered."""
        return [
            Match(number, rule)
            for number, line in enumerate(block.split(b"\n")[:-1])
            for rule, pattern in self._rules
            if pattern.search(line)
        ]
