"""What limits have cost a batch: pauses, time, and the time of tasks."""

from supervisor.core.batch import Holding, Limit
from supervisor.core.board import LimitCost
from supervisor.core.draft import View


def costs(view: View, now: float) -> tuple[LimitCost, ...]:
    """Return what each limit that has held has cost by ``now``; a hold that lasts counts so far."""
    return tuple(_cost(view, limit, now) for limit in view.limits.values() if limit.pause_count)


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
