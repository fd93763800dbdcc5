"""Many small pieces of many logs, scanned as one: nearly all of them mean nothing.

A scan of its own for each line, with all that goes with it, takes several times as long.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from supervisor.core.glance import Found
from supervisor.core.lines import CONTROLS, count_lines

SMALL = 4096
"""Bytes of a piece beyond which nothing is won."""


def meaningless(blocks: Sequence[bytes], found: Found) -> list[bool]:
    """Return for each block of whole lines whether it is clean and no rule is found in it."""
    joined = b"".join(blocks)
    if len(joined.translate(None, CONTROLS)) != len(joined):
        return _among_others(blocks, found)
    hits = found(joined)
    quiet = [True] * len(blocks)
    if hits:
        ends = list(accumulate(map(count_lines, blocks)))
        for hit in hits:
            quiet[bisect_right(ends, hit.line)] = False
    return quiet


def _among_others(blocks: Sequence[bytes], found: Found) -> list[bool]:
    """Sift the clean ones apart from those with colours, progress bars and the like."""
    clean = [len(block.translate(None, CONTROLS)) == len(block) for block in blocks]
    sifted = iter(meaningless([b for b, ok in zip(blocks, clean, strict=True) if ok], found))
    return [ok and next(sifted) for ok in clean]
