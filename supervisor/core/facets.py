"""What one row adds to the indexes that a batch keeps."""

from collections.abc import Mapping
from typing import NamedTuple

from supervisor.core.batch import (
    Desk,
    Group,
    Holding,
    Limit,
    LimitPhase,
    Open,
    Probing,
    Ramping,
    Task,
)
from supervisor.core.models import GpuNeed, GroupId, LimitId, TaskId, TaskSpec
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
from supervisor.core.table import Ordered

LIVE = (Starting, Running, Frozen, Unreachable)
FINAL = (Succeeded, Failed, Aborted, Cancelled)


class Lane(NamedTuple):
    """What tasks have in common that one block may keep from launching together."""

    limits: tuple[LimitId, ...]
    part: str = ""
    """Of their group, where its breaker is not for all of it."""
    gpus: GpuNeed | None = None


QueueEntry = tuple[int, int, int, TaskId]
"""Priority, expected seconds (negative: the longest first), place in the batch file, task."""
Lanes = Mapping[Lane, Ordered[QueueEntry]]
"""A group's tasks that could be launched, apart by what may hold them; none is empty."""
Deadline = tuple[float, str, str]
"""When, what kind of thing (task, group, limit, desk, hours, until), which."""
Counts = Mapping[str, int]
Place = tuple[int, TaskId]
"""Place in the batch file, task."""
Turn = tuple[int, int, GroupId]
"""Order, number of the group's last launch, group."""

NO_COUNTS: Counts = dict.fromkeys(WORDS.values(), 0)


class Facets(NamedTuple):
    """What a task adds to the indexes."""

    word: str | None
    """Its phase in the counts; None: removed and over, counted no more."""
    open: bool
    """The batch is not done before this task is."""
    queue: QueueEntry | None
    """Where it waits to be launched, once what it needs has succeeded."""
    deadlines: tuple[Deadline, ...]
    slot: int | None
    held: LimitId | None
    succeeded: bool
    final: bool


def of_task(task: Task, spec: TaskSpec) -> Facets:
    """Return what ``task`` adds."""
    phase = task.phase
    final = isinstance(phase, FINAL)
    ready = isinstance(phase, Waiting) and phase.not_before is None and not task.skipped
    return Facets(
        word=None if final and task.removed else WORDS[type(phase)],
        open=not final and not task.skipped,
        queue=(task.priority, -round(task.expected_s), spec.index, task.id) if ready else None,
        deadlines=_task_deadlines(task),
        slot=phase.slot if isinstance(phase, LIVE) else None,
        held=phase.limit if isinstance(phase, Held) else None,
        succeeded=isinstance(phase, Succeeded),
        final=final,
    )


def of_desk(desk: Desk) -> tuple[Deadline, ...]:
    """Return the deadlines of the batch itself: a full disk's next try, its pages, its hours, its end."""
    moments = (
        (desk.disk_until, "desk"),
        (desk.page_at, "desk"),
        (desk.opens_at, "hours"),
        (desk.closes_at, "hours"),
        (desk.until, "until"),
    )
    return tuple((at, kind, "") for at, kind in moments if at is not None)


def of_group(group: Group) -> tuple[Deadline, ...]:
    """Return the deadlines of a group: its stagger, its breaker's probe, what follows its limits."""
    found: list[Deadline] = []
    if group.next_launch_at > 0:
        found.append((group.next_launch_at, "group", group.name))
    found.extend(
        (breaker.probe_at, "group", group.name)
        for breaker in (group.breaker, *(part.breaker for part in group.parts.values()))
        if isinstance(breaker, Open) and breaker.probe_at is not None
    )
    following = (group.following.rises_at, group.following.forgotten_at)
    found.extend((at, "group", group.name) for at in following if at is not None)
    return tuple(found)


def of_limit(limit: Limit) -> tuple[Deadline, ...]:
    """Return the deadlines of a limit: those of its phase, its next launch, its next refresh."""
    found = (
        phase_ends_at(limit.phase),
        limit.next_launch_at or None,
        limit.next_refresh_at or None,
    )
    return tuple((at, "limit", limit.name) for at in found if at is not None)


def phase_ends_at(phase: LimitPhase) -> float | None:
    """Return when a limit is released, its probe has passed, or its ramp doubles; None: never."""
    match phase:
        case Holding(until=(float() | int()) as at, refreshing=False):
            return at
        case Probing(passes_at=(float() | int()) as at):
            return at
        case Ramping(next_at=at):
            return at
        case _:
            return None


def spent_ms(task: Task, after: int = 0) -> tuple[int, int]:
    """Return how many attempts succeeded and how long they took, past the first ``after`` records."""
    took = [r.ended_at - r.started_at for r in task.history[after:] if r.error_class is None]
    return len(took), sum(max(0, round(took_s * 1000)) for took_s in took)


def _task_deadlines(task: Task) -> tuple[Deadline, ...]:
    match task.phase:
        case Waiting(not_before=(float() | int()) as at) | BackingOff(restart_at=at):
            # A task that this run was not asked for must not wake it.
            return () if task.skipped else ((at, "task", task.id),)
        case Running(ending=None, deadline=deadline, stall_at=stall_at):
            return tuple((at, "task", task.id) for at in (deadline, stall_at) if at is not None)
        case _:
            return ()
