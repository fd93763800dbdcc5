"""What the end of an attempt means for its task, its group and its limits."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from supervisor.core import adapt, breaker, failing_fast, holds, ladder, limits, outages
from supervisor.core.backoff import delay_s, jitter_s, slack_s
from supervisor.core.batch import Task
from supervisor.core.diagnosis import diagnose
from supervisor.core.draft import Draft
from supervisor.core.events import Ended
from supervisor.core.gpus import attempt_over as free_gpus
from supervisor.core.lifecycle import current
from supervisor.core.models import End, ErrorClass, Verdict
from supervisor.core.phase import (
    WAITING,
    Cancelled,
    Held,
    Live,
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
    waits,
)
from supervisor.core.rest import (
    Over,
    back_off,
    come_to_rest,
    fail,
    history_of,
    in_front,
    out_of_patience,
)
from supervisor.core.wish import DOCKER, has_own_memory
from supervisor.core.wording import span


def ended(draft: Draft, event: Ended) -> None:
    """Take in that an attempt is over. News of any attempt but the living one is ignored."""
    found = current(draft, event.task, event.attempt)
    if found is None:
        return
    task, live = replace(found[0], incident=None), found[1]
    ending = live.ending
    if ending is not None and event.end.ended_at <= ending.since:
        # It was over before it was told to stop: the order explains nothing.
        ending = None
    verdict = diagnose(
        event.end,
        success_exit=draft.policy(task.id).success_exit or (0,),
        ending=ending,
        started_at=live.since,
    )
    _conclude(draft, task, live, event.end, verdict)
    spec = draft.specs[task.id]
    if verdict.error_class is ErrorClass.RATE_LIMIT:
        adapt.limited(draft, spec.group, verdict.cause)
    elif verdict.error_class is ErrorClass.HOST_OOM and not has_own_memory(spec.container):
        adapt.out_of_memory(draft, spec.group)
    succeeded = verdict.error_class is None
    limits.attempt_over(draft, spec, started_at=live.since, succeeded=succeeded)
    if spec.gpus is not None:
        free_gpus(draft, task.id, verdict.error_class, verdict.cause)
    if succeeded:
        outages.answered(draft, spec)
        ladder.worked(draft, task.id)
    breaker.attempt_over(draft, task.id, verdict.error_class)
    failing_fast.attempt_over(draft, task.id)


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
        inferred=verdict.inferred,
        rule=verdict.rule,
        weighed=verdict.weighed,
    )
    match live.ending.then if live.ending is not None else None:
        case "cancel":
            cancelled = Cancelled(
                attempt=live.attempt, ended_at=end.ended_at, cause=_cause_of_stop(live)
            )
            come_to_rest(draft, over, cancelled, "cancelled", _cause_of_stop(live))
        case "again" if over.error_class is ErrorClass.OPERATOR:
            _again(draft, over)
        case _:
            _HANDLERS[treatment(over.group, over.error_class).then](draft, over)


def _succeed(draft: Draft, task: Task, live: Live, end: End) -> None:
    took = span(end.ended_at - live.since)
    record = history_of(live, end, None, "", counted=False, decision=f"succeeded after {took}")
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
    """Back off, within the budget; an outage is waited out like any limit, a ladder stepped down."""
    if (tried := ladder.stepped(draft, over)) is None:
        return
    over = tried
    if outages.failed(draft, over.spec, over.error_class, over.live.since):
        _hold(draft, over)
        return
    task = replace(over.task, failures=over.task.failures + 1)
    if over.error_class is ErrorClass.TIMEOUT:
        task = replace(task, timeouts=task.timeouts + 1)
    over = replace(over, task=task)
    if _same_again(over):
        broken = replace(over, error_class=ErrorClass.BROKEN)
        fail(
            draft,
            broken,
            f"the same cause {SAME_CAUSE} times, each within {SOON_S:g}s of its start",
        )
        return
    allowed = budget(over.group, over.error_class)
    if task.failures >= allowed:
        fail(draft, over, f"attempt {task.failures} of {allowed}")
        return
    own_s = delay_s(waits(over.group, over.error_class), task.failures) + _jitter_s(draft, over)
    stated_s = _stated_s(over)
    wait_s = own_s if stated_s is None else max(own_s, stated_s + slack_s(stated_s))
    why = f"failure {task.failures} of {allowed} allowed; again in {span(wait_s)}"
    restart_at = over.end.ended_at + wait_s
    back_off(draft, over, restart_at, why, counted=True, stated=wait_s > own_s)


def _fail_at_once(draft: Draft, over: Over) -> None:
    task = replace(over.task, failures=over.task.failures + 1)
    fail(draft, replace(over, task=task), "not retried: it would fail again")


def _wait(draft: Draft, over: Over) -> None:
    """Wait the stated time, or back off; it costs no attempt.

    But a command that itself says it succeeded may have dealt with the limit: it is not run over and
    over at no cost.
    """
    if over.inferred:
        _retry(draft, over)
        return
    if over.error_class is ErrorClass.DOCKER and DOCKER in over.spec.limits:
        _hold(draft, over)
        return
    stated_s = _stated_s(over)
    limited = over.error_class is ErrorClass.RATE_LIMIT
    if limited and stated_s is not None and stated_s >= HOLD_FROM_S:
        _hold(draft, over)
        return
    waited = replace(over.task, waits=over.task.waits + 1)
    if stated_s is not None:
        wait_s = stated_s + slack_s(stated_s)
    else:
        wait_s = delay_s(waits(over.group, over.error_class), waited.waits) + _jitter_s(draft, over)
        waited = replace(waited, waited_s=waited.waited_s + wait_s)
    over = replace(over, task=waited)
    if out_of_patience(draft, over):
        return
    why = f"again in {span(wait_s)}, at no cost"
    restart_at = over.end.ended_at + wait_s
    back_off(draft, over, restart_at, why, counted=False, stated=stated_s is not None)


def _hold(draft: Draft, over: Over) -> None:
    """Wait for the limit; it costs no attempt."""
    holds.met(
        draft,
        holds.Met(
            spec=over.spec,
            attempt=over.live.attempt,
            started_at=over.live.since,
            ended_at=over.end.ended_at,
            error_class=over.error_class,
            cause=over.cause,
            retry_at=over.retry_at,
            rule=over.rule,
        ),
    )
    over = replace(over, task=replace(over.task, waits=over.task.waits + 1))
    name = limits.holding(draft, over.spec.limits)
    if out_of_patience(draft, over):
        return
    if name is None:
        text = "again at once, at no cost: that incident is over"
        come_to_rest(draft, in_front(over), WAITING, "retry", text)
        return
    held = Held(
        attempt=over.live.attempt,
        limit=name,
        since=draft.now,
        error_class=over.error_class,
        cause=over.cause,
    )
    come_to_rest(draft, over, held, "held", f"waits for {name}, at no cost")


def _again(draft: Draft, over: Over) -> None:
    """Run again at once, at no cost; but not for ever if it is lost each time."""
    if over.error_class is ErrorClass.LOST:
        over = replace(over, task=replace(over.task, losses=over.task.losses + 1))
        if over.task.losses >= LOSSES:
            fail(draft, over, f"lost {LOSSES} times in a row")
            return
    come_to_rest(draft, in_front(over), WAITING, "retry", "again at once, at no cost")


def _disk(draft: Draft, over: Over) -> None:
    """Launch nothing until there is space; it costs no attempt."""
    over = replace(over, task=replace(over.task, waits=over.task.waits + 1))
    if draft.desk.disk is None:
        reason = f"{over.task.id}: {over.cause}"
        until = draft.now + DISK_RETRY_S
        draft.put_desk(replace(draft.desk, disk=reason, disk_until=until))
        draft.record("disk", "", f"nothing is launched: {reason}")
    if out_of_patience(draft, over):
        return
    come_to_rest(draft, in_front(over), WAITING, "retry", "again when there is space, at no cost")


_NUMBERS = re.compile(r"0x[0-9a-fA-F]+|\b(?=[a-f]*\d)[0-9a-f]{8,}\b|\d+")
"""What differs between two runs that fail alike."""
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


def _same_again(over: Over) -> bool:
    """Whether it failed early, for one unknown cause, so often that it is broken."""
    before = over.task.history[-(SAME_CAUSE - 1) :]
    return (
        over.error_class is ErrorClass.UNKNOWN
        and over.task.failures >= SAME_CAUSE
        and over.lived_s <= SOON_S
        and all(
            record.error_class is ErrorClass.UNKNOWN
            and record.code == over.end.code
            and same_cause(record.cause, over.cause)
            and record.ended_at - record.started_at <= SOON_S
            for record in before
        )
    )


def same_cause(one: str, other: str) -> bool:
    """Tell whether two causes differ in times, addresses, process ids and the like at most."""
    return _NUMBERS.sub("0", one) == _NUMBERS.sub("0", other)


def _stated_s(over: Over) -> float | None:
    """How long to wait as somebody stated it, from the end of the attempt."""
    return None if over.retry_at is None else max(0.0, over.retry_at - over.end.ended_at)


def _jitter_s(draft: Draft, over: Over) -> float:
    return jitter_s(
        waits(over.group, over.error_class), draft.desk.uuid, over.task.id, over.live.attempt
    )


def _cause_of_stop(live: Live) -> str:
    return live.ending.cause if live.ending is not None else ""
