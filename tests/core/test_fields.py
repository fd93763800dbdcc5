from supervisor.core.board import TaskRow
from supervisor.core.containers import ContainerRow
from supervisor.core.fields import CONTAINER_FIELDS, RUNNER_FIELDS, TASK_FIELDS
from supervisor.core.machine import RunnerRow
from supervisor.core.names import ErrorClass, TaskId
from supervisor.core.phase import WORDS
from supervisor.core.phase_order import PHASES
from supervisor.core.query import parse

NOW = 5000.0
TASK = TaskRow(
    task=TaskId("core/cap-1"),
    group="core",
    phase="backing_off",
    attempt=3,
    since=NOW - 660,
    error_class=ErrorClass.AUTH,
    cause="Error code: 401",
    note="waits for trapi",
    next_at=NOW + 30,
    progress=(1, 4),
    pid=17,
    container="box",
    cores=0.5,
    mem_bytes=3 << 20,
)
BOX = ContainerRow(
    id="f" * 64,
    name="agentrun--1",
    image="hal:latest",
    task=TaskId("core/cap-1"),
    group="core",
    state="dead_idle",
    quiet_since=NOW - 700,
    created_at=NOW - 9000,
    cores=0.0,
    mem_bytes=12 << 20,
    pids=2,
    net_rate=100.0,
    why="nothing but a sleeper",
)


def test_every_field_of_a_task_can_be_asked_for() -> None:
    text = (
        "task:cap group:core state:backing class:auth cause:401 note:trapi attempts>2 age>10m"
        " next<1m progress:25 cpu<1 mem>1M container:box pid:17"
    )
    query = parse(text, TASK_FIELDS)
    assert len(query.terms) == len(TASK_FIELDS.by_name)
    assert query.matches(TASK, NOW)


def test_every_field_of_a_container_can_be_asked_for() -> None:
    text = (
        "name:agent task:cap group:core state:dead image:hal owned:no why:sleeper idle>10m age>1h"
        " cpu<1 mem>1M pids:2 net>10 id:ff"
    )
    query = parse(text, CONTAINER_FIELDS)
    assert len(query.terms) == len(CONTAINER_FIELDS.by_name)
    assert query.matches(BOX, NOW)


def test_every_field_of_a_running_task_can_be_asked_for() -> None:
    text = "task:cap group:core attempts>1 cpu>1 mem>1M procs:2 threads:3 files:4 waits>50 core/cap"
    row = RunnerRow(
        task=TaskId("core/cap-1"),
        attempt=2,
        cores=1.5,
        mem_bytes=2 << 20,
        processes=2,
        threads=3,
        files=4,
        waits=0.6,
    )
    query = parse(text, RUNNER_FIELDS)
    assert len(query.terms) == len(RUNNER_FIELDS.by_name) + 1
    assert query.matches(row, NOW)
    unknown = RunnerRow(task=TaskId("core/cap-1"), attempt=2)
    assert not parse("waits<50", RUNNER_FIELDS).matches(unknown, NOW)


def test_words_are_looked_for_in_what_a_row_says() -> None:
    for text in ('"backing off"', "401", "trapi", "cap-1", "box"):
        assert parse(text, TASK_FIELDS).matches(TASK, NOW)
    for text in ('"dead idle"', "unowned", "sleeper", "hal:latest".replace(":", "?")):
        assert parse(text, CONTAINER_FIELDS).matches(BOX, NOW)
    assert not parse("core failed", TASK_FIELDS).matches(TASK, NOW)


def test_examples_are_queries_and_every_phase_is_known() -> None:
    for example in TASK_FIELDS.examples:
        parse(example, TASK_FIELDS)
    for example in CONTAINER_FIELDS.examples:
        parse(example, CONTAINER_FIELDS)
    for example in RUNNER_FIELDS.examples:
        parse(example, RUNNER_FIELDS)
    assert sorted(PHASES) == sorted(WORDS.values())
    assert not parse("progress>0", TASK_FIELDS).matches(
        TaskRow(task=TaskId("a/b"), group="a", phase="waiting"), NOW
    )
