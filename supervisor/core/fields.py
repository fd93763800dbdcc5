"""What a query may ask of a task, of a container, and of the processes of a running task."""

from types import MappingProxyType

from supervisor.core.board import TaskRow
from supervisor.core.containers import STATES, ContainerRow
from supervisor.core.machine import RunnerRow
from supervisor.core.names import ErrorClass
from supervisor.core.phase_order import PHASES
from supervisor.core.query import Field, Fields


def _words_of_task(row: TaskRow) -> str:
    phase = row.phase
    return (
        f"{row.task}\n{phase}\n{phase.replace('_', ' ')}\n{row.error_class or ''}\n"
        f"{row.cause or ''}\n{row.note or ''}\n{row.container or ''}"
    )


def _words_of_container(row: ContainerRow) -> str:
    owned = "" if row.owned else "unowned"
    facts = (row.name, row.image, row.task, row.group, row.state, row.why, owned, row.id)
    return "\n".join(fact for fact in (*facts, row.state.replace("_", " ")) if fact)


def _percent(row: TaskRow) -> float | None:
    done, total = row.progress or (0, 0)
    return done * 100 / total if total else None


TASK_FIELDS: Fields[TaskRow] = Fields(
    by_name=MappingProxyType(
        {
            "task": Field(help="group and name", value=lambda row: row.task),
            "group": Field(help="its group", value=lambda row: row.group),
            "state": Field(help="its state", value=lambda row: row.phase, known=PHASES),
            "class": Field(
                help="error class of its last bad end",
                value=lambda row: row.error_class,
                known=tuple(ErrorClass),
            ),
            "cause": Field(help="the line that explains that end", value=lambda row: row.cause),
            "note": Field(help="what it waits for or does", value=lambda row: row.note),
            "attempts": Field(help="attempts begun", value=lambda row: row.attempt, kind="number"),
            "age": Field(help="time in its state", value=lambda row: row.since, kind="age"),
            "next": Field(help="time until it goes on", value=lambda row: row.next_at, kind="wait"),
            "progress": Field(help="how much is done", value=_percent, kind="percent"),
            "cpu": Field(help="cores in use", value=lambda row: row.cores, kind="number"),
            "mem": Field(help="memory in use", value=lambda row: row.mem_bytes, kind="size"),
            "container": Field(help="the one it runs in", value=lambda row: row.container),
            "pid": Field(help="its process", value=lambda row: row.pid and str(row.pid)),
        }
    ),
    words=_words_of_task,
    examples=("class:auth attempts>2", "group:core* -state:succeeded", 'age>10m "weekly limit"'),
)

CONTAINER_FIELDS: Fields[ContainerRow] = Fields(
    by_name=MappingProxyType(
        {
            "name": Field(help="its name", value=lambda row: row.name),
            "task": Field(help="the task that made it", value=lambda row: row.task),
            "group": Field(help="the group of that task", value=lambda row: row.group),
            "state": Field(help="its state", value=lambda row: row.state, known=STATES),
            "image": Field(help="what it was made from", value=lambda row: row.image),
            "owned": Field(
                help="proved to be of this batch",
                value=lambda row: "yes" if row.owned else "no",
                known=("yes", "no"),
            ),
            "why": Field(help="what its state was judged by", value=lambda row: row.why),
            "idle": Field(help="time without work", value=lambda row: row.quiet_since, kind="age"),
            "age": Field(
                help="time since it was made", value=lambda row: row.created_at or None, kind="age"
            ),
            "cpu": Field(help="cores in use", value=lambda row: row.cores, kind="number"),
            "mem": Field(help="memory in use", value=lambda row: row.mem_bytes, kind="size"),
            "pids": Field(help="processes", value=lambda row: row.pids, kind="number"),
            "net": Field(help="bytes a second", value=lambda row: row.net_rate, kind="size"),
            "id": Field(help="its engine's id", value=lambda row: row.id),
        }
    ),
    words=_words_of_container,
    examples=("state:dead_idle idle>30m", "owned:no", "task:corebench* mem>2G -state:busy"),
)

RUNNER_FIELDS: Fields[RunnerRow] = Fields(
    by_name=MappingProxyType(
        {
            "task": Field(help="group and name", value=lambda row: row.task),
            "group": Field(help="its group", value=lambda row: row.task.partition("/")[0]),
            "attempts": Field(help="attempts begun", value=lambda row: row.attempt, kind="number"),
            "cpu": Field(help="cores in use", value=lambda row: row.cores, kind="number"),
            "mem": Field(help="memory in use", value=lambda row: row.mem_bytes, kind="size"),
            "procs": Field(help="processes", value=lambda row: row.processes, kind="number"),
            "threads": Field(help="threads", value=lambda row: row.threads, kind="number"),
            "files": Field(help="open files", value=lambda row: row.files, kind="number"),
            "waits": Field(
                help="time they waited for a core",
                value=lambda row: None if row.waits is None else row.waits * 100,
                kind="percent",
            ),
        }
    ),
    words=lambda row: row.task,
    examples=("cpu>2", "group:core* mem>4G", "waits>50 -task:*judge*"),
)
