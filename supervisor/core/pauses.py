"""The pauses of a limit, one by one: what a night's limits cost, over time."""

from dataclasses import dataclass, replace
from itertools import pairwise

MOST = 100
"""So many pauses of a limit are remembered, the last ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A limit held from ``since`` to ``ended_at`` (Unix seconds)."""

    number: int
    """Which pause of the limit it was, counted from 1."""
    since: float
    ended_at: float
    total_s: float
    """Seconds of tasks that the limit had cost by its end, this and all earlier pauses together."""
    reason: str


def ended(known: tuple[Pause, ...], pause: Pause) -> tuple[Pause, ...]:
    """Return ``known`` with the pause that ends now; one that went on after a check stays one."""
    if known and known[-1].number == pause.number:
        return (*known[:-1], replace(pause, since=known[-1].since))
    return (*known, pause)[-MOST:]


def lost_s(known: tuple[Pause, ...]) -> tuple[tuple[Pause, float | None], ...]:
    """Return each pause with the seconds of tasks that it cost by itself, the oldest first.

    None: nobody remembers the pauses before it.
    """
    if not known:
        return ()
    first = known[0].total_s if known[0].number == 1 else None
    others = (after.total_s - before.total_s for before, after in pairwise(known))
    return tuple(zip(known, (first, *others), strict=True))
