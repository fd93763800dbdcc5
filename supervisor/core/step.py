"""The only place where the state of a batch changes."""

from dataclasses import replace
from typing import assert_never

from supervisor.core import (
    adapt,
    auto_parallel,
    breaker,
    container_orders,
    daemons,
    endings,
    gates,
    gpus,
    idle_advice,
    incidents,
    inner,
    lifecycle,
    limits,
    needs,
    opening,
    operator,
    paging,
    refreshes,
)
from supervisor.core.batch import Checking, Group, Holding, LimitPhase
from supervisor.core.draft import Draft
from supervisor.core.effects import (
    Effect,
    EndEngine,
    FreezeAttempt,
    Record,
    RunPreflight,
    RunRefresh,
    StartAttempt,
    StopAttempt,
)
from supervisor.core.events import (
    ActivityChanged,
    ClockJumped,
    ContainersEnded,
    ContainersSeen,
    DaemonChanged,
    Detected,
    DiskChanged,
    Ended,
    Event,
    GpusSeen,
    KnobTurned,
    Noted,
    PreflightEnded,
    ReachChanged,
    RefreshEnded,
    Started,
    Tick,
    Wanted,
)
from supervisor.core.facets import LIVE
from supervisor.core.models import GroupId, LimitId, TaskId
from supervisor.core.phase import Frozen, Starting
from supervisor.core.policy import GRACE_S
from supervisor.core.rebase import clock_jumped
from supervisor.core.scheduling import launch
from supervisor.core.state import Batch


def step(batch: Batch, event: Event, now: float) -> tuple[Batch, tuple[Effect, ...]]:
    """Return the batch after ``event`` at ``now`` (Unix seconds), and what is to be done.

    Same input, same output. Nothing changed means the very same batch. Whatever is due by ``now``
    is done in the same step, so that after it ``next_wakeup`` lies in the future.
    """
    draft = Draft(batch, now)
    _take_in(draft, event)
    _settle(draft)
    if draft.changed or draft.effects:
        draft.count()
    return draft.batch(), tuple(draft.effects)


def next_wakeup(batch: Batch) -> float | None:
    """Return when the batch next wants a Tick (Unix seconds; 0: at once), or None."""
    if not batch.settled:
        return 0.0
    first = batch.deadlines.first
    return None if first is None else first[0]


def effects_in_force(batch: Batch) -> tuple[Effect, ...]:
    """Return the orders that stand, for an engine that begins anew. Each is safe to repeat."""
    effects: list[Effect] = []
    for _, id_ in batch.live:
        phase = batch.tasks[id_].phase
        if not isinstance(phase, LIVE):
            raise AssertionError(f"{id_} is not live: {phase}")
        attempt, ending = phase.attempt, phase.ending
        if isinstance(phase, Starting):
            effects.append(StartAttempt(task=id_, attempt=attempt, slot=phase.slot))
        if isinstance(phase, Frozen) and ending is None:
            effects.append(FreezeAttempt(task=id_, attempt=attempt))
        if ending is not None:
            effects.append(
                StopAttempt(task=id_, attempt=attempt, grace_s=GRACE_S, reason=ending.cause)
            )
    effects.extend(
        order(limit=limit.name)
        for limit in batch.limits.values()
        if (order := _command_of(limit.phase)) is not None
    )
    return tuple(effects)


def _command_of(phase: LimitPhase) -> type[RunRefresh | RunPreflight] | None:
    """Return the order whose outcome a limit waits for."""
    match phase:
        case Holding(refreshing=True) | Checking(step="refresh"):
            return RunRefresh
        case Checking():
            return RunPreflight
        case _:
            return None


def _take_in(draft: Draft, event: Event) -> None:
    match event:
        case Tick():
            pass
        case RefreshEnded():
            if event.limit in draft.limits:
                refreshes.refresh_ended(draft, event)
        case PreflightEnded():
            if event.limit in draft.limits:
                gates.preflight_ended(draft, event)
        case KnobTurned():
            inner.turned(draft, event)
        case DiskChanged() | GpusSeen() | ContainersSeen() | ContainersEnded() | ClockJumped():
            _take_in_machine(draft, event)
        case DaemonChanged():
            daemons.changed(draft, event)
        case Wanted():
            operator.wanted(draft, event.intent, event.who)
        case _:
            _take_in_news(draft, event)


