"""An attempt's way from its start to what its end means for the task."""

from dataclasses import replace
from typing import Literal

from supervisor.core import limits, paging
from supervisor.core.backoff import timeout_s
from supervisor.core.batch import Task
from supervisor.core.draft import Draft
from supervisor.core.effects import FreezeAttempt, StopAttempt, ThawAttempt
from supervisor.core.events import ActivityChanged, ReachChanged, Started
from supervisor.core.facets import LIVE
from supervisor.core.models import ErrorClass, TaskId
from supervisor.core.phase import (
    WAITING,
    BackingOff,
    Ending,
    Frozen,
    Live,
    Running,
    Starting,
    Unreachable,
    Waiting,
)
from supervisor.core.policy import GRACE_S
from supervisor.core.stillness import patience_s, told
from supervisor.core.wording import span

Then = Literal["retry", "again", "cancel"]


def current(draft: Draft, id_: TaskId, attempt: int) -> tuple[Task, Live] | None:
    """Return the task and its live phase; None if that attempt is over or never was."""
    task = draft.tasks.get(id_)
    if task is None or not isinstance(task.phase, LIVE) or task.phase.attempt != attempt:
        return None
    return task, task.phase


def started(draft: Draft, event: Started) -> None:
    """Take in that an attempt is alive, newly or still."""
    found = current(draft, event.task, event.attempt)
    if found is None:
        return
    task, phase = found
    match phase:
        case Starting() | Unreachable(pid=None):
            since = max(phase.since, event.started_at)
            draft.put(replace(task, phase=_running(draft, task, phase, since, event.pid)))
            limits.started(draft, draft.specs[task.id], since)
        case Unreachable():
            draft.put(replace(task, phase=_reached(phase, event.pid)))
        case _ if phase.pid != event.pid:
            draft.put(replace(task, phase=replace(phase, pid=event.pid)))
        case _:
            pass


def reach_changed(draft: Draft, event: ReachChanged) -> None:
    """Take in that a backend cannot say what an attempt does, or can again. No failure either way."""
    found = current(draft, event.task, event.attempt)
    if found is None:
        return
    task, phase = found
    if event.reason is None:
        if isinstance(phase, Unreachable):
            draft.put(replace(task, phase=_reached(phase, phase.pid)))
            draft.record("reach", task.id, "reachable again")
            paging.reached(draft)
    elif isinstance(phase, Starting | Running):
        lost = Unreachable(
            attempt=phase.attempt,
            since=phase.since,
            slot=phase.slot,
            reason=event.reason,
            unreachable_at=draft.now,
            pid=phase.pid if isinstance(phase, Running) else None,
            deadline=phase.deadline if isinstance(phase, Running) else None,
            ending=phase.ending,
        )
        draft.put(replace(task, phase=lost))
        draft.record("reach", task.id, f"cannot be reached: {event.reason}")
        paging.unreachable(draft)


def activity_changed(draft: Draft, event: ActivityChanged) -> None:
    """Take in that all signs of life stopped or came back; silence is marked when it lasts."""
    found = current(draft, event.task, event.attempt)
    match found:
        case (task, Running(quiet_since=None) as phase) if event.quiet_since is not None:
            spec = draft.specs[task.id]
            patience = patience_s(draft.group_specs[spec.group], spec, draft.head)
            phase = replace(
                phase,
                quiet_since=event.quiet_since,
                stall_at=event.quiet_since + patience,
                quiet_signals=event.signals,
                quiet_said=event.said,
            )
        case (task, Running(quiet_since=float() | int()) as phase) if event.quiet_since is None:
            phase = replace(phase, quiet_since=None, stall_at=None, quiet_signals=(), quiet_said="")
        case _:
            return
    draft.put(replace(task, phase=phase))


