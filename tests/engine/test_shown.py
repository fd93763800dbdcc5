"""Readings: what differs is told, what is over is shown no longer."""

from supervisor.core.board import Head, TaskRow
from supervisor.core.containers import ContainerCounts, ContainerRow, ContainersNow
from supervisor.core.models import TaskId
from supervisor.engine.process_load import Used
from supervisor.engine.shown import Shown
from supervisor.ports import Ref

A = TaskId("g/a")


def one(id_: str, state: str = "idle", **more: object) -> ContainerRow:
    facts: dict[str, object] = {"task": A, "owned": True, "state": state}
    return ContainerRow(id=id_, name=id_, image="i", **(facts | more))  # type: ignore[arg-type]


def rows(*given: ContainerRow) -> dict[str, ContainerRow]:
    return {row.id: row for row in given}


def test_only_what_differs_is_told() -> None:
    shown, now = Shown(), ContainersNow(host_cores=8)
    assert shown.containers(rows(one("1"), one("2")), now) == ({"1", "2"}, {A}, True)
    assert shown.containers(rows(one("1"), one("2")), now) == (set(), set(), False)
    assert shown.containers(rows(one("1"), one("2", cores=0.1)), now) == ({"2"}, set(), True)
    assert shown.containers(rows(one("1", "busy")), now) == ({"1", "2"}, {A}, True)
    busier = ContainersNow(host_cores=8, host_busy=3.0)
    assert shown.containers(rows(one("1", "busy")), busier) == (set(), set(), True)


def test_counts_stand_in_the_head_and_at_the_task() -> None:
    shown = Shown()
    assert shown.head(Head()) == Head()
    found = rows(one("1", "busy"), one("2"), one("3", task=None, owned=False))
    shown.containers(found, ContainersNow(host_cores=8, daemon_busy=0.4))
    head = shown.head(Head())
    assert head.containers == ContainerCounts(busy=1, idle=2)
    assert (head.host_cores, head.daemon_busy) == (8, 0.4)
    row = TaskRow(task=A, group="g", phase="running", attempt=1)
    assert shown.task(row).containers == ContainerCounts(busy=1, idle=1)
    other = TaskRow(task=TaskId("g/b"), group="g", phase="running")
    assert shown.task(other) == other


def test_usage_belongs_to_the_attempt_that_lives() -> None:
    shown = Shown()
    assert shown.used(Ref(A, 1), Used(mem_bytes=5 << 20))
    assert shown.used(Ref(A, 1), Used(cores=0.25, mem_bytes=5 << 20))
    assert not shown.used(Ref(A, 1), Used(cores=0.25, mem_bytes=5 << 20))
    row = TaskRow(task=A, group="g", phase="running", attempt=1)
    assert (shown.task(row).cores, shown.task(row).mem_bytes) == (0.25, 5 << 20)
    again = TaskRow(task=A, group="g", phase="running", attempt=2)
    assert shown.task(again) == again
    over = TaskRow(task=A, group="g", phase="succeeded", attempt=1)
    assert shown.task(over) == over
    assert shown.tasks() == {A}


def test_a_starved_runner_says_so_where_nothing_else_is_said() -> None:
    shown = Shown()
    shown.used(Ref(A, 1), Used(cores=0.3, waits=0.62, starved=True))
    row = TaskRow(task=A, group="g", phase="running", attempt=1)
    assert shown.task(row).note == "short of CPU: waits 62% of its time"
    quiet = TaskRow(task=A, group="g", phase="running", attempt=1, note="no sign of life")
    assert shown.task(quiet).note == "no sign of life"
