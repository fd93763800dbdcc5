"""What a running attempt wrote, taken in: written down, and acted upon where it is strong enough.

The attempt itself is stopped in one case only: its credential is refused again and again, for a
minute, and it gets nothing done. A running process does not take up a renewed credential, and every
sample it still tries is lost. Whoever waits for a limit is left alone: the runner knows how.
"""

from dataclasses import replace

from supervisor.core import adapt, holds, lifecycle, limits
from supervisor.core.batch import Incident, Task
from supervisor.core.draft import Draft
from supervisor.core.events import Detected
from supervisor.core.evidence import Detection
from supervisor.core.models import ErrorClass
from supervisor.core.phase import Live, Running
from supervisor.core.policy import treatment
from supervisor.core.storms import holds as enough_to_hold
from supervisor.core.storms import stops
from supervisor.core.wording import span

_STORM = 3
"""A runner that waits out its limits itself tells of many at once."""
_SAME_S = 600.0
"""Within this time the same class of error, no more often than before, is no news."""


def detected(draft: Draft, event: Detected) -> None:
    """Take in what a running attempt wrote. One incident is told once, and again when it grows."""
    found = lifecycle.current(draft, event.task, event.attempt)
    if found is None or not event.detection.strong:
        return
    task, live = found
    told = event.detection
    if not _same_again(task, told):
        draft.record("detected", task.id, f"{told.error_class}{_often(told)}: {told.line}")
        if told.error_class is ErrorClass.RATE_LIMIT:
            # What is told at all has come often, or asks for a long wait.
            cause = f"rate limit: {told.line}"
            adapt.limited(draft, draft.specs[task.id].group, cause, min(told.repeats, _STORM))
    holds_limits = _may_hold(draft, task, told)
    if holds_limits:
        _hold(draft, task, live, told)
    if not told.tied:
        return
    acted = _acted(draft, task) if holds_limits else ""
    draft.put(replace(draft.tasks[task.id], incident=_incident(task, told, acted)))
    if stops(told) and isinstance(live, Running) and live.ending is None:
        cause = f"{told.line} ({told.repeats} times in {span(told.storm_s)}, and nothing got done)"
        lifecycle.stop(draft, draft.tasks[task.id], told.error_class, cause, "retry")


def _same_again(task: Task, told: Detection) -> bool:
    """Tell whether it is known: a stream, a file and the results may all tell of one failure."""
    known = task.incident
    return (
        known is not None
        and known.error_class is told.error_class
        and told.repeats <= known.times
        and told.written_at - known.last_at <= _SAME_S
    )


def _hold(draft: Draft, task: Task, live: Live, told: Detection) -> None:
    """Hold the limits as if the attempt had ended on them; that it may yet succeed is remembered."""
    hit = holds.Met(
        spec=draft.specs[task.id],
        attempt=live.attempt,
        started_at=live.since,
        ended_at=told.written_at,
        error_class=told.error_class,
        cause=told.line,
        retry_at=told.retry_at,
        rule=told.rule,
        live=True,
    )
    holds.met(draft, hit)


def _may_hold(draft: Draft, task: Task, told: Detection) -> bool:
    """Tell whether limits hold for it: enough was written, and the batch file does not say otherwise."""
    then = treatment(draft.policy(task.id), told.error_class).then
    return enough_to_hold(told) and then in {"hold", "wait"}


def _acted(draft: Draft, task: Task) -> str:
    name = limits.holding(draft, draft.specs[task.id].limits)
    return f"{name} launches no more for now" if name is not None else ""


def _incident(task: Task, told: Detection, acted: str) -> Incident:
    known = task.incident
    same = known is not None and known.error_class is told.error_class
    return Incident(
        error_class=told.error_class,
        line=told.line,
        rule=told.rule,
        since=known.since if known is not None and same else told.written_at,
        last_at=told.written_at,
        times=max(told.repeats, known.times) if known is not None and same else told.repeats,
        acted=acted,
    )


def _often(told: Detection) -> str:
    if told.repeats < 2:
        return ""
    return f", {told.repeats} times in {span(told.storm_s)} with no progress"
