"""In words: what keeps the batch, a group, a limit or a task from launching."""

from typing import assert_never

from supervisor.core import adapt, gpus, needs
from supervisor.core.batch import (
    Breaker,
    Checking,
    Closed,
    HalfOpen,
    Holding,
    Open,
    Probing,
    Ramping,
)
from supervisor.core.draft import View
from supervisor.core.hours import clock, written
from supervisor.core.models import GroupId, LimitId, TaskId
from supervisor.core.opening import TIME_UP
from supervisor.core.parts import part_of, part_state, stopped, titled
from supervisor.core.scheduling import (
    batch_block,
    first_in_line,
    group_block,
    limit_block,
    next_in_line,
    part_block,
)
from supervisor.core.weights import fits_batch, fits_group, kept_free, taken
from supervisor.core.wording import plural, span

_STOPPING = {
    "stop": "the engine is stopping; what is left runs with the next `overnight run`",
    "drain": "the engine ends once what runs now is over",
    "leave_running": "the engine ends and leaves running what runs",
}
_STOPPED = "the batch is stopped; what is left runs with the next `overnight run`"


def batch_reason(view: View) -> str | None:
    """Return why the batch as a whole launches nothing; None: it does."""
    desk = view.desk
    block = batch_block(view)
    match block:
        case "stopping":
            over = desk.ended_at is not None and not view.live
            why = _STOPPED if over else _STOPPING[desk.stopping or "stop"]
            return f"{TIME_UP}: {why}" if desk.time_up else why
        case "paused":
            return f"the batch is paused{_by(desk.paused_by)}"
        case "disk":
            return f"no space: {desk.disk}"
        case "hours":
            return _hours_reason(view)
        case "full":
            return f"{view.used_all} of {desk.parallel} run at once over all groups"
        case None:
            return None
        case _:
            assert_never(block)


def group_reason(view: View, name: GroupId, now: float) -> str | None:
    """Return why the group launches nothing; None: nothing of its own stands in the way."""
    group = view.groups[name]
    block = group_block(view, name, now)
    match block:
        case "aborted":
            return f"{name} was given up ({group.aborted})"
        case "paused":
            return f"{name} is paused{_by(group.paused_by)}"
        case "breaker":
            return _breaker_reason(name, group.breaker, now)
        case "full":
            return f"{taken(view, name)}{adapt.why_full(view, name)}"
        case "stagger":
            return f"the next launch of {name} is in {span(group.next_launch_at - now)}"
        case None:
            return None
        case _:
            assert_never(block)


def part_reason(view: View, name: GroupId, part: str, now: float) -> str | None:
    """Return why a part of the group launches nothing, though the group does; None: it does."""
    if not part_block(view, name, part):
        return None
    state = part_state(view.groups[name], part)
    title = titled(name, part)
    if state.aborted is not None:
        return f"{title} was given up ({state.aborted})"
    return _breaker_reason(title, state.breaker, now)


def parts_reason(view: View, name: GroupId, now: float) -> str | None:
    """Return which parts of the group launch nothing, the first with its reason; None: all do."""
    found = [part for part in stopped(view.groups[name]) if part_block(view, name, part)]
    if not found:
        return None
    more = f"; {plural(len(found) - 1, 'other part')} as well" if len(found) > 1 else ""
    return f"{part_reason(view, name, found[0], now)}{more}"


def limit_reason(view: View, name: LimitId, now: float) -> str | None:
    """Return why the limit lets nothing start; None: it does."""
    limit = view.limits[name]
    match limit.phase:
        case Checking(step="refresh", reason=reason):
            return f"{name} waits for its credential: its refresh is run, {reason}"
        case Checking(reason=reason):
            return f"{name} waits for its preflight, which is run: {reason}"
        case Holding() as hold:
            return _hold_reason(name, hold, now)
        case Probing(probe=str() as probe, reason=reason):
            return f"{name} waits for news of {probe}, which tries it out: {reason}"
        case Ramping(allowed=allowed, next_at=at) if view.live_by_limit[name] >= allowed:
            more = f"more in {span(at - now)}"
            return f"{name} lets {plural(allowed, 'attempt')} run after its hold; {more}"
        case _ if limit.next_launch_at:
            rate = f"{3600 / view.limit_specs[name].pace_s:g} launches an hour"
            return f"{name} allows {rate}; the next is in {span(limit.next_launch_at - now)}"
        case _:
            return None


def _hold_reason(name: LimitId, hold: Holding, now: float) -> str:
    reason, until = hold.reason, hold.until
    if hold.refreshing:
        return f"{name} is held while its credential is refreshed: {reason}"
    if until is None and hold.outage:
        return f"container tasks wait until the container engine answers: {reason}"
    if until is None:
        return f"{name} is held until you release it: {reason}"
    if hold.refresh_next:
        return f"{name} is held; its refresh is tried again in {span(until - now)}: {reason}"
    return f"{name} is held for another {span(until - now)}: {reason}"


def task_reasons(view: View, id_: TaskId, now: float) -> tuple[str, ...]:
    """Return everything that stands between a waiting task and its launch."""
    spec = view.specs[id_]
    name = limit_block(view, spec.limits)
    reasons = (
        "this run was not asked for it (--filter or --sample)" if view.tasks[id_].skipped else None,
        needs.waits_for(view, id_),
        batch_reason(view),
        group_reason(view, spec.group, now),
        part_reason(view, spec.group, part_of(view.group_specs[spec.group], spec), now),
        limit_reason(view, name, now) if name is not None else None,
        gpus.reason(view, spec.gpus),
    )
    found = tuple(reason for reason in reasons if reason is not None)
    return found or _kept_free(view, id_, now) or gpus.kept(spec.gpus)


def _by(who: str) -> str:
    return f" by {who}" if who else ""


def _kept_free(view: View, id_: TaskId, now: float) -> tuple[str, ...]:
    """Return for which heavy task the free slots are kept, that would do for this one."""
    ahead = next_in_line(view, view.specs[id_].group, now)
    if ahead is not None and not fits_group(view, ahead):
        return (kept_free(view, ahead, in_group=True),)
    ahead = first_in_line(view, now)
    if ahead is not None and not fits_batch(view, ahead):
        return (kept_free(view, ahead, in_group=False),)
    return ()


def _hours_reason(view: View) -> str | None:
    hours = view.head.hours
    if hours is None:
        return None
    return f"launches only {written(hours)}; the next at {clock(hours.opens)}"


def _breaker_reason(name: str, breaker: Breaker, now: float) -> str:
    match breaker:
        case Open(probe_at=at, cause=cause):
            if at is None:
                return f"{name} stands still until you resume it: {cause}"
            return f"{name} stands still after {cause}; one task is tried in {span(at - now)}"
        case HalfOpen(probe=probe, cause=cause):
            return f"{name} waits for news of {probe}, which is tried after {cause}"
        case Closed() as closed:
            raise AssertionError(f"the breaker of {name} lets launches through: {closed}")
