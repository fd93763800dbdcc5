"""A batch is its rows: what is assembled from them is the same batch."""

from supervisor.core.batch import Rows
from supervisor.core.models import ErrorClass, GroupId, LimitId, TaskId
from supervisor.core.phase import Waiting
from supervisor.core.state import all_rows, assemble, fresh, rows_changed, spec_of
from tests.fakes.night import UUID, after, batch_spec, begun, ended, failed, group, started, task


def test_a_fresh_batch_has_every_task_waiting() -> None:
    spec = batch_spec(["g/a", task("g/b", not_before=5.0)], parallel=3)
    batch = fresh(spec, UUID, 7.0)
    assert batch.desk.started_at == 7
    assert batch.desk.parallel == 3
    assert [one.phase for one in batch.tasks.values()] == [Waiting(), Waiting(not_before=5.0)]
    assert batch.open == 2
    assert spec_of(batch) == spec


def test_a_batch_comes_back_from_its_rows() -> None:
    batch = after(
        begun([f"g/{letter}" for letter in "abcdef"], [group(parallel=3)]),
        (started("g/a", 1, 1), 1),
        (ended("g/b", 1, 5), 5),
        (failed("g/a", 1, 6), 6),
        (failed("g/c", 1, 7, ErrorClass.QUOTA), 7),
    )
    again = assemble(spec_of(batch), all_rows(batch))
    assert again == batch
    assert again.spent[GroupId("g")] == (1, 5000)
    assert again.held[LimitId("g")].first == (2, TaskId("g/c"))


def test_rows_that_are_missing_are_new() -> None:
    batch = begun(["g/a"])
    wider = assemble(batch_spec(["g/a", "h/b"]), all_rows(batch))
    assert wider.tasks[TaskId("g/a")] == batch.tasks[TaskId("g/a")]
    assert wider.tasks[TaskId("h/b")].attempt == 0


def test_only_changed_rows_are_named() -> None:
    before = begun(["g/a", "h/b"])
    later = after(before, (ended("g/a", 1, 5), 5))
    assert rows_changed(before, before) == Rows()
    changed = rows_changed(before, later)
    assert list(changed.tasks) == ["g/a"]
    assert changed.groups == {}
    assert changed.desk is later.desk