def due(draft: Draft, id_: TaskId) -> None:
    """Do what the task's deadline asks for."""
    task = draft.tasks[id_]
    match task.phase:
        case BackingOff():
            draft.put(replace(task, phase=WAITING))
        case Waiting():
            draft.put(replace(task, phase=WAITING))
            draft.record("due", id_, "its time has come")
        case Running(deadline=(float() | int()) as deadline) as phase if deadline <= draft.now:
            allowed_s = deadline - phase.since
            stop(draft, task, ErrorClass.TIMEOUT, f"ran longer than {span(allowed_s)}", "retry")
        case Running(quiet_since=(float() | int()) as quiet_since) as phase:
            _stalled(draft, replace(task, phase=replace(phase, stall_at=None)), phase, quiet_since)
        case _:
            raise AssertionError(f"{id_} has no deadline: {task.phase}")


def _stalled(draft: Draft, task: Task, phase: Running, quiet_since: float) -> None:
    """Mark the silence; where the batch file wants it, stop the attempt and try again."""
    signals = f" ({told(phase.quiet_signals)})" if phase.quiet_signals else ""
    said = f": {phase.quiet_said}" if phase.quiet_said else ""
    cause = f"no sign of life for {span(draft.now - quiet_since)}{signals}{said}"
    draft.put(task)
    draft.record("stall", task.id, cause)
    if draft.policy(task.id).stall.action == "restart":
        stop(draft, task, ErrorClass.STALLED, cause, "retry")


def stop(draft: Draft, task: Task, error_class: ErrorClass, cause: str, then: Then) -> None:
    """Order the task's live attempt to stop, and note what follows its end.

    An attempt that is being stopped already only gets another sequel where that is for good.
    """
    phase = task.phase
    if not isinstance(phase, LIVE):
        raise AssertionError(f"{task.id} has no attempt to stop: {phase}")
    if phase.ending is not None and (then != "cancel" or phase.ending.then == "cancel"):
        return
    ending = Ending(error_class=error_class, cause=cause, since=draft.now, then=then)
    draft.put(replace(task, phase=replace(phase, ending=ending)))
    draft.record("stop", task.id, cause)
    draft.effects.append(
        StopAttempt(task=task.id, attempt=phase.attempt, grace_s=GRACE_S, reason=cause)
    )


def freeze(draft: Draft, task: Task, phase: Running) -> None:
    """Stop the attempt in mid-run; its clocks stand still."""
    frozen = Frozen(
        attempt=phase.attempt,
        since=phase.since,
        slot=phase.slot,
        frozen_at=draft.now,
        pid=phase.pid,
        left_s=None if phase.deadline is None else max(0.0, phase.deadline - draft.now),
        ending=phase.ending,
    )
    draft.put(replace(task, phase=frozen))
    draft.effects.append(FreezeAttempt(task=task.id, attempt=phase.attempt))


def thaw(draft: Draft, task: Task, phase: Frozen) -> None:
    """Let the attempt run on with what was left of its time."""
    running = Running(
        attempt=phase.attempt,
        since=phase.since,
        slot=phase.slot,
        pid=phase.pid,
        deadline=None if phase.left_s is None else draft.now + phase.left_s,
        ending=phase.ending,
    )
    draft.put(replace(task, phase=running))
    draft.effects.append(ThawAttempt(task=task.id, attempt=phase.attempt))


def _running(
    draft: Draft, task: Task, phase: Starting | Unreachable, since: float, pid: int | None
) -> Running:
    allowed_s = timeout_s(draft.policy(task.id).timeout, task.timeouts)
    return Running(
        attempt=phase.attempt,
        since=since,
        slot=phase.slot,
        pid=pid,
        deadline=None if allowed_s is None else since + allowed_s,
        ending=phase.ending,
    )


def _reached(phase: Unreachable, pid: int | None) -> Running:
    return Running(
        attempt=phase.attempt,
        since=phase.since,
        slot=phase.slot,
        pid=pid,
        deadline=phase.deadline,
        ending=phase.ending,
    )
