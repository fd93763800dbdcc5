"""Why a task is where it is, in plain words."""

from dataclasses import replace
from typing import assert_never

from supervisor.core import inner, ladder
from supervisor.core.batch import Incident, Task
from supervisor.core.blocks import limit_reason, task_reasons
from supervisor.core.draft import View
from supervisor.core.facets import FINAL
from supervisor.core.models import AttemptRecord, TaskId
from supervisor.core.outcome import told
from supervisor.core.phase import (
    Aborted,
    BackingOff,
    Cancelled,
    Ending,
    Failed,
    Frozen,
    Held,
    Running,
    Starting,
    Succeeded,
    Unreachable,
    Waiting,
)
from supervisor.core.stale import said as stale_words
from supervisor.core.stillness import told as missed
from supervisor.core.told import Told
from supervisor.core.told import lines as lines_of
from supervisor.core.wording import span


def why(view: View, id_: TaskId, now: float, said: Told | None = None) -> tuple[str, ...]:
    """Return what the task waits for and until when, then each attempt so far. Never empty.

    ``said`` is what its living attempt says of itself.
    """
    history = (line for record in view.tasks[id_].history for line in _attempt(record, now))
    return (*standing(view, id_, now, said), *history)


def standing(view: View, id_: TaskId, now: float, said: Told | None = None) -> tuple[str, ...]:
    """Return what the task waits for or does, and until when; never empty."""
    task = view.tasks[id_]
    over = isinstance(task.phase, FINAL)
    settings = () if over else ladder.told(view, id_)
    words = told(task) if over else said
    if over and words is not None:
        words = replace(words, item="", wait=None)
    spoken = () if words is None else lines_of(words, now)
    return (*_now(view, task, now), *spoken, *settings, *inner.told(view, id_))


def _now(view: View, task: Task, now: float) -> tuple[str, ...]:
    phase = task.phase
    match phase:
        case Waiting(not_before=(float() | int()) as at):
            return (f"{task.id} waits for its time, in {span(at - now)}.",)
        case Waiting():
            return _waiting(view, task, now)
        case BackingOff(restart_at=at, cause=cause, error_class=error_class):
            ends = f"{task.id} is tried again in {span(at - now)} after {error_class}: {cause}."
            return (ends,)
        case Held(limit=name, cause=cause, error_class=error_class):
            reason = limit_reason(view, name, now)
            lines = (f"{task.id} waits for {name} after {error_class}: {cause}.",)
            return lines if reason is None else (*lines, f"{reason}.")
        case Starting() | Running() | Frozen() | Unreachable():
            return _live(task, phase, now)
        case Succeeded(ended_at=at):
            over = f"{task.id} succeeded {span(now - at)} ago."
            again = f"It is {stale_words(task.stale)}; to run it again: overnight retry {task.id}"
            return (over, again) if task.stale else (over,)
        case Failed(ended_at=at, error_class=error_class, cause=cause):
            return (f"{task.id} failed {span(now - at)} ago, {error_class}: {cause}.",)
        case Aborted(ended_at=at, cause=cause):
            return (f"{task.id} was given up {span(now - at)} ago: {cause}.",)
        case Cancelled(ended_at=at, cause=cause):
            return (f"{task.id} was cancelled {span(now - at)} ago: {cause}.",)
        case _:
            assert_never(phase)


def _waiting(view: View, task: Task, now: float) -> tuple[str, ...]:
    reasons = task_reasons(view, task.id, now)
    if not reasons:
        return (f"{task.id} is launched as soon as its turn comes.", *_expected(task))
    return (f"{task.id} waits:", *(f"- {reason}." for reason in reasons), *_expected(task))


def _expected(task: Task) -> tuple[str, ...]:
    if not task.expected_s:
        return ()
    return (f"Of its group the longest run first; it takes about {span(task.expected_s)}.",)


def _live(
    task: Task, phase: Starting | Running | Frozen | Unreachable, now: float
) -> tuple[str, ...]:
    since = span(now - phase.since)
    lines = {
        Starting: f"{task.id} was launched {since} ago (attempt {phase.attempt}).",
        Running: f"{task.id} has run for {since} (attempt {phase.attempt}).",
        Frozen: f"{task.id} is frozen in attempt {phase.attempt}, begun {since} ago.",
        Unreachable: f"{task.id} cannot be reached (attempt {phase.attempt}, begun {since} ago).",
    }
    notes = (_incident(task.incident, now), _limits_of(phase, now), _ending(phase.ending, now))
    return (lines[type(phase)], *(note for note in notes if note is not None))


def _incident(incident: Incident | None, now: float) -> str | None:
    if incident is None:
        return None
    ago, since = span(now - incident.last_at), span(incident.last_at - incident.since)
    often = (
        f"{incident.times} times in {since}, last {ago} ago" if incident.times > 1 else f"{ago} ago"
    )
    acted = f"; {incident.acted}" if incident.acted else ""
    return f"It wrote, {often}: {incident.error_class}: {incident.line} ({incident.rule}){acted}."


def _limits_of(phase: Starting | Running | Frozen | Unreachable, now: float) -> str | None:
    match phase:
        case Running(quiet_since=(float() | int()) as quiet_since):
            said = f" Asked, {phase.quiet_said}." if phase.quiet_said else ""
            missing = f" ({missed(phase.quiet_signals)})" if phase.quiet_signals else ""
            return f"It has shown no sign of life for {span(now - quiet_since)}{missing}.{said}"
        case Running(deadline=(float() | int()) as at):
            return f"It may run for another {span(at - now)}."
        case Unreachable(reason=reason):
            return f"That is no failure: {reason}."
        case _:
            return None


def _ending(ending: Ending | None, now: float) -> str | None:
    if ending is None:
        return None
    return f"It was told to stop {span(now - ending.since)} ago: {ending.cause}."


def _attempt(record: AttemptRecord, now: float) -> tuple[str, ...]:
    took, ago = span(record.ended_at - record.started_at), span(now - record.ended_at)
    how = "succeeded" if record.error_class is None else f"{record.error_class}: {record.cause}"
    cost = "" if record.counted or record.error_class is None else " (cost no attempt)"
    told = (
        f"Attempt {record.attempt} ran {took} and ended {ago} ago, {how}{cost}; {record.decision}."
    )
    return (told, f"  Found by {record.rule}, {record.weighed}.") if record.weighed else (told,)
