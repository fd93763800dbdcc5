"""Whether a living runner may go on with its limits, for those that ask before they use them."""

from collections.abc import Mapping

from supervisor.core.batch import Checking, Holding, Limit, Probing
from supervisor.core.draft import View
from supervisor.core.models import TaskId
from supervisor.core.redact import redact

SOON_S = 30.0
"""So long a probe that has not begun yet is given."""


def standing(view: View, task: TaskId, now: float) -> Mapping[str, object]:
    """Return how the limits of ``task`` stand: the document of ``/v1/standing``.

    ``until`` is when the last of those that hold lets go (Unix seconds); None where nobody knows.
    ``released_at`` is when one of them last let go. While one task is tried the others wait for its
    news. Nothing waits for a probe that is to be
    launched yet: it may need the very slot of whoever asks.
    """
    found = [
        one
        for name in view.specs[task].limits
        if (one := _holds(view.limits[name], task, now)) is not None
    ]
    ends = [until for until, _ in found]
    last = max(found, key=lambda one: (one[0] is None, one[0] or 0.0), default=None)
    limit = None if last is None else last[1]
    return {
        "task": task,
        "holds": bool(found),
        "until": None if None in ends else max((at for at in ends if at is not None), default=None),
        "limit": None if limit is None else limit.name,
        "reason": None if limit is None else redact(_reason(limit)),
        "needs_you": any(
            isinstance(one.phase, Holding) and one.phase.needs_operator for _, one in found
        ),
        "released_at": max(
            (view.limits[name].released_at for name in view.specs[task].limits), default=0.0
        ),
    }


def _holds(limit: Limit, task: TaskId, now: float) -> tuple[float | None, Limit] | None:
    """Return until when the limit holds the task back, and the limit; None: it does not."""
    match limit.phase:
        case Holding(until=until):
            return until, limit
        case Checking():
            return None, limit
        case Probing(probe=(str() as probe), passes_at=passes_at) if probe != task:
            return (now + SOON_S if passes_at is None else passes_at), limit
        case _:
            return None


def _reason(limit: Limit) -> str:
    phase = limit.phase
    return phase.reason if isinstance(phase, Holding | Checking | Probing) else ""
