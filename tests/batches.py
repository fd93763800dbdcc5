"""A batch after a bad night, with every kind of end in it."""

from dataclasses import replace

from supervisor.core.batch import Closed, Desk, Group, Holding, Limit, Open, Rows, Task
from supervisor.core.models import (
    AttemptRecord,
    BatchSpec,
    ErrorClass,
    GroupId,
    GroupSpec,
    LimitId,
    LimitSpec,
    TaskId,
    TaskSpec,
)
from supervisor.core.phase import (
    Aborted,
    Cancelled,
    Failed,
    Held,
    Phase,
    Running,
    Succeeded,
    Waiting,
)
from supervisor.core.state import Batch, all_rows, assemble, spec_of
from supervisor.core.told import BadItem, Told

START = 1_770_000_000.0
"""2026-02-02 02:40:00 UTC."""
STATE_DIR = "/night/.overnight/night"

SCI, CORE = GroupId("scicode"), GroupId("corebench")
TRAPI = LimitId("trapi")
FAILED_FILE = "/night/.tmp/scicode_failed_tasks.json"


def bad_night() -> Batch:
    """Return the batch: 1 succeeded after a retry, 2 failed, 1 aborted, and so on."""
    tasks = {task.id: task for task in _TASKS}
    rows = Rows(
        desk=Desk(uuid="u-1", name="night", seq=40, started_at=START),
        tasks=tasks,
        groups={
            SCI: Group(name=SCI, parallel=4, breaker=Closed()),
            CORE: Group(
                name=CORE,
                parallel=2,
                breaker=Open(since=START + 60, probe_at=None, cause="5 consecutive failures"),
            ),
        },
        limits={
            TRAPI: Limit(
                name=TRAPI,
                phase=Holding(
                    since=START + 300, until=START + 7200, reason="resets 4am", needs_operator=True
                ),
                pause_count=3,
                waited_s=600.0,
            )
        },
    )
    return assemble(_SPEC, rows)


def ended() -> Batch:
    """Return a batch in which everything went well, and is over."""
    spec = replace(_SPEC, tasks=_SPEC.tasks[:1])
    done = replace(_TASKS[0], history=_TASKS[0].history[1:], attempt=1)
    desk = Desk(uuid="u-1", name="night", started_at=START, ended_at=START + 3600)
    return assemble(spec, Rows(desk=desk, tasks={done.id: done}))


def record(
    attempt: int, error_class: ErrorClass | None, cause: str = "", code: int = 1
) -> AttemptRecord:
    """Return an attempt that took ten seconds."""
    began_at = START + 100 * attempt
    return AttemptRecord(
        attempt=attempt,
        started_at=began_at,
        ended_at=began_at + 10,
        code=0 if error_class is None else code,
        error_class=error_class,
        cause=cause,
        counted=error_class is not None,
        decision="done" if error_class is None else "back off 30 s",
    )


def _task(id_: str, phase: Phase, *history: AttemptRecord) -> Task:
    return Task(id=TaskId(id_), phase=phase, attempt=len(history), history=history)


_CAUSE = (
    "login expired: openai.AuthenticationError: Error code: 401 | api_key=sk-live1234567890abcdef"
)
_TASKS = (
    _task(
        "scicode/done",
        Succeeded(attempt=2, ended_at=START + 210),
        record(1, ErrorClass.NETWORK, "Connection reset by peer"),
        record(2, None),
    ),
    _task(
        "scicode/expired",
        Failed(attempt=2, ended_at=START + 210, error_class=ErrorClass.AUTH, cause=_CAUSE),
        record(1, ErrorClass.AUTH, _CAUSE),
        record(2, ErrorClass.AUTH, _CAUSE),
    ),
    _task(
        "corebench/Qwen/7B",
        Failed(attempt=1, ended_at=START + 110, error_class=ErrorClass.BROKEN, cause="exit 127"),
        record(1, ErrorClass.BROKEN, "exit 127", code=127),
    ),
    _task("corebench/never", Aborted(attempt=0, ended_at=START + 60, cause="aborted: 5 in a row")),
    _task("corebench/off", Cancelled(attempt=0, ended_at=START + 70, cause="cancelled by eva")),
    _task("corebench/lives", Running(attempt=1, since=START, slot=1, pid=4711)),
    _task("scicode/waits", Waiting()),
    _task(
        "scicode/held",
        Held(attempt=1, limit=TRAPI, since=START, error_class=ErrorClass.AUTH, cause="401"),
        record(1, ErrorClass.AUTH, "401"),
    ),
)
_SPEC = BatchSpec(
    name="night",
    directory=STATE_DIR,
    source="/night/night.yaml",
    groups=(GroupSpec(name=SCI, failed_file=FAILED_FILE), GroupSpec(name=CORE)),
    limits=(LimitSpec(name=TRAPI),),
    tasks=tuple(
        TaskSpec(
            id=task.id,
            group=GroupId(task.id.partition("/")[0]),
            run="true",
            cwd="/night",
            limits=(TRAPI,),
            index=index,
            params={"id": task.id, "token": "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0"} if index == 1 else {},
        )
        for index, task in enumerate(_TASKS)
    ),
)


def with_items(batch: Batch, *, cost: float = 0.0) -> Batch:
    """The night, in which items inside of the expired task failed; of one of two it said why."""
    expired = TaskId("scicode/expired")
    item = BadItem(id="q1", error_class="timeout", text="late")
    task = batch.tasks[expired]
    *before, last = task.history
    told = Told(errors=2, failed=(item,), cost=cost)
    task = replace(task, history=(*before, replace(last, told=told)))
    rows = all_rows(batch)
    return assemble(spec_of(batch), replace(rows, tasks={**rows.tasks, expired: task}))
