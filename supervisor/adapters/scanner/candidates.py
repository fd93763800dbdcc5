"""Turn what a fast engine reported into exact matches: line, rule, place in the line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from supervisor.adapters.scanner.confirming import Confirmer
from supervisor.core.lines import count_lines
from supervisor.core.rules import Rule
from supervisor.ports import Match


def matches_in(
    block: bytes,
    found: Iterable[tuple[int, int]],
    rules: Sequence[Rule],
    confirmer: Confirmer,
) -> list[Match]:
    """Return the matches among ``found``: pairs of where a candidate ends, and its rule's place.

    Ordered by line, then by rule; each pair once, whatever the order and number of candidates.
    """
    matches: list[Match] = []
    number = counted_to = 0
    for start, stop, ends in _by_line(block, sorted(found)):
        line = block[start:stop]
        confirmed = [place for place in ends if confirmer.confirms(place, line)]
        if not confirmed:
            continue
        number += count_lines(block[counted_to:start])
        counted_to = start
        matches.extend(
            Match(number, rules[place].id, start, ends[place] - start)
            for place in sorted(confirmed)
        )
    return matches


def _by_line(
    block: bytes, found: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, Mapping[int, int]]]:
    """Yield each line with candidates: its start, its end, and where each rule's first one ends."""
    start = stop = -1
    ends: dict[int, int] = {}
    for end, place in found:
        if end - 1 > stop:
            if ends:
                yield start, stop, ends
            ends = {}
            start = block.rfind(b"\n", 0, end - 1) + 1
            stop = block.find(b"\n", end - 1)
            stop = len(block) if stop < 0 else stop
        ends.setdefault(place, end)
    if ends:
        yield start, stop, ends
