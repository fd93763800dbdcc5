"""The rows and the head line that clients draw, from the batch."""

from types import MappingProxyType
from typing import assert_never

from supervisor.core import adapt, blocks, gpus, ladder, needs
from supervisor.core.advice import advice
from supervisor.core.batch import (
    Checking,
    Free,
    Holding,
    Limit,
    Open,
    Probing,
    Ramping,
    Task,
)
from supervisor.core.board import BatchState, Board, GroupRow, Head, LimitRow, TaskRow
from supervisor.core.container_names import container_name
from supervisor.core.costs import costs
from supervisor.core.draft import View
from supervisor.core.eta import NO_PACES, Paces, left_s
from supervisor.core.facets import LIVE, NO_COUNTS
from supervisor.core.indexes import over
from supervisor.core.knob_row import bounds, knob_row
from supervisor.core.models import GroupId, TaskId
from supervisor.core.needs_you import needs_you
from supervisor.core.outcome import told_row
from supervisor.core.parts import BREAKER_WORDS, part_words
from supervisor.core.phase import (
    WORDS,
    Aborted,
    BackingOff,
    Cancelled,
    Failed,
    Frozen,
    Held,
    Running,
    Starting,
    Succeeded,
    Unreachable,
    Waiting,
)
from supervisor.core.scheduling import batch_block, group_block, lane_block, limit_block
from supervisor.core.stale import said
from supervisor.core.state import Batch


def board(batch: Batch, now: float, paces: Paces = NO_PACES) -> Board:
    """Return the whole picture; ``paces`` as in ``head``."""
    return Board(
        seq=batch.desk.seq,
        connected=True,
        head=head(batch, now, paces),
        tasks=MappingProxyType({id_: task_row(batch, id_, now) for id_ in batch.tasks}),
    )


def head(batch: Batch, now: float, paces: Paces = NO_PACES) -> Head:
    """Return everything but the tasks; ``paces`` are those of attempts that say how far they are."""
    desk = batch.desk
    state = _state(batch)
    return Head(
        batch=desk.name,
        uuid=desk.uuid,
        source=batch.head.source,
        state=state,
        started_at=desk.started_at,
        as_of=now,
        parallel=desk.parallel,
        eta_s=left_s(batch, now, paces) if state == "running" else None,
        reason=None if state == "done" else _head_reason(batch),
        launches_at=desk.opens_at,
        time_up=desk.time_up,
        counts=MappingProxyType(total(batch)),
        groups=tuple(group_row(batch, name, now) for name in batch.groups),
        limits=tuple(row for limit in batch.limits.values() if (row := _limit_row(limit))),
        costs=costs(batch, now),
        advice=advice(batch, now),
        needs_you=needs_you(batch, now),
    )


def total(view: View) -> dict[str, int]:
    """Return the tasks of the batch per phase word."""
    counts = dict(NO_COUNTS)
    for of_group in view.counts.values():
        for word, count in of_group.items():
            counts[word] += count
    return counts


def group_row(batch: Batch, name: GroupId, now: float) -> GroupRow:
    """Return one group as clients show it."""
    group, counts = batch.groups[name], batch.counts[name]
    running = batch.slots[name].bit_count()
    waits = counts["waiting"] + counts["backing_off"] + counts["held"] > 0
    return GroupRow(
        group=name,
        parallel=group.parallel,
        running=running,
        state=_group_state(batch, name, running),
        breaker=BREAKER_WORDS[type(group.breaker)],
        reason=_group_reason(batch, name, now) if waits else None,
        counts=counts,
        parts=part_words(group),
        bounds=bounds(batch, name),
        knob=knob_row(batch, name),
        note=None if over(counts) else adapt.note(batch.group_specs[name], group),
    )


def task_row(batch: Batch, id_: TaskId, now: float) -> TaskRow:  # noqa: ARG001 - as the others
    """Return one task as clients show it. It depends on the task's own state and needs alone."""
    task, spec = batch.tasks[id_], batch.specs[id_]
    error_class, cause = _last_trouble(task)
    return TaskRow(
        task=id_,
        group=spec.group,
        phase=WORDS[type(task.phase)],
        attempt=task.attempt,
        attempts=batch.group_specs[spec.group].retry.attempts,
        since=_since(task),
        error_class=error_class,
        cause=cause,
        next_at=_next_at(batch, task),
        note=_note(batch, task),
        told=told_row(task),
        stale=task.stale or None,
        pid=getattr(task.phase, "pid", None),
        container=_container(batch, task),
    )


def _container(batch: Batch, task: Task) -> str | None:
    if batch.specs[task.id].container is None or not isinstance(task.phase, LIVE):
        return None
    return container_name(batch.desk.uuid, task.id, task.phase.attempt)


def _state(batch: Batch) -> BatchState:
    desk = batch.desk
    if not batch.live and batch.open == 0:
        return "done"
    if desk.stopping is not None and desk.ended_at is not None:
        return "stopped"
    if desk.paused:
        return "paused"
    if not batch.live and _all_held(batch):
        return "held"
    return "running"


