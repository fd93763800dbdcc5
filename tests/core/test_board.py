"""A client's picture after changes."""

from dataclasses import replace

from supervisor.core.board import EMPTY, Change, Head, TaskRow, applied
from supervisor.core.containers import ContainerRow
from supervisor.core.models import TaskId


def row(name: str, phase: str = "waiting") -> TaskRow:
    return TaskRow(task=TaskId(f"g/{name}"), group="g", phase=phase)


def change(seq: int, *rows: TaskRow, whole: bool = False) -> Change:
    return Change(seq=seq, whole=whole, head=Head(batch="b"), tasks=rows)


def test_a_change_replaces_rows_and_keeps_the_others_in_place() -> None:
    board = applied(EMPTY, change(1, row("a"), row("b"), whole=True))
    after = applied(board, change(2, row("a", "running")))
    assert [(one.task, one.phase) for one in after.tasks.values()] == [
        ("g/a", "running"),
        ("g/b", "waiting"),
    ]
    assert after.connected
    assert (board.seq, after.seq) == (1, 2)


def test_a_whole_change_forgets_what_was() -> None:
    board = applied(EMPTY, change(1, row("a"), whole=True))
    assert list(applied(board, change(2, row("b"), whole=True)).tasks) == ["g/b"]


def test_containers_come_change_and_go() -> None:
    def seen(seq: int, *rows: ContainerRow, gone: tuple[str, ...] = ()) -> Change:
        return Change(seq=seq, whole=False, head=Head(), tasks=(), containers=rows, gone=gone)

    a, b = ContainerRow(id="a", name="a", image="i"), ContainerRow(id="b", name="b", image="i")
    board = applied(applied(EMPTY, seen(1, a, b)), seen(2, replace(a, state="busy"), gone=("b",)))
    assert [(one.id, one.state) for one in board.containers.values()] == [("a", "busy")]
    assert not applied(board, change(3, whole=True)).containers
