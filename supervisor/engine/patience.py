"""What the batch file and the runner's profile say about watching a living attempt."""

from collections.abc import Iterable
from dataclasses import dataclass

from supervisor.core import stillness
from supervisor.core.containers import ContainerRow
from supervisor.core.models import Signal, TaskId
from supervisor.core.phase import Running
from supervisor.core.state import Batch
from supervisor.ports import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long silence of an attempt lasts before it is told, and what silence is."""

    quiet_s: float
    signals: tuple[Signal, ...]


def patience_with(batch: Batch, ref: Ref) -> Patience | None:
    """Return the patience with the attempt; None where silence means nothing: it does not run."""
    task = batch.tasks.get(ref.task)
    if task is None or not isinstance(task.phase, Running):
        return None
    spec = batch.specs[ref.task]
    group = batch.group_specs[spec.group]
    quiet_s = stillness.patience_s(group, spec, batch.head)
    return Patience(quiet_s=quiet_s, signals=group.stall.signals)


def working(rows: Iterable[ContainerRow]) -> frozenset[TaskId]:
    """Return the tasks of which a container works, or waits for a model's answer."""
    return frozenset(
        row.task for row in rows if row.task is not None and (row.state == "busy" or row.answering)
    )


def counter_pattern(batch: Batch, ref: Ref) -> str | None:
    """Return what the attempt's counter looks like, where anybody said so."""
    spec = batch.specs.get(ref.task)
    if spec is None:
        return None
    return stillness.counter_pattern(batch.group_specs[spec.group], spec, batch.head)
