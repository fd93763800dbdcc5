"""A batch in memory: its rows, and the indexes that keep every event cheap at 20,000 tasks."""

from dataclasses import dataclass, field, replace

from supervisor.core import facets, indexes
from supervisor.core.batch import Desk, Group, Limit, Rows, Task
from supervisor.core.facets import (
    Counts,
    Deadline,
    Lanes,
    Place,
    Turn,
)
from supervisor.core.models import (
    BatchSpec,
    GroupId,
    GroupSpec,
    LimitId,
    LimitSpec,
    TaskId,
    TaskSpec,
)
from supervisor.core.phase import WAITING, Waiting
from supervisor.core.table import Ordered, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Everything the core knows. Rows are the truth; the indexes follow from rows and specs."""

    desk: Desk
    head: BatchSpec
    """The spec without its tasks, groups and limits."""
    specs: Table[TaskId, TaskSpec]
    tasks: Table[TaskId, Task]
    group_specs: Table[GroupId, GroupSpec]
    groups: Table[GroupId, Group]
    limit_specs: Table[LimitId, LimitSpec]
    limits: Table[LimitId, Limit]

    ready: Table[GroupId, Lanes]
    deadlines: Ordered[Deadline]
    counts: Table[GroupId, Counts]
    live: Ordered[Place]
    live_by_limit: Table[LimitId, int]
    slots: Table[GroupId, int]
    """Bit n - 1: slot n is taken."""
    used: Table[GroupId, int]
    """What the living attempts weigh."""
    used_all: int
    unmet: Table[TaskId, int]
    """How many needs of a task have not succeeded; only of tasks that have needs."""
    dependents: Table[str, tuple[TaskId, ...]]
    """Which tasks have a need, by its text."""
    watched: Table[str, tuple[str, ...]]
    """The needs, as text, that a task or group may meet, by its name."""
    held: Table[LimitId, Ordered[Place]]
    spent: Table[GroupId, tuple[int, int]]
    """How many attempts succeeded, and the milliseconds they took."""
    open: int
    """Tasks that the batch is not done without."""
    open_in: Table[GroupId, int]
    """The same, per group."""

    turns: Ordered[Turn] = field(compare=False)
    """Groups that have something ready, in the order in which they may launch."""
    turn_of: Table[GroupId, int] = field(compare=False)
    turn: int = field(compare=False)
    settled: bool = field(default=False, compare=False)
    """A step has looked at all of it since it was put together."""


def fresh(spec: BatchSpec, uuid: str, now: float) -> Batch:
    """Return the batch before its first attempt."""
    desk = Desk(uuid=uuid, name=spec.name, started_at=now, parallel=spec.parallel)
    return assemble(spec, Rows(desk=desk))


def assemble(spec: BatchSpec, rows: Rows) -> Batch:
    """Return the batch of ``spec`` in the state that ``rows`` tell; what they lack is new.

    Raises:
        ValueError: there is no row of the batch itself.
    """
    if rows.desk is None:
        raise ValueError("the rows lack the batch's own")
    specs = Table((task.id, task) for task in spec.tasks)
    tasks = Table(
        (one.id, rows.tasks.get(one.id) or Task(id=one.id, phase=_first_phase(one)))
        for one in spec.tasks
    )
    groups = Table(
        (one.name, rows.groups.get(one.name) or Group(name=one.name, parallel=one.parallel))
        for one in spec.groups
    )
    limits = Table(
        (one.name, rows.limits.get(one.name) or Limit(name=one.name)) for one in spec.limits
    )
    added = {id_: facets.of_task(task, specs[id_]) for id_, task in tasks.items()}
    counts = indexes.counts_of(specs, groups, added)
    unmet = indexes.unmet_of(specs, tasks, added, counts)
    group_specs = Table((one.name, one) for one in spec.groups)
    ready = indexes.ready_of(specs, groups, added, unmet, group_specs)
    turn_of = Table((name, turn) for turn, name in enumerate(groups))
    live = [specs[id_] for id_, one in added.items() if one.slot is not None]
    used = indexes.used_of(groups, live)
    dependents = indexes.dependents_of(specs)
    return Batch(
        desk=rows.desk,
        head=replace(spec, tasks=(), groups=(), limits=()),
        specs=specs,
        tasks=tasks,
        group_specs=group_specs,
        groups=groups,
        limit_specs=Table((one.name, one) for one in spec.limits),
        limits=limits,
        ready=ready,
        deadlines=indexes.deadlines_of(rows.desk, added.values(), groups.values(), limits.values()),
        counts=counts,
        live=Ordered((one.index, one.id) for one in live),
        live_by_limit=indexes.live_by_limit_of(limits, live),
        slots=indexes.slots_of(specs, groups, added),
        used=used,
        used_all=sum(used.values()),
        unmet=unmet,
        dependents=dependents,
        watched=indexes.watched_of(dependents),
        held=indexes.held_of(specs, limits, added),
        spent=indexes.spent_of(specs, groups, tasks),
        open=sum(one.open for one in added.values()),
        open_in=indexes.open_in_of(specs, groups, added),
        turns=Ordered(
            (one.order, turn_of[one.name], one.name) for one in spec.groups if ready[one.name]
        ),
        turn_of=turn_of,
        turn=len(groups),
    )


def all_rows(batch: Batch) -> Rows:
    """Return every stored row of ``batch``."""
    return Rows(
        desk=batch.desk,
        tasks=dict(batch.tasks),
        groups=dict(batch.groups),
        limits=dict(batch.limits),
    )


def rows_changed(before: Batch, after: Batch) -> Rows:
    """Return the rows of ``after`` that differ from ``before``."""
    return Rows(
        desk=None if before.desk is after.desk else after.desk,
        tasks=after.tasks.diff(before.tasks),
        groups=after.groups.diff(before.groups),
        limits=after.limits.diff(before.limits),
    )


def spec_of(batch: Batch) -> BatchSpec:
    """Return the spec of ``batch``, with what was added, edited and reloaded since its start."""
    return replace(
        batch.head,
        tasks=tuple(batch.specs.values()),
        groups=tuple(batch.group_specs.values()),
        limits=tuple(batch.limit_specs.values()),
    )


def _first_phase(spec: TaskSpec) -> Waiting:
    return WAITING if spec.not_before is None else Waiting(not_before=spec.not_before)
