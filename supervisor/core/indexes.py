"""How the indexes of a batch follow from its rows and specs, all at once."""

from collections.abc import Iterable, Mapping

from supervisor.core import facets
from supervisor.core.batch import Desk, Group, Limit, Task
from supervisor.core.facets import (
    NO_COUNTS,
    Counts,
    Deadline,
    Facets,
    Lane,
    Lanes,
    Place,
    QueueEntry,
)
from supervisor.core.models import GroupId, GroupSpec, LimitId, TaskId, TaskSpec
from supervisor.core.need import Need, met_by, need_of
from supervisor.core.parts import part_of
from supervisor.core.table import Ordered, Table


def need_met(
    text: str,
    tasks: Mapping[TaskId, Task],
    added: Mapping[TaskId, Facets],
    counts: Mapping[GroupId, Counts],
) -> bool:
    """Tell whether a need is met."""
    need = need_of(text)
    if TaskId(need.name) in tasks:
        return met_by_task(need, added[TaskId(need.name)])
    found = counts.get(GroupId(need.name))
    return found is not None and met_by(need, found)


def met_by_task(need: Need, one: Facets) -> bool:
    """Tell whether a task that adds ``one`` is what ``need`` asks for."""
    return one.final if need.ended else one.succeeded


def over(counts: Counts) -> bool:
    """Tell whether nothing that is counted can still come to an end."""
    final = counts["succeeded"] + counts["failed"] + counts["aborted"] + counts["cancelled"]
    return final == sum(counts.values())


def counts_of(
    specs: Mapping[TaskId, TaskSpec],
    groups: Iterable[GroupId],
    added: Mapping[TaskId, Facets],
) -> Table[GroupId, Counts]:
    """Return the tasks of each group per phase word."""
    counts = {name: dict(NO_COUNTS) for name in groups}
    for id_, one in added.items():
        if one.word is not None:
            counts[specs[id_].group][one.word] += 1
    return Table[GroupId, Counts](counts.items())


def unmet_of(
    specs: Mapping[TaskId, TaskSpec],
    tasks: Mapping[TaskId, Task],
    added: Mapping[TaskId, Facets],
    counts: Mapping[GroupId, Counts],
) -> Table[TaskId, int]:
    """Return how many needs of each task that has any have not succeeded."""
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


def ready_of(
    specs: Mapping[TaskId, TaskSpec],
    groups: Iterable[GroupId],
    added: Mapping[TaskId, Facets],
    unmet: Mapping[TaskId, int],
    policies: Mapping[GroupId, GroupSpec],
) -> Table[GroupId, Lanes]:
    """Return what could be launched, per group and lane."""
    lanes: dict[GroupId, dict[Lane, list[QueueEntry]]] = {name: {} for name in groups}
    for id_, one in added.items():
        if one.queue is not None and not unmet.get(id_, 0):
            spec = specs[id_]
            lane = lane_of(policies[spec.group], spec)
            lanes[spec.group].setdefault(lane, []).append(one.queue)
    return Table[GroupId, Lanes](
        (name, {lane: Ordered(entries) for lane, entries in found.items()})
        for name, found in lanes.items()
    )


def lane_of(policy: GroupSpec, spec: TaskSpec) -> Lane:
    """Return where a task of the group waits to be launched."""
    return Lane(spec.limits, part_of(policy, spec), spec.gpus)


def deadlines_of(
    desk: Desk, tasks: Iterable[Facets], groups: Iterable[Group], limits: Iterable[Limit]
) -> Ordered[Deadline]:
    """Return every deadline of the batch."""
    found = list(facets.of_desk(desk))
    for task in tasks:
        found.extend(task.deadlines)
    for group in groups:
        found.extend(facets.of_group(group))
    for limit in limits:
        found.extend(facets.of_limit(limit))
    return Ordered(found)


def live_by_limit_of(limits: Iterable[LimitId], live: Iterable[TaskSpec]) -> Table[LimitId, int]:
    """Return how many attempts live on each limit."""
    counts = dict.fromkeys(limits, 0)
    for spec in live:
        for name in spec.limits:
            counts[name] += 1
    return Table(counts)


def slots_of(
    specs: Mapping[TaskId, TaskSpec],
    groups: Iterable[GroupId],
    added: Mapping[TaskId, Facets],
) -> Table[GroupId, int]:
    """Return the taken slots of each group as bits."""
    slots = dict.fromkeys(groups, 0)
    for id_, one in added.items():
        if one.slot is not None:
            slots[specs[id_].group] |= 1 << (one.slot - 1)
    return Table(slots)


def used_of(groups: Iterable[GroupId], live: Iterable[TaskSpec]) -> Table[GroupId, int]:
    """Return what the living attempts of each group weigh."""
    used = dict.fromkeys(groups, 0)
    for spec in live:
        used[spec.group] += spec.weight
    return Table(used)


def open_in_of(
    specs: Mapping[TaskId, TaskSpec],
    groups: Iterable[GroupId],
    added: Mapping[TaskId, Facets],
) -> Table[GroupId, int]:
    """Return how many tasks of each group the batch is not done without."""
    found = dict.fromkeys(groups, 0)
    for id_, one in added.items():
        found[specs[id_].group] += one.open
    return Table(found)


def dependents_of(specs: Mapping[TaskId, TaskSpec]) -> Table[str, tuple[TaskId, ...]]:
    """Return which tasks have a need."""
    found: dict[str, list[TaskId]] = {}
    for spec in specs.values():
        for name in spec.needs:
            found.setdefault(name, []).append(spec.id)
    return Table((name, tuple(ids)) for name, ids in found.items())


def watched_of(dependents: Iterable[str]) -> Table[str, tuple[str, ...]]:
    """Return which needs each task or group may meet."""
    found: dict[str, list[str]] = {}
    for text in dependents:
        found.setdefault(need_of(text).name, []).append(text)
    return Table((name, tuple(texts)) for name, texts in found.items())


def held_of(
    specs: Mapping[TaskId, TaskSpec],
    limits: Iterable[LimitId],
    added: Mapping[TaskId, Facets],
) -> Table[LimitId, Ordered[Place]]:
    """Return the tasks that each limit holds."""
    found: dict[LimitId, list[Place]] = {name: [] for name in limits}
    for id_, one in added.items():
        if one.held is not None:
            found[one.held].append((specs[id_].index, id_))
    return Table((name, Ordered(places)) for name, places in found.items())


def spent_of(
    specs: Mapping[TaskId, TaskSpec], groups: Iterable[GroupId], tasks: Mapping[TaskId, Task]
) -> Table[GroupId, tuple[int, int]]:
    """Return how many attempts succeeded in each group, and their milliseconds."""
    found: dict[GroupId, tuple[int, int]] = dict.fromkeys(groups, (0, 0))
    for id_, task in tasks.items():
        if task.history:
            name = specs[id_].group
            (count, total_ms), (more, more_ms) = found[name], facets.spent_ms(task)
            found[name] = (count + more, total_ms + more_ms)
    return Table(found)