def _all_held(batch: Batch) -> bool:
    """Whether a full disk, its hours or a limit is what the batch waits for."""
    desk = batch.desk
    return any(at is not None for at in (desk.disk, desk.opens_at)) or any(
        isinstance(limit.phase, Holding) for limit in batch.limits.values()
    )


def _head_reason(batch: Batch) -> str | None:
    return None if batch_block(batch) == "full" else blocks.batch_reason(batch)


def _group_state(batch: Batch, name: GroupId, running: int) -> str:
    group, counts = batch.groups[name], batch.counts[name]
    if over(counts):
        return "aborted" if group.aborted is not None else "done"
    if group.paused:
        return "paused"
    if running:
        return "running"
    held = isinstance(group.breaker, Open) or counts["held"] > 0 or _limit_blocks(batch, name)
    return "held" if held else "waiting"


def _limit_blocks(batch: Batch, name: GroupId) -> bool:
    lanes = batch.ready[name]
    return bool(lanes) and all(
        lane_block(batch, name, lane) is not None or not gpus.admits(batch, lane.gpus)
        for lane in lanes
    )


def _group_reason(batch: Batch, name: GroupId, now: float) -> str | None:
    # That all slots are taken is the normal state of a group at work, not news.
    if group_block(batch, name, now) not in {None, "full", "stagger"}:
        return blocks.group_reason(batch, name, now)
    for lane in batch.ready[name]:
        limit = limit_block(batch, lane.limits)
        if limit is not None:
            return blocks.limit_reason(batch, limit, now)
        if (reason := gpus.reason(batch, lane.gpus)) is not None:
            return reason
    return blocks.parts_reason(batch, name, now)


def _limit_row(limit: Limit) -> LimitRow | None:
    def row(state: str, since: float, until: float | None, reason: str) -> LimitRow:
        return LimitRow(limit=limit.name, held_until=until, reason=reason, since=since, state=state)

    match limit.phase:
        case Free():
            return None
        case Holding(since=since, until=None, reason=reason, refreshing=True):
            return row("refreshing", since, None, reason)
        case Checking(since=since, step="refresh", reason=reason):
            return row("refreshing", since, None, reason)
        case Checking(since=since, reason=reason):
            return row("checking", since, None, f"its preflight is run: {reason}")
        case Holding(since=since, until=None, reason=reason, outage=True):
            return row("unreachable", since, None, reason)
        case Holding(since=since, until=until, reason=reason):
            return row("held", since, until, reason)
        case Probing(since=since, passes_at=until, reason=reason):
            return row("probing", since, until, reason)
        case Ramping(since=since, next_at=until, allowed=allowed):
            return row("ramping", since, until, f"{allowed} at once")
        case _:
            assert_never(limit.phase)


def _since(task: Task) -> float | None:
    match task.phase:
        case Starting(since=at) | Running(since=at) | Unreachable(since=at) | Held(since=at):
            return at
        case Frozen(frozen_at=at):
            return at
        case Succeeded(ended_at=at) | Failed(ended_at=at) | Aborted(ended_at=at):
            return at
        case Cancelled(ended_at=at):
            return at
        case BackingOff():
            return task.history[-1].ended_at if task.history else None
        case Waiting():
            return None
        case _:
            assert_never(task.phase)


def _last_trouble(task: Task) -> tuple[str | None, str | None]:
    match task.phase:
        case Failed(error_class=error_class, cause=cause):
            return str(error_class), cause
        case BackingOff(error_class=error_class, cause=cause):
            return str(error_class), cause
        case Held(error_class=error_class, cause=cause):
            return str(error_class), cause
        case Aborted(cause=cause) | Cancelled(cause=cause):
            return None, cause
        case Succeeded():
            return None, None
        case _:
            pass
    last = task.history[-1] if task.history else None
    if last is None or last.error_class is None:
        return None, None
    return str(last.error_class), last.cause


def _next_at(batch: Batch, task: Task) -> float | None:
    match task.phase:
        case BackingOff(restart_at=at) | Waiting(not_before=at) | Running(deadline=at):
            return at
        case Held(limit=name):
            phase = batch.limits[name].phase
            return phase.until if isinstance(phase, Holding) else None
        case _:
            return None


def _note(batch: Batch, task: Task) -> str | None:
    phase = task.phase
    if isinstance(phase, LIVE) and phase.ending is not None:
        return f"stopping: {phase.ending.cause}"
    if task.removed:
        return "removed from the batch file"
    match phase:
        case Waiting() if task.skipped:
            return "not in this run"
        case Waiting():
            return needs.waits_for(batch, task.id) or ladder.note(batch, task.id)
        case Held(limit=name):
            return f"held by {name}"
        case Running(quiet_since=float() | int(), stall_at=None):
            return "no sign of life"
        case Unreachable(reason=reason):
            return reason
        case Succeeded() if task.stale:
            return said(task.stale)
        case Starting() | Running() | Frozen():
            return ladder.note(batch, task.id)
        case _:
            return None
