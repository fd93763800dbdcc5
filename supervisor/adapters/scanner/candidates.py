"""Turn candidate (line, rule) pairs of a fast engine into exact matches."""

import re
from collections.abc import Iterable, Sequence

from supervisor.adapters.scanner.plain import Confirmer
from supervisor.core.rules import Rule
from supervisor.ports import Match

_GAP = re.compile(r"(?<!\\)(?:\.|\[\^\\n\])\{\d+,\d*\}\??")

_OPEN_END = re.compile(r"(?<!\\)\.[*+]\??$")


def searchable(pattern: str) -> str:
    """Return a pattern that finds at least the same lines, in a form that engines do well.

    A trailing ``.*`` makes hyperscan report a match for every byte after it, and a bounded gap costs
    seconds to compile where an unbounded one costs nothing.
    """
    pattern = _GAP.sub(".*", pattern)
    while (found := _OPEN_END.search(pattern)) is not None:
        pattern = pattern[: found.start()]
    return pattern


def confirmed(
    rules: Sequence[Rule],
    confirmer: Confirmer,
    block: bytes,
    candidates: Iterable[tuple[int, int]],
) -> list[Match]:
    """Return the matches among ``candidates``: pairs of an offset in the line, and a rule's place."""
    matches: list[Match] = []
    seen: set[tuple[int, int]] = set()
    number, counted_to = 0, 0
    for offset, place in sorted(candidates):
        start = block.rfind(b"\n", 0, offset) + 1
        if (start, place) in seen:
            continue
        seen.add((start, place))
        if confirmer.confirms(place, block[start : block.find(b"\n", start)]):
            number += block.count(b"\n", counted_to, start)
            counted_to = start
            matches.append(Match(number, rules[place].id))
    return sorted(matches, key=lambda match: match.line)
