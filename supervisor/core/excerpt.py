"""The part of a log that a person wants to see first after a failure."""

import re
from collections.abc import Sequence

AROUND = 20
_LAST = 40
_WRAPPED = 40
"""So much of a wrapped message stands in its first row."""
_LONGEST_TRACEBACK = 400
_TRACEBACK = re.compile(r"Traceback \(most recent call last\)")


def excerpt(lines: Sequence[str], proof: str | None = None) -> tuple[str, ...]:
    """Return the whole final traceback, else ``proof`` with 20 lines around it, else the last 40.

    A traceback counts as final when ``proof`` lies in it or soon follows it, or when there is no proof.
    """
    last_proof = _last_with(lines, proof) if proof else None
    start = _traceback_start(lines)
    if start is not None and (last_proof is None or 0 <= last_proof - start < _LONGEST_TRACEBACK):
        return tuple(lines[start:][:_LONGEST_TRACEBACK])
    if last_proof is not None:
        return tuple(lines[max(0, last_proof - AROUND) : last_proof + AROUND + 1])
    return tuple(lines[-_LAST:])


def _last_with(lines: Sequence[str], proof: str) -> int | None:
    # The proof may be cut, redacted, or put together again from wrapped lines: its beginning is
    # enough to find the line again.
    whole = proof.split("[redacted]")[0].rstrip("…").strip()
    for head in dict.fromkeys((whole[:80], whole[:_WRAPPED].rpartition(" ")[0])):
        found = (n for n in range(len(lines) - 1, -1, -1) if head and head in lines[n])
        if (place := next(found, None)) is not None:
            return place
    return None


def _traceback_start(lines: Sequence[str]) -> int | None:
    """Return where the last traceback begins, with those it was raised from."""
    starts = [n for n, line in enumerate(lines) if _TRACEBACK.search(line)]
    if not starts:
        return None
    first = starts[-1]
    for earlier in reversed(starts[:-1]):
        between = lines[earlier:first]
        chained = any("During handling of" in line or "direct cause of" in line for line in between)
        if not chained:
            break
        first = earlier
    return first
