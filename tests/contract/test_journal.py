"""What every journal must do, whether it keeps things on a disk or in memory."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from supervisor.adapters.journal import SqliteJournal
from supervisor.core.batch import Desk, Rows, Task
from supervisor.core.effects import Record
from supervisor.core.models import GroupId, TaskId
from supervisor.ports import Entry, Journal, JournalError
from tests.fakes.journal import MemoryJournal, Shelf
from tests.journals import batch_rows, batch_spec, entry, running

Reopen = Callable[[], Journal]


@pytest.fixture(params=["memory", "sqlite"])
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reopen]:
    """Open the same journal again, as the next engine would; earlier ones are closed first."""
    shelf = Shelf()
    opened: list[Journal] = []

    def open_again() -> Journal:
        for earlier in opened:
            earlier.close()
        if request.param == "memory":
            opened.append(MemoryJournal(shelf))
        else:
            opened.append(SqliteJournal(tmp_path / "state.db"))
        return opened[-1]

    yield open_again
    for journal in opened:
        journal.close()


def begun(reopen: Reopen) -> Journal:
    journal = reopen()
    journal.begin(batch_spec(), batch_rows())
    return journal


def test_a_new_journal_is_empty(reopen: Reopen) -> None:
    assert reopen().load() is None
    assert reopen().load(fallback_spec=batch_spec()) is None


def test_what_was_begun_is_loaded(reopen: Reopen) -> None:
    begun(reopen)
    stored = reopen().load()
    assert stored is not None
    assert stored.spec == batch_spec()
    assert stored.rows == batch_rows()
    assert stored.offsets == {}
    assert (stored.notes, stored.moved_from) == ((), None)


def test_commits_are_there_after_reopening(reopen: Reopen) -> None:
    journal = begun(reopen)
    journal.commit([entry(1, running("g/a", 1)), entry(2, running("g/b", 1))])
    journal.commit([entry(3, running("g/a", 2))])
    stored = reopen().load()
    assert stored is not None
    assert stored.rows.desk is not None
    assert stored.rows.desk.seq == 3
    assert stored.rows.tasks[TaskId("g/a")] == running("g/a", 2)
    assert stored.rows.tasks[TaskId("g/b")] == running("g/b", 1)
    assert stored.rows.tasks[TaskId("g/c")] == Task(id=TaskId("g/c"))


def test_each_kind_of_row_is_replaced(reopen: Reopen) -> None:
    rows = batch_rows()
    journal = begun(reopen)
    changed = Rows(
        desk=Desk(uuid="u-1", name="night", seq=1, paused=True),
        groups={name: replace(group, parallel=9) for name, group in rows.groups.items()},
        limits={name: replace(limit, holds=2) for name, limit in rows.limits.items()},
    )
    journal.commit([Entry(seq=1, at=1.0, event="{}", rows=changed)])
    stored = reopen().load()
    assert stored is not None
    assert stored.rows == replace(changed, tasks=rows.tasks)


def test_the_last_row_of_several_steps_wins(reopen: Reopen) -> None:
    journal = begun(reopen)
    journal.commit([entry(number, running("g/a", number)) for number in range(1, 9)])
    stored = reopen().load()
    assert stored is not None
    assert stored.rows.tasks[TaskId("g/a")].attempt == 8


def test_writing_an_entry_again_changes_nothing(reopen: Reopen) -> None:
    journal = begun(reopen)
    journal.commit([entry(1, running("g/a", 1)), entry(2, running("g/a", 2))])
    journal.commit([entry(1, running("g/a", 1))])
    journal.commit([entry(2, running("g/a", 7)), entry(3, running("g/b", 1))])
    assert [one.seq for one in journal.decisions((), 10)] == [1, 2, 3]
    again = reopen()
    again.load()
    again.commit([entry(3, running("g/b", 5))])
    stored = reopen().load()
    assert stored is not None
    assert stored.rows.tasks[TaskId("g/a")].attempt == 2
    assert stored.rows.tasks[TaskId("g/b")].attempt == 1


def test_an_empty_commit_does_nothing(reopen: Reopen) -> None:
    journal = begun(reopen)
    journal.commit([])
    assert journal.decisions((), 10) == []


def test_decisions_are_found_by_subject_newest_kept_oldest_first(reopen: Reopen) -> None:
    journal = begun(reopen)
    for seq in range(1, 7):
        records = (
            Record(kind="launch", subject="g/a", text=f"attempt {seq}"),
            Record(kind="hold", subject="api", text="resets 4pm"),
        )
        journal.commit([replace(entry(seq), records=records)])
    found = journal.decisions(("g/a",), 2)
    assert [(one.seq, one.kind, one.text) for one in found] == [
        (5, "launch", "attempt 5"),
        (6, "launch", "attempt 6"),
    ]
    assert [one.kind for one in journal.decisions(("g/a", "api"), 3)] == ["hold", "launch", "hold"]
    assert len(journal.decisions((), 100)) == 12
    assert journal.decisions(("nobody",), 5) == []
    assert {one.kind for one in journal.decisions((), 100, ("hold",))} == {"hold"}
    assert [one.kind for one in journal.decisions(("g/a", "api"), 1, ("launch",))] == ["launch"]
    assert journal.decisions((), 1)[0].at == 1006.0


def test_offsets_become_durable_with_the_next_commit(reopen: Reopen) -> None:
    journal = begun(reopen)
    journal.save_offsets({(TaskId("g/a"), 1, "stdout"): 10, (TaskId("g/a"), 1, "stderr"): 5})
    journal.save_offsets({(TaskId("g/a"), 1, "stdout"): 20})
    journal.commit([entry(1, running("g/a", 1))])
    stored = reopen().load()
    assert stored is not None
    assert stored.offsets == {
        (TaskId("g/a"), 1, "stdout"): 20,
        (TaskId("g/a"), 1, "stderr"): 5,
    }


def test_offsets_become_durable_at_close(reopen: Reopen) -> None:
    begun(reopen).save_offsets({(TaskId("g/a"), 1, "stdout"): 10})
    stored = reopen().load()
    assert stored is not None
    assert stored.offsets == {(TaskId("g/a"), 1, "stdout"): 10}


def test_the_spec_is_replaced_and_keeps_its_order(reopen: Reopen) -> None:
    journal = begun(reopen)
    spec = batch_spec("a", "b", "c", "d", "e")
    edited = replace(spec.tasks[1], run="echo edited")
    spec = replace(spec, tasks=(spec.tasks[0], edited, *spec.tasks[3:]))
    journal.save_spec(spec)
    stored = reopen().load()
    assert stored is not None
    assert stored.spec == spec


def test_a_replanned_batch_keeps_its_history(reopen: Reopen) -> None:
    journal = begun(reopen)
    journal.commit([entry(1, running("g/a", 1)), entry(2, running("g/b", 1))])
    journal.save_offsets({(TaskId("g/a"), 1, "stdout"): 7, (TaskId("g/b"), 1, "stdout"): 8})
    again = reopen()
    stored = again.load()
    assert stored is not None
    tasks = {TaskId("g/a"): running("g/a", 2), TaskId("g/b"): running("g/b", 1)}
    again.begin(batch_spec("a", "b"), replace(stored.rows, tasks=tasks))
    again.commit([entry(3, running("g/a", 3))])
    stored = reopen().load()
    assert stored is not None
    assert stored.spec == batch_spec("a", "b")
    assert stored.rows.tasks == {**tasks, TaskId("g/a"): running("g/a", 3)}
    assert stored.offsets == {(TaskId("g/b"), 1, "stdout"): 8}
    journal = reopen()
    journal.load()
    assert [one.seq for one in journal.decisions((), 10)] == [1, 2, 3]


def test_another_batch_in_the_same_place_has_no_history(reopen: Reopen) -> None:
    journal = begun(reopen)
    journal.commit([entry(1, running("g/a", 1))])
    journal.save_offsets({(TaskId("g/a"), 1, "stdout"): 7})
    again = reopen()
    again.begin(batch_spec("z"), replace(batch_rows("z"), desk=Desk(uuid="u-2", name="night")))
    assert again.decisions((), 10) == []
    stored = reopen().load()
    assert stored is not None
    assert stored.spec == batch_spec("z")
    assert stored.rows.tasks == {TaskId("g/z"): Task(id=TaskId("g/z"))}
    assert stored.offsets == {}


def test_a_batch_begun_at_an_earlier_step_forgets_the_later_ones(reopen: Reopen) -> None:
    journal = begun(reopen)
    journal.commit([entry(1, running("g/a", 1)), entry(2, running("g/a", 2))])
    journal.begin(batch_spec(), batch_rows(seq=1))
    assert [one.seq for one in journal.decisions((), 10)] == [1]
    journal.commit([entry(2, running("g/b", 1))])
    assert journal.decisions((), 1)[0].subject == "g/b"


def test_names_may_hold_any_character(reopen: Reopen) -> None:
    odd = "Qwen/Qwen2.5 7B 日本 %~ \udcff'\""
    journal = reopen()
    journal.begin(batch_spec(odd), batch_rows(odd))
    task = running(f"g/{odd}", 1)
    journal.commit([entry(1, task)])
    journal.save_offsets({(task.id, 1, "stdout"): 3})
    stored = reopen().load()
    assert stored is not None
    assert stored.rows.tasks == {task.id: task}
    assert stored.spec == batch_spec(odd)
    assert stored.offsets == {(task.id, 1, "stdout"): 3}


def test_a_generation_can_be_kept_at_any_time(reopen: Reopen) -> None:
    journal = begun(reopen)
    for seq in range(1, 6):
        journal.keep_generation()
        journal.commit([entry(seq, running("g/a", seq))])
    stored = reopen().load()
    assert stored is not None
    assert stored.rows.tasks[TaskId("g/a")].attempt == 5


def test_nothing_works_before_it_was_begun_or_loaded(reopen: Reopen) -> None:
    journal = reopen()
    for use in USES:
        with pytest.raises(JournalError):
            use(journal)


def test_nothing_works_after_close_and_closing_again_is_allowed(reopen: Reopen) -> None:
    journal = begun(reopen)
    journal.close()
    journal.close()
    for use in (*USES, lambda one: one.decisions((), 1), lambda one: one.load()):
        with pytest.raises(JournalError):
            use(journal)
    with pytest.raises(JournalError):
        journal.begin(batch_spec(), batch_rows())


USES: tuple[Callable[[Journal], object], ...] = (
    lambda journal: journal.commit([entry(1)]),
    lambda journal: journal.save_spec(batch_spec()),
    lambda journal: journal.keep_generation(),
)


def test_the_group_of_a_spec_is_what_it_was(reopen: Reopen) -> None:
    begun(reopen)
    stored = reopen().load()
    assert stored is not None
    assert stored.spec.groups[0].name == GroupId("g")
