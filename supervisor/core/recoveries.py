"""Per group: how many tasks failed at first, and what trying again made of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from supervisor.core.batch import Task
from supervisor.core.models import ErrorClass, GroupId
from supervisor.core.phase import Failed, Succeeded
from supervisor.core.state import Batch


@dataclass(slots=True)
class Recoveries:
    """Counts of one group. An end that the operator asked for is no failure."""

    total_failures: int = 0
    """Tasks that ended badly at least once."""
    recovered_by_retry: int = 0
    """Those of them that have succeeded since."""
    final_failed: int = 0
    """Tasks that failed for good."""
    retry_attempts: int = 0
    """Attempts after the first of a task."""


def recoveries(batch: Batch) -> Mapping[GroupId, Recoveries]:
    """Return the counts of every group, in the order of the batch file."""
    found = {name: Recoveries() for name in batch.groups}
    for task in batch.tasks.values():
        _count(found[batch.specs[task.id].group], task)
    return found


def _count(counts: Recoveries, task: Task) -> None:
    counts.retry_attempts += max(0, task.attempt - 1)
    counts.final_failed += isinstance(task.phase, Failed)
    if any(_is_bad(record.error_class) for record in task.history):
        counts.total_failures += 1
        counts.recovered_by_retry += isinstance(task.phase, Succeeded)


def _is_bad(error_class: ErrorClass | None) -> bool:
    return error_class is not None and error_class is not ErrorClass.OPERATOR
