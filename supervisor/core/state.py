"""A batch in memory: its rows, and the indexes that keep every event cheap at 20,000 tasks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from supervisor.core import facets
from supervisor.core.batch import Desk, Group, Limit, Rows, Task
from supervisor.core.facets import (
    NO_COUNTS,
    Counts,
    Deadline,
    Facets,
    Lane,
    Lanes,
    Place,
    QueueEntry,
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
from supervisor.core.phase import Waiting
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
    unmet: Table[TaskId, int]
    """How many needs of a task have not succeeded; only of tasks that have needs."""
    dependents: Table[str, tuple[TaskId, ...]]
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
    counts = _counts(specs, groups, added)
    unmet = _unmet(specs, tasks, added, counts)
    ready = _ready(specs, groups, added, unmet)
    turn_of = Table((name, turn) for turn, name in enumerate(groups))
    live = [specs[id_] for id_, one in added.items() if one.slot is not None]
    return Batch(
        desk=rows.desk,
        head=replace(spec, tasks=(), groups=(), limits=()),
        specs=specs,
        tasks=tasks,
        group_specs=Table((one.name, one) for one in spec.groups),
        groups=groups,
        limit_specs=Table((one.name, one) for one in spec.limits),
        limits=limits,
        ready=ready,
        deadlines=_deadlines(rows.desk, added.values(), groups.values(), limits.values()),
        counts=counts,
        live=Ordered((one.index, one.id) for one in live),
        live_by_limit=_live_by_limit(limits, live),
        slots=_slots(specs, groups, added),
        unmet=unmet,
        dependents=_dependents(specs),
        held=_held(specs, limits, added),
        spent=_spent(specs, groups, tasks),
        open=sum(one.open for one in added.values()),
        open_in=_open_in(specs, groups, added),
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


def need_met(
    name: str,
    tasks: Mapping[TaskId, Task],
    added: Mapping[TaskId, Facets],
    counts: Mapping[GroupId, Counts],
) -> bool:
    """Tell whether the task or group ``name`` has succeeded."""
    if TaskId(name) in tasks:
        return added[TaskId(name)].succeeded
    found = counts.get(GroupId(name))
    return found is not None and complete(found)


def complete(counts: Counts) -> bool:
    """Tell whether all that is counted has succeeded."""
    return counts["succeeded"] == sum(counts.values())


def _first_phase(spec: TaskSpec) -> Waiting:
    return Waiting(not_before=spec.not_before)


def _counts(
    specs: Mapping[TaskId, TaskSpec],
    groups: Iterable[GroupId],
    added: Mapping[TaskId, Facets],
) -> Table[GroupId, Counts]:
    counts = {name: dict(NO_COUNTS) for name in groups}
    for id_, one in added.items():
        if one.word is not None:
            counts[specs[id_].group][one.word] += 1
    return Table[GroupId, Counts](counts.items())


def _unmet(
    specs: Mapping[TaskId, TaskSpec],
    tasks: Mapping[TaskId, Task],
    added: Mapping[TaskId, Facets],
    counts: Mapping[GroupId, Counts],
) -> Table[TaskId, int]:
    met: dict[str, bool] = {}
    for spec in specs.values():
        for name in spec.needs:
            if name not in met:
                met[name] = need_met(name, tasks, added, counts)
    return Table(
        (
            spec.id,
            0 if tasks[spec.id].needs_ignored else sum(not met[name] for name in spec.needs),
        )
        for spec in specs.values()
        if spec.needs
    )


def _ready(
    specs: Mapping[TaskId, TaskSpec],
    groups: Iterable[GroupId],
    added: Mapping[TaskId, Facets],
    unmet: Mapping[TaskId, int],
) -> Table[GroupId, Lanes]:
    lanes: dict[GroupId, dict[Lane, list[QueueEntry]]] = {name: {} for name in groups}
    for id_, one in added.items():
        if one.queue is not None and not unmet.get(id_, 0):
            spec = specs[id_]
            lanes[spec.group].setdefault(spec.limits, []).append(one.queue)
    return Table[GroupId, Lanes](
        (name, {lane: Ordered(entries) for lane, entries in found.items()})
        for name, found in lanes.items()
    )


def _deadlines(
    desk: Desk, tasks: Iterable[Facets], groups: Iterable[Group], limits: Iterable[Limit]
) -> Ordered[Deadline]:
    found = list(facets.of_desk(desk))
    for task in tasks:
        found.extend(task.deadlines)
    for group in groups:
        found.extend(facets.of_group(group))
    for limit in limits:
        found.extend(facets.of_limit(limit))
    return Ordered(found)


def _live_by_limit(limits: Iterable[LimitId], live: Iterable[TaskSpec]) -> Table[LimitId, int]:
    counts = dict.fromkeys(limits, 0)
    for spec in live:
        for name in spec.limits:
            counts[name] += 1
    return Table(counts)


def _slots(
    specs: Mapping[TaskId, TaskSpec],
    groups: Iterable[GroupId],
    added: Mapping[TaskId, Facets],
) -> Table[GroupId, int]:
    slots = dict.fromkeys(groups, 0)
    for id_, one in added.items():
        if one.slot is not None:
            slots[specs[id_].group] |= 1 << (one.slot - 1)
    return Table(slots)


def _open_in(
    specs: Mapping[TaskId, TaskSpec],
    groups: Iterable[GroupId],
    added: Mapping[TaskId, Facets],
) -> Table[GroupId, int]:
    found = dict.fromkeys(groups, 0)
    for id_, one in added.items():
        found[specs[id_].group] += one.open
    return Table(found)


def _dependents(specs: Mapping[TaskId, TaskSpec]) -> Table[str, tuple[TaskId, ...]]:
    found: dict[str, list[TaskId]] = {}
    for spec in specs.values():
        for name in spec.needs:
            found.setdefault(name, []).append(spec.id)
    return Table((name, tuple(ids)) for name, ids in found.items())


def _held(
    specs: Mapping[TaskId, TaskSpec],
    limits: Iterable[LimitId],
    added: Mapping[TaskId, Facets],
) -> Table[LimitId, Ordered[Place]]:
    found: dict[LimitId, list[Place]] = {name: [] for name in limits}
    for id_, one in added.items():
        if one.held is not None:
            found[one.held].append((specs[id_].index, id_))
    return Table((name, Ordered(places)) for name, places in found.items())


def _spent(
    specs: Mapping[TaskId, TaskSpec], groups: Iterable[GroupId], tasks: Mapping[TaskId, Task]
) -> Table[GroupId, tuple[int, int]]:
    found: dict[GroupId, tuple[int, int]] = dict.fromkeys(groups, (0, 0))
    for id_, task in tasks.items():
        if task.history:
            name = specs[id_].group
            (count, total_ms), (more, more_ms) = found[name], facets.spent_ms(task)
            found[name] = (count + more, total_ms + more_ms)
    return Table(found)
