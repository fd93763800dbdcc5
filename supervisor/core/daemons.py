"""The container engine goes away and comes back: launches wait, and nobody has failed."""

from dataclasses import replace

from supervisor.core import holds
from supervisor.core.batch import Free, Holding
from supervisor.core.draft import Draft
from supervisor.core.events import DaemonChanged
from supervisor.core.phase import WAITING
from supervisor.core.wish import DOCKER
from supervisor.core.wording import plural


def changed(draft: Draft, event: DaemonChanged) -> None:
    """Hold all container tasks while the engine does not answer; let them go on when it does."""
    limit = draft.limits.get(DOCKER)
    if limit is None:
        return
    phase = limit.phase
    if event.reason is None:
        if isinstance(phase, Holding) and phase.outage:
            _released(draft, phase)
    elif not (isinstance(phase, Holding) and phase.needs_operator):
        away = Holding(since=draft.now, until=None, reason=event.reason, outage=True)
        holds.hold(draft, limit, away, goes_on=isinstance(phase, Holding))


def _released(draft: Draft, phase: Holding) -> None:
    """That it answers is proof enough: no task has to try it out."""
    limit = draft.limits[DOCKER]
    held = [draft.tasks[id_] for _, id_ in draft.held[DOCKER]]
    draft.put_limit(
        replace(
            limit,
            phase=Free(),
            holds=0,
            released_at=draft.now,
            waited_s=limit.waited_s + max(0.0, draft.now - phase.since),
        )
    )
    for task in held:
        draft.put(replace(task, phase=WAITING, priority=min(task.priority, -1)))
    text = f"the container engine answers again ({plural(len(held), 'task')} held)"
    draft.record("release", DOCKER, text)
