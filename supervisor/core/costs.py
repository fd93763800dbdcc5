"""What limits have cost a batch: pauses, time, and the time of tasks."""

from collections.abc import Iterator
from dataclasses import dataclass

from supervisor.core.batch import Holding, Limit
from supervisor.core.board import LimitCost
from supervisor.core.draft import View
from supervisor.core.pauses import Pause, ended, lost_s


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseCost:
    """One pause of a limit; ``ended_at`` (Unix seconds) is None while it lasts."""

    limit: str
    since: float
    ended_at: float | None
    waited_s: float
    lost_s: float | None
    """Seconds of attempts that ended on it, and that their tasks were held; None: unknown."""
    reason: str


def costs(view: View, now: float) -> tuple[LimitCost, ...]:
    """Return what each limit that has held has cost by ``now``; a hold that lasts counts so far."""
    return tuple(_cost(view, limit, now) for limit in view.limits.values() if limit.pause_count)


def pauses(view: View, now: float) -> tuple[PauseCost, ...]:
    """Return the pauses of all limits by ``now``, in the order in which they began."""
    found = [one for limit in view.limits.values() for one in _pauses(view, limit, now)]
    return tuple(sorted(found, key=lambda one: (one.since, one.limit)))


def _pauses(view: View, limit: Limit, now: float) -> Iterator[PauseCost]:
    known, lasting = limit.pauses, isinstance(limit.phase, Holding)
    if isinstance(limit.phase, Holding):
        so_far = Pause(
            number=limit.pause_count,
            since=limit.phase.since,
            ended_at=now,
            total_s=_cost(view, limit, now).lost_s,
            reason=limit.phase.reason,
        )
        known = ended(known, so_far)
    for pause, spent_s in lost_s(known):
        yield PauseCost(
            limit=limit.name,
            since=pause.since,
            ended_at=None if lasting and pause is known[-1] else pause.ended_at,
            waited_s=max(0.0, pause.ended_at - pause.since),
            lost_s=spent_s,
            reason=pause.reason,
        )


def _cost(view: View, limit: Limit, now: float) -> LimitCost:
    since = limit.phase.since if isinstance(limit.phase, Holding) else now
    running_s = max(0.0, now - since)
    return LimitCost(
        limit=limit.name,
        pauses=limit.pause_count,
        waited_s=limit.waited_s + running_s,
        # As if all had been held since it began: exact when it is over.
        lost_s=limit.lost_s + running_s * len(view.held[limit.name]),
    )
