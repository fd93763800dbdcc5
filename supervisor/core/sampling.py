"""``--sample 1%``: a few tasks by lot, the same ones each time, to see whether the batch works."""

from collections.abc import Collection
from math import ceil

from supervisor.core.backoff import fraction
from supervisor.core.models import BatchSpec, TaskId
from supervisor.core.need import need_of


def sampled(
    spec: BatchSpec, selected: Collection[TaskId], share: float, uuid: str
) -> frozenset[TaskId]:
    """Return ``share`` (above 0 up to 1) of the ``selected`` tasks, at least one, and their needs.

    The lot depends on the batch and the task alone: who asks again goes on with the same sample.
    """
    drawn = sorted(selected, key=lambda id_: (fraction(uuid, f"sample {id_}", 0), id_))
    chosen = set(drawn[: max(1, ceil(share * len(drawn) - 1e-9))])
    return frozenset(_with_needs(spec, chosen) & set(selected))


def _with_needs(spec: BatchSpec, ids: set[TaskId]) -> set[TaskId]:
    """``ids`` with the tasks and groups that they need, and what those need."""
    specs = {one.id: one for one in spec.tasks}
    groups: dict[str, list[TaskId]] = {}
    for one in spec.tasks:
        groups.setdefault(one.group, []).append(one.id)
    found, todo = set(ids), list(ids)
    while todo:
        for text in specs[todo.pop()].needs:
            name = need_of(text).name
            needed = [TaskId(name)] if TaskId(name) in specs else groups.get(name, [])
            more = [id_ for id_ in needed if id_ not in found]
            found.update(more)
            todo.extend(more)
    return found
