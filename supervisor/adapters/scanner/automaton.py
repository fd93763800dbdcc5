"""Scanner on google-re2: for machines without a hyperscan wheel."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

from supervisor.adapters.scanner.confirming import Span, linear_finder, options
from supervisor.adapters.scanner.plain import PatternError
from supervisor.adapters.scanner.portable import portable
from supervisor.core.lines import has_controls
from supervisor.core.rules import Rule
from supervisor.ports import Match

# The package carries no types.
re2: Any = import_module("re2")

_LONG = 2000
"""In a line of more bytes the place of a match is looked up: only its surroundings are judged."""
_MEMORY = 16 << 20
"""Of each rule's automaton, at most."""
_CANARY = b"\x01canary\x01"
_Find = Callable[[bytes], Sequence[int] | None]


class Re2Scanner:
    """Looks for the literals of all rules first; only rules whose literals a line has search it.

    Line by line: over several lines an automaton meets many more combinations of rules, and one
    automaton for all of them is made anew for ever.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._spans: dict[int, Span | None] = {}
        self._filters = tuple(_filters(self._rules, 0)) if self._rules else ()

    def scan(self, block: bytes) -> Sequence[Match]:
        r"""Look at whole lines (each ends with ``\n``) and return every (line, rule), ordered."""
        matches: list[Match] = []
        start = 0
        for number, line in enumerate(block.split(b"\n")[:-1]):
            for first, find in self._filters:
                for place in find(line) or ():
                    rule = self._rules[first + place].id
                    matches.append(Match(number, rule, start, self._end(first + place, line)))
            start += len(line) + 1
        return matches

    def has_controls(self, block: bytes) -> bool:
        """Tell whether there is anything to clean in ``block``."""
        return has_controls(block)

    def _end(self, place: int, line: bytes) -> int:
        """Return where a match ends, which a filter does not tell."""
        if len(line) < _LONG:
            return len(line)
        if place not in self._spans:
            self._spans[place] = linear_finder(self._rules[place].pattern)
        find = self._spans[place]
        found = find(line) if find else None
        return found[1] if found else len(line)


def _filters(rules: Sequence[Rule], first: int) -> Iterator[tuple[int, _Find]]:
    """Yield what finds the places of the rules that a line matches, counted from ``first``.

    Raises:
        PatternError: re2 refuses a pattern.
    """
    made = re2.Filter()
    how = options(re2, _MEMORY)
    for rule in rules:
        try:
            made.Add(portable(rule.pattern, cased_bytes=True).exact.encode(), how)
        except re2.error as error:
            raise PatternError(f"{rule.id}: {error}") from error
    if _is_ready(made, len(rules)):
        yield first, made.Match
    elif len(rules) == 1:
        raise PatternError(f"{rules[0].id}: takes too much memory")
    else:
        half = len(rules) // 2
        yield from _filters(rules[:half], first)
        yield from _filters(rules[half:], first + half)


def _is_ready(made: Any, count: int) -> bool:
    """Tell whether the literals of so many rules fit into the memory that re2 takes for them.

    While searching it would say nothing of it, and find nothing.
    """
    made.Add(_CANARY, options(re2, _MEMORY))
    try:
        made.Compile()
    except re2.error:
        return False
    return bool(made.Match(_CANARY) == [count])
