"""A small batch, its rows, and steps of it, for tests of journals."""

from supervisor.core.batch import Desk, Group, Holding, Limit, Rows, Task
from supervisor.core.effects import Record
from supervisor.core.models import (
    BatchSpec,
    CommandSpec,
    ErrorClass,
    GroupId,
    GroupSpec,
    LimitId,
    LimitSpec,
    TaskId,
    TaskSpec,
)
from supervisor.core.phase import Running
from supervisor.ports import Entry

G = GroupId("g")
API = LimitId("api")


def batch_spec(*names: str) -> BatchSpec:
    """Return a batch with one group and these tasks (default: a, b, c)."""
    return BatchSpec(
        name="night",
        directory="/nowhere/.overnight/night",
        source="/nowhere/night.yaml",
        groups=(GroupSpec(name=G, attempts_by_class={ErrorClass.NETWORK: 8}, success_exit=(0,)),),
        limits=(LimitSpec(name=API, refresh=CommandSpec(run="az login")),),
        tasks=tuple(
            TaskSpec(
                id=TaskId(f"g/{name}"),
                group=G,
                run=("python", "eval.py", name),
                cwd="/nowhere",
                params={"id": name},
                limits=(API,),
                index=index,
            )
            for index, name in enumerate(names or ("a", "b", "c"))
        ),
    )


def batch_rows(*names: str, seq: int = 0) -> Rows:
    """Return the rows of ``batch_spec`` at its beginning."""
    tasks = [TaskId(f"g/{name}") for name in names or ("a", "b", "c")]
    hold = Holding(since=900.0, until=None, reason="login expired")
    return Rows(
        desk=Desk(uuid="u-1", name="night", started_at=1000.0, seq=seq),
        tasks={task: Task(id=task) for task in tasks},
        groups={G: Group(name=G, parallel=4)},
        limits={API: Limit(name=API, phase=hold)},
    )


def running(task: str, attempt: int) -> Task:
    """Return a task in its ``attempt``-th attempt."""
    phase = Running(attempt=attempt, since=1000.0, slot=1, pid=4711)
    return Task(id=TaskId(task), phase=phase, attempt=attempt)


def entry(seq: int, *tasks: Task) -> Entry:
    """Return a step that brought ``tasks`` to where they are."""
    return Entry(
        seq=seq,
        at=1000.0 + seq,
        event='{"kind":"Tick"}',
        rows=Rows(tasks={task.id: task for task in tasks}),
        records=tuple(
            Record(kind="launch", subject=task.id, text=f"attempt {task.attempt}") for task in tasks
        ),
    )
