"""Servers that fail one task after another: their limit waits that out, not each task by itself.

One failed server costs its task an attempt. Two tasks in a row, soon after each other and with no
success between, are an outage: whatever is launched into it is wasted, and would use up the
attempts of tasks with nothing wrong. A task that is alone on its limit is believed once, where a
preflight can tell.
"""

from dataclasses import replace

from supervisor.core.batch import Free, Holding, Limit, Probing, Task
from supervisor.core.draft import Draft
from supervisor.core.models import ErrorClass, TaskId, TaskSpec
from supervisor.core.wish import DOCKER

CLASSES = frozenset({ErrorClass.SERVER_ERROR, ErrorClass.NETWORK})
TASKS = 2
"""So many tasks in a row."""
WITHIN_S = 120.0
"""No longer apart than this."""
_PATIENCE_S = 100.0
"""A runner that has gone on for so long is not merely trying again."""
_OTHERS_S = 1800.0
"""For how long it is remembered that the servers answer others."""


def failed(draft: Draft, spec: TaskSpec, error_class: ErrorClass, started_at: float) -> bool:
    """Take in an end of one of ``CLASSES``; tell whether it belongs to an outage of a limit."""
    if error_class not in CLASSES:
        return False
    known = [
        _failed(draft, draft.limits[name], spec, started_at)
        for name in spec.limits
        if name != DOCKER
    ]
    return any(known)


def answered(draft: Draft, spec: TaskSpec) -> None:
    """Take in that an attempt succeeded: its limits' servers answer."""
    for name in spec.limits:
        limit = draft.limits[name]
        if limit.failing:
            draft.put_limit(replace(limit, failing=()))


def lived_through(draft: Draft, limit: Limit, hold: Holding) -> bool:
    """Tell whether attempts ran on through the hold: then only some of what the servers do fails."""
    lasted = draft.now - hold.since >= _PATIENCE_S
    return hold.outage and lasted and draft.live_by_limit[limit.name] > 0


def over_for_others(draft: Draft, limit: Limit) -> Limit:
    """Return the limit free again; what fails from here on fails by itself, for a while."""
    return replace(limit, phase=Free(), holds=0, failing=(), answers_until=draft.now + _OTHERS_S)


def _failed(draft: Draft, limit: Limit, spec: TaskSpec, started_at: float) -> bool:
    match limit.phase:
        case Holding():
            return True
        case Probing(probe=spec.id) if limit.failing:
            draft.put_limit(replace(limit, failing=_with(limit.failing, spec)))
            return True
        case _:
            pass
    if started_at < limit.released_at or draft.now < limit.answers_until:
        return False
    alone = _asks(draft, limit) and spec.id not in limit.failing
    lately = limit.failing if draft.now - limit.failing_at <= WITHIN_S else ()
    failing = _with(lately, spec)
    draft.put_limit(replace(limit, failing=failing, failing_at=draft.now))
    return alone or len(failing) == TASKS


def _with(failing: tuple[TaskId, ...], spec: TaskSpec) -> tuple[TaskId, ...]:
    """Return the last tasks that failed, this one as the newest."""
    return (*(id_ for id_ in failing if id_ != spec.id), spec.id)[-TASKS:]


def place_after(limit: Limit, hold: Holding, task: Task) -> int:
    """Return the priority of a task that was held: before the others, but for the last to fail.

    That one goes behind all: what fails whenever it is tried would otherwise be tried first each
    time, and hold the whole account back for its own sake. With the number of pauses as its
    place it stands behind those that failed before it, so that all have their turn.
    """
    if hold.outage and limit.failing[-1:] == (task.id,):
        return max(task.priority, limit.pause_count)
    return min(task.priority, -1)


def _asks(draft: Draft, limit: Limit) -> bool:
    """Tell whether a preflight can say what no second task can: nobody else runs on the limit."""
    preflight = draft.limit_specs[limit.name].preflight
    return preflight is not None and draft.live_by_limit[limit.name] <= 1
