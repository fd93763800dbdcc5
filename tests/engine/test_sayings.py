"""The newest word of each runner, shown with the attempt that said it."""

from supervisor.core.board import TaskRow
from supervisor.core.models import TaskId
from supervisor.core.told import BadItem, Told, Wait
from supervisor.engine.sayings import Sayings
from supervisor.ports import Ref

A = TaskId("g/a")
BAD = BadItem(id="q", error_class="timeout", text="late")


def row(attempt: int) -> TaskRow:
    return TaskRow(task=A, group="g", phase="running", attempt=attempt)


def test_only_what_differs_is_news() -> None:
    sayings = Sayings()
    assert sayings.progress(Ref(A, 1), 1, 9, 0.0)
    assert not sayings.progress(Ref(A, 1), 1, 9, 5.0)
    assert sayings.progress(Ref(A, 1), 2, 9, 5.0)
    assert sayings.told(Ref(A, 1), Told(item="q"))
    assert not sayings.told(Ref(A, 1), Told(item="q"))
    assert sayings.tasks() == {A}
    assert sayings.paces[A].done == 2


def test_a_row_has_what_its_attempt_said_without_the_items() -> None:
    sayings = Sayings()
    assert sayings.row(row(1)) == row(1)
    sayings.progress(Ref(A, 1), 1, 9, 0.0)
    sayings.told(Ref(A, 1), Told(errors=1, failed=(BAD,)))
    shown = sayings.row(row(1))
    assert (shown.progress, shown.told) == ((1, 9), Told(errors=1))
    assert sayings.row(row(2)) == row(2)
    told = sayings.of(A, 1)
    assert told is not None
    assert told.failed == (BAD,)
    assert sayings.of(A, 2) is None


def test_a_wait_counts_for_the_pace() -> None:
    sayings = Sayings()
    sayings.progress(Ref(A, 1), 1, 9, 0.0)
    sayings.told(Ref(A, 1), Told(wait=Wait(until=500.0, why="429")))
    assert sayings.paces[A].rests_until == 500.0
    sayings.told(Ref(A, 1), Told())
    assert sayings.paces[A].rests_until == 0.0
