"""How long a task will probably take: as long as the last time, else as the others of its group."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from supervisor.core.batch import Task
from supervisor.core.breaker import AT_REST
from supervisor.core.models import GroupId, TaskId, TaskSpec


def took_s(task: Task) -> float:
    """Return how long the task's last successful attempt ran; 0: none did."""
    for record in reversed(task.history):
        if record.error_class is None:
            return max(0.0, record.ended_at - record.started_at)
    return 0.0


def with_expected(
    tasks: Mapping[TaskId, Task], specs: Mapping[TaskId, TaskSpec], changed: Collection[TaskId]
) -> dict[TaskId, Task]:
    """Return the tasks, those at rest with what they will probably take.

    ``changed`` ones run another command than they did: what that took says no more than others do.
    """
    known = {id_: took_s(task) for id_, task in tasks.items() if id_ not in changed}
    by_group: dict[GroupId, list[float]] = {}
    for id_, took in known.items():
        if took:
            by_group.setdefault(specs[id_].group, []).append(took)
    means = {name: sum(found) / len(found) for name, found in by_group.items()}
    return {
        id_: _expecting(task, known.get(id_) or means.get(specs[id_].group, 0.0))
        for id_, task in tasks.items()
    }


def _expecting(task: Task, expected_s: float) -> Task:
    if not isinstance(task.phase, AT_REST) or task.expected_s == expected_s:
        return task
    return replace(task, expected_s=expected_s)
