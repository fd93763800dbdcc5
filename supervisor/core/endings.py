"""What the end of an attempt means for its task, its group and its limits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from supervisor.core import breaker, limits
from supervisor.core.backoff import delay_s, jitter_s, slack_s
from supervisor.core.batch import Task
from supervisor.core.diagnosis import diagnose
from supervisor.core.draft import Draft
from supervisor.core.events import Ended
from supervisor.core.facets import FINAL
from supervisor.core.lifecycle import current
from supervisor.core.models import AttemptRecord, End, ErrorClass, GroupSpec, TaskSpec, Verdict
from supervisor.core.phase import (
    WAITING,
    Aborted,
    BackingOff,
    Cancelled,
    Failed,
    Held,
    Live,
    Phase,
    Succeeded,
)
from supervisor.core.policy import (
    DISK_RETRY_S,
    HOLD_FROM_S,
    LOSSES,
    SAME_CAUSE,
    SOON_S,
    budget,
    treatment,
)
from supervisor.core.wording import span


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """An attempt that ended badly, with all that is needed to judge it."""

    task: Task
    spec: TaskSpec
    group: GroupSpec
    live: Live
    end: End
    error_class: ErrorClass
    cause: str
    retry_at: float | None

    @property
    def lived_s(self) -> float:
        """How long the attempt ran."""
        return max(0.0, self.end.ended_at - self.live.since)


def ended(draft: Draft, event: Ended) -> None:
    """Take in that an attempt is over. News of any attempt but the living one is ignored."""
    found = current(draft, event.task, event.attempt)
    if found is None:
        return
    task, live = found
    ending = live.ending
    if ending is not None and event.end.ended_at <= ending.since:
        # It was over before it was told to stop: the order explains nothing.
        ending = None
    verdict = diagnose(
        event.end,
        success_exit=draft.policy(task.id).success_exit,
        ending=ending,
        started_at=live.since,
    )
    _conclude(draft, task, live, event.end, verdict)
    spec = draft.specs[task.id]
    succeeded = verdict.error_class is None
    limits.attempt_over(draft, spec, started_at=live.since, succeeded=succeeded)
    breaker.attempt_over(draft, task.id, verdict.error_class)


def _conclude(draft: Draft, task: Task, live: Live, end: End, verdict: Verdict) -> None:
    if verdict.error_class is None:
        _succeed(draft, task, live, end)
        return
    spec = draft.specs[task.id]
    over = Over(
        task=task,
        spec=spec,
        group=draft.group_specs[spec.group],
        live=live,
        end=end,
        error_class=verdict.error_class,
        cause=verdict.cause,
        retry_at=verdict.retry_at,
    )
    match live.ending.then if live.ending is not None else None:
        case "cancel":
            cancelled = Cancelled(
                attempt=live.attempt, ended_at=end.ended_at, cause=_cause_of_stop(live)
            )
            _rest(draft, over, cancelled, "cancelled", _cause_of_stop(live))
        case "again" if over.error_class is ErrorClass.OPERATOR:
            _again(draft, over)
        case _:
            _HANDLERS[treatment(over.group, over.error_class).then](draft, over)


def _succeed(draft: Draft, task: Task, live: Live, end: End) -> None:
    took = span(end.ended_at - live.since)
    record = _history(live, end, None, "", counted=False, decision=f"succeeded after {took}")
    draft.put(
        replace(
            task,
            phase=Succeeded(attempt=live.attempt, ended_at=end.ended_at),
            losses=0,
            waits=0,
            waited_s=0.0,
            history=(*task.history, record),
        )
    )
    draft.record("succeeded", task.id, f"attempt {live.attempt} took {took}")


def _retry(draft: Draft, over: Over) -> None:
    """Back off, within the budget."""
    task = replace(over.task, failures=over.task.failures + 1)
    if over.error_class is ErrorClass.TIMEOUT:
        task = replace(task, timeouts=task.timeouts + 1)
    over = replace(over, task=task)
    if over.error_class is ErrorClass.HOST_OOM:
        _lower_parallel(draft, over)
    if _same_again(over):
        broken = replace(over, error_class=ErrorClass.BROKEN)
        _fail(
            draft,
            broken,
            f"the same cause {SAME_CAUSE} times, each within {SOON_S:g}s of its start",
        )
        return
    allowed = budget(over.group, over.error_class)
    if task.failures >= allowed:
        _fail(draft, over, f"attempt {task.failures} of {allowed}")
        return
    wait_s = delay_s(over.group.retry, task.failures) + _jitter_s(draft, over)
    why = f"failure {task.failures} of {allowed} allowed; again in {span(wait_s)}"
    _back_off(draft, over, over.end.ended_at + wait_s, why, counted=True)


def _fail_at_once(draft: Draft, over: Over) -> None:
    task = replace(over.task, failures=over.task.failures + 1)
    _fail(draft, replace(over, task=task), "not retried: it would fail again")


def _wait(draft: Draft, over: Over) -> None:
    """Wait the stated time, or back off; it costs no attempt."""
    stated_s = None if over.retry_at is None else max(0.0, over.retry_at - over.end.ended_at)
    if (
        over.error_class is ErrorClass.RATE_LIMIT
        and stated_s is not None
        and stated_s >= HOLD_FROM_S
    ):
        _hold(draft, over)
        return
    waited = replace(over.task, waits=over.task.waits + 1)
    if stated_s is not None:
        wait_s = stated_s + slack_s(stated_s)
    else:
        wait_s = delay_s(over.group.retry, waited.waits) + _jitter_s(draft, over)
        waited = replace(waited, waited_s=waited.waited_s + wait_s)
    over = replace(over, task=waited)
    if _out_of_patience(draft, over):
        return
    why = f"again in {span(wait_s)}, at no cost"
    restart_at = over.end.ended_at + wait_s
    _back_off(draft, over, restart_at, why, counted=False, stated=stated_s is not None)


def _hold(draft: Draft, over: Over) -> None:
    """Wait for the limit; it costs no attempt."""
    limits.met(
        draft,
        limits.Met(
            spec=over.spec,
            attempt=over.live.attempt,
            started_at=over.live.since,
            ended_at=over.end.ended_at,
            error_class=over.error_class,
            cause=over.cause,
            retry_at=over.retry_at,
        ),
    )
    over = replace(over, task=replace(over.task, waits=over.task.waits + 1))
    name = limits.holding(draft, over.spec.limits)
    if _out_of_patience(draft, over):
        return
    if name is None:
        text = "again at once, at no cost: that incident is over"
        _rest(draft, _in_front(over), WAITING, "retry", text)
        return
    held = Held(
        attempt=over.live.attempt,
        limit=name,
        since=draft.now,
        error_class=over.error_class,
        cause=over.cause,
    )
    _rest(draft, over, held, "held", f"waits for {name}, at no cost")


def _again(draft: Draft, over: Over) -> None:
    """Run again at once, at no cost; but not for ever if it is lost each time."""
    if over.error_class is ErrorClass.LOST:
        over = replace(over, task=replace(over.task, losses=over.task.losses + 1))
        if over.task.losses >= LOSSES:
            _fail(draft, over, f"lost {LOSSES} times in a row")
            return
    _rest(draft, _in_front(over), WAITING, "retry", "again at once, at no cost")


def _disk(draft: Draft, over: Over) -> None:
    """Launch nothing until there is space; it costs no attempt."""
    over = replace(over, task=replace(over.task, waits=over.task.waits + 1))
    if draft.desk.disk is None:
        reason = f"{over.task.id}: {over.cause}"
        until = draft.now + DISK_RETRY_S
        draft.put_desk(replace(draft.desk, disk=reason, disk_until=until))
        draft.record("disk", "", f"nothing is launched: {reason}")
    if _out_of_patience(draft, over):
        return
    _rest(draft, _in_front(over), WAITING, "retry", "again when there is space, at no cost")


_HANDLERS: Mapping[str, Callable[[Draft, Over], None]] = MappingProxyType(
    {
        "retry": _retry,
        "fail": _fail_at_once,
        "wait": _wait,
        "hold": _hold,
        "again": _again,
        "disk": _disk,
    }
)


def _in_front(over: Over) -> Over:
    return replace(over, task=replace(over.task, priority=min(over.task.priority, -1)))


def _back_off(
    draft: Draft, over: Over, restart_at: float, why: str, *, counted: bool, stated: bool = False
) -> None:
    phase = BackingOff(
        attempt=over.live.attempt,
        restart_at=restart_at,
        error_class=over.error_class,
        cause=over.cause,
        stated=stated,
    )
    _rest(draft, over, phase, "retry", why, counted=counted)


def _fail(draft: Draft, over: Over, why: str) -> None:
    phase = Failed(
        attempt=over.live.attempt,
        ended_at=over.end.ended_at,
        error_class=over.error_class,
        cause=over.cause,
    )
    counted = treatment(over.group, over.error_class).costs
    _rest(draft, over, phase, "failed", why, counted=counted)


def _out_of_patience(draft: Draft, over: Over) -> bool:
    """Fail the task if it has waited often or long enough; tell whether it did."""
    patience, task = over.group.give_up, over.task
    holds = min(patience.holds, over.group.attempts_by_class.get(over.error_class, patience.holds))
    if task.waits > holds:
        _fail(draft, over, f"gave up after {holds} waits")
    elif task.waited_s > patience.waited_s:
        _fail(draft, over, f"gave up after waiting {span(patience.waited_s)}")
    else:
        return False
    return True


def _same_again(over: Over) -> bool:
    """Whether it failed early, for one unknown cause, so often that it is broken."""
    before = over.task.history[-(SAME_CAUSE - 1) :]
    return (
        over.error_class is ErrorClass.UNKNOWN
        and over.task.failures >= SAME_CAUSE
        and over.lived_s <= SOON_S
        and all(
            record.error_class is ErrorClass.UNKNOWN
            and record.cause == over.cause
            and record.ended_at - record.started_at <= SOON_S
            for record in before
        )
    )


def _lower_parallel(draft: Draft, over: Over) -> None:
    group = draft.groups[over.spec.group]
    if group.parallel > 1:
        draft.put_group(replace(group, parallel=group.parallel - 1))
        text = f"runs {group.parallel - 1} at once: the machine ran out of memory"
        draft.record("parallel", group.name, text)


def _jitter_s(draft: Draft, over: Over) -> float:
    return jitter_s(over.group.retry, draft.desk.uuid, over.task.id, over.live.attempt)


def _rest(
    draft: Draft, over: Over, phase: Phase, kind: str, why: str, *, counted: bool = False
) -> None:
    """Put the task into ``phase`` and write down the attempt and the decision."""
    gone = draft.groups[over.spec.group].aborted
    if over.task.removed and not isinstance(phase, FINAL):
        why = "not run again: no longer in the batch file"
        kind, phase = (
            "cancelled",
            Cancelled(attempt=over.live.attempt, ended_at=draft.now, cause=why),
        )
    elif gone is not None and not isinstance(phase, FINAL):
        why = f"not run again: {gone}"
        kind, phase = "aborted", Aborted(attempt=over.live.attempt, ended_at=draft.now, cause=gone)
    record = _history(
        over.live, over.end, over.error_class, over.cause, counted=counted, decision=why
    )
    losses = over.task.losses if over.error_class is ErrorClass.LOST else 0
    draft.put(replace(over.task, phase=phase, losses=losses, history=(*over.task.history, record)))
    cause = f": {over.cause}" if over.cause else ""
    draft.record(kind, over.task.id, f"{over.error_class}{cause} - {why}")


def _history(
    live: Live,
    end: End,
    error_class: ErrorClass | None,
    cause: str,
    *,
    counted: bool,
    decision: str,
) -> AttemptRecord:
    return AttemptRecord(
        attempt=live.attempt,
        started_at=live.since,
        ended_at=end.ended_at,
        code=end.code,
        error_class=error_class,
        cause=cause,
        counted=counted,
        decision=decision,
    )


def _cause_of_stop(live: Live) -> str:
    return live.ending.cause if live.ending is not None else ""