def _take_in_machine(
    draft: Draft, event: DiskChanged | GpusSeen | ContainersSeen | ContainersEnded | ClockJumped
) -> None:
    """News of the machine, which no attempt is to be blamed for."""
    match event:
        case DiskChanged():
            _disk_changed(draft, event.reason)
        case GpusSeen():
            gpus.seen(draft, event)
        case ContainersSeen(now=now):
            draft.put_desk(replace(draft.desk, containers=now))
            idle_advice.seen(draft, now)
            auto_parallel.follow(draft)
        case ContainersEnded(ends=ends):
            container_orders.ended(draft, ends)
        case ClockJumped():
            clock_jumped(draft, event.by_s)
        case _:
            assert_never(event)


def _take_in_news(
    draft: Draft, event: Started | Ended | Detected | Noted | ActivityChanged | ReachChanged
) -> None:
    """News of one attempt; those of any but the living one are ignored."""
    match event:
        case Started():
            lifecycle.started(draft, event)
        case Ended():
            endings.ended(draft, event)
        case Detected():
            incidents.detected(draft, event)
        case Noted():
            _noted(draft, event)
        case ActivityChanged():
            lifecycle.activity_changed(draft, event)
        case ReachChanged():
            lifecycle.reach_changed(draft, event)
        case _:
            assert_never(event)


def _noted(draft: Draft, event: Noted) -> None:
    if lifecycle.current(draft, event.task, event.attempt) is not None:
        draft.record("note", event.task, event.text)


def _disk_changed(draft: Draft, reason: str | None) -> None:
    desk = draft.desk
    if desk.disk == reason and desk.disk_until is None:
        return
    draft.put_desk(replace(desk, disk=reason, disk_until=None))
    text = "there is space again" if reason is None else f"nothing is launched: {reason}"
    draft.record("disk", "", text)


def _settle(draft: Draft) -> None:
    if not draft.settled:
        needs.check_all(draft)
        gates.begin(draft)
        gpus.begin(draft)
        opening.look(draft)
        inner.begin(draft)
        adapt.begin(draft)
        draft.settled = True
    needs.settle(draft)
    _do_what_is_due(draft)
    launch(draft)
    adapt.settle(draft)
    paging.settle(draft)
    _end_if_over(draft)


def _do_what_is_due(draft: Draft) -> None:
    while (first := draft.deadlines.first) is not None and first[0] <= draft.now:
        _, kind, name = first
        match kind:
            case "task":
                lifecycle.due(draft, TaskId(name))
            case "group":
                _group_due(draft, draft.groups[GroupId(name)])
            case "limit":
                limits.due(draft, LimitId(name))
            case "hours":
                opening.look(draft)
            case "until":
                opening.time_up(draft)
            case _:
                _desk_due(draft)
        if first in draft.deadlines:
            raise AssertionError(f"{first} is still due after it was dealt with")
        needs.settle(draft)


def _group_due(draft: Draft, group: Group) -> None:
    if 0 < group.next_launch_at <= draft.now:
        group = replace(group, next_launch_at=0.0)
    draft.put_group(breaker.due(draft, group))
    adapt.due(draft, group.name)


def _desk_due(draft: Draft) -> None:
    disk_until = draft.desk.disk_until
    if disk_until is not None and disk_until <= draft.now:
        draft.put_desk(replace(draft.desk, disk=None, disk_until=None))
        draft.record("disk", "", "trying again whether there is space")
    paging.due(draft)


def _end_if_over(draft: Draft) -> None:
    desk = draft.desk
    if desk.ended_at is not None:
        return
    if desk.stopping == "leave_running":
        _end(draft, EndEngine(why="left_running"))
    elif not draft.live and draft.open == 0:
        _end(draft, EndEngine(why="done"))
    elif not draft.live and desk.stopping is not None:
        _end(draft, EndEngine(why="stopped"))


def _end(draft: Draft, end: EndEngine) -> None:
    draft.put_desk(replace(draft.desk, ended_at=draft.now))
    if end.why == "done":
        paging.done(draft)
    draft.effects.append(Record(kind="end", subject="", text=end.why.replace("_", " ")))
    draft.effects.append(end)
