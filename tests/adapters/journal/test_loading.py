"""A damaged journal: nothing wrong is believed, nothing that can be known is lost."""

import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supervisor.adapters.journal import SqliteJournal
from supervisor.adapters.journal.connection import connect, create
from supervisor.adapters.journal.schema import ROW_TABLES, STEPS, bring_up
from supervisor.core.batch import Rows
from supervisor.core.models import TaskId
from supervisor.ports import JournalError, JournalNewerError
from tests.adapters.journal.conftest import A, reloaded
from tests.journals import batch_rows, batch_spec, entry, running


def test_a_cut_log_is_made_good_by_the_attempts(journal: SqliteJournal, path: Path) -> None:
    """Frames at the end of the log are lost: what ran since is found by its directory."""
    journal.commit([entry(1, running("g/a", 1))])
    log = path.with_name("state.db-wal")
    intact = log.stat().st_size
    journal.commit([entry(2, running("g/a", 2)), entry(3, running("g/b", 1))])
    image = (path.read_bytes(), log.read_bytes()[: intact + 100])
    journal.close()
    path.write_bytes(image[0])
    log.write_bytes(image[1])
    for attempt in ("a/attempt-1", "a/attempt-2", "b/attempt-1"):
        (path.parent / "tasks/g" / attempt).mkdir(parents=True)
    stored = reloaded(path)
    assert stored.rows.tasks[A].attempt == 2
    assert stored.rows.tasks[TaskId("g/b")].attempt == 1
    assert "2 tasks had begun attempts" in stored.notes[0]
    # It is in the file as well.
    assert reloaded(path).rows == stored.rows
    assert reloaded(path).notes == ()


def test_a_damaged_file_is_moved_aside_and_the_newest_copy_goes_on(
    journal: SqliteJournal, path: Path
) -> None:
    journal.commit([entry(1, running("g/a", 1))])
    journal.keep_generation()
    journal.commit([entry(2, running("g/a", 2)), entry(3, running("g/b", 1))])
    journal.close()
    garbled(path, 0, b"no database")
    for attempt in ("a/attempt-1", "a/attempt-2", "c/attempt-4"):
        (path.parent / "tasks/g" / attempt).mkdir(parents=True)
    with closing(SqliteJournal(path, now=lambda: 1_770_000_000.0)) as again:
        stored = again.load()
        assert stored is not None
        assert stored.rows.tasks[A].attempt == 2
        assert stored.rows.tasks[TaskId("g/c")].attempt == 4
        assert stored.spec == batch_spec()
        again.commit([entry(2, running("g/a", 3))])
    aside = path.with_name("state.db.corrupt-20260202T024000")
    assert aside.read_bytes().startswith(b"no database")
    assert "state.db.gen-1" in stored.notes[0]
    assert aside.name in stored.notes[0]
    assert reloaded(path).rows.tasks[A].attempt == 3


def test_damaged_copies_are_passed_over(journal: SqliteJournal, path: Path) -> None:
    for seq in range(1, 4):
        journal.commit([entry(seq, running("g/a", seq))])
        journal.keep_generation()
    journal.close()
    for name in ("state.db", "state.db.gen-2", "state.db.gen-3"):
        garbled(path.with_name(name), 0, b"no database")
    stored = reloaded(path)
    assert stored.rows.tasks[A].attempt == 1
    assert "gen-1" in stored.notes[0]
    assert len(list(path.parent.glob("*.corrupt-*"))) == 3


def test_without_any_copy_it_is_rebuilt_from_the_batch_file(
    journal: SqliteJournal, path: Path
) -> None:
    journal.close()
    garbled(path, 0, b"no database")
    attempt = path.parent / "tasks/g/b/attempt-2"
    attempt.mkdir(parents=True)
    (attempt / "spec.json").write_text('{"batch_uuid": "u-1", "task": "g/b"}')
    with closing(SqliteJournal(path)) as again, pytest.raises(JournalError, match="--fresh"):
        again.load()
    with closing(SqliteJournal(path)) as again:
        stored = again.load(fallback_spec=batch_spec())
    assert stored is not None
    assert stored.spec == batch_spec()
    assert stored.rows.desk is not None
    assert stored.rows.desk.uuid == "u-1"
    assert stored.rows.tasks[TaskId("g/b")].attempt == 2
    assert "rebuilt from the batch file" in stored.notes[0]


def test_a_missing_file_is_noticed_if_anything_ever_ran(journal: SqliteJournal, path: Path) -> None:
    journal.keep_generation()
    journal.close()
    path.unlink()
    stored = reloaded(path)
    assert "missing or empty" in stored.notes[0]
    assert stored.rows == batch_rows()


def test_an_empty_file_of_a_batch_that_never_began_is_new(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with closing(SqliteJournal(path)) as journal:
        assert journal.load() is None
        journal.begin(batch_spec(), batch_rows())
    assert reloaded(path).rows == batch_rows()


def test_beginning_over_a_damaged_file_moves_it_aside(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 1000)
    with closing(SqliteJournal(path)) as journal:
        journal.begin(batch_spec(), batch_rows())
    assert reloaded(path).rows == batch_rows()
    assert len(list(path.parent.glob("*.corrupt-*"))) == 1


def test_a_foreign_database_is_no_journal(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as foreign:
        foreign.execute("CREATE TABLE cats (name)")
    with closing(SqliteJournal(path)) as journal, pytest.raises(JournalError, match="no journal"):
        journal.load()


@given(damage=st.data())
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_damage_is_ever_mistaken_for_truth(tmp_path: Path, damage: st.DataObject) -> None:
    """Wherever bytes are wrong, the rows are the true ones, or the notes say that they are not."""
    directory = tmp_path / "damaged"
    directory.mkdir(exist_ok=True)
    for old in directory.glob("state*"):
        old.unlink()
    path = directory / "state.db"
    copy, older, newest = _images(tmp_path)
    path.write_bytes(newest)
    path.with_name("state.db.gen-1").write_bytes(copy)
    at = damage.draw(st.integers(0, len(newest) - 1))
    wrong = damage.draw(st.binary(min_size=1, max_size=64))
    if damage.draw(st.booleans()):
        garbled(path, at, wrong)
    else:
        os.truncate(path, at)
    stored = reloaded(path)
    assert stored.rows.tasks == (older if stored.notes else TRUE_ROWS).tasks
    assert stored.spec == batch_spec()
    assert (stored.rows.limits, stored.rows.groups) == (TRUE_ROWS.limits, TRUE_ROWS.groups)


TRUE_ROWS = replace(
    batch_rows(),
    tasks={task: running(task, 5) for task in batch_rows().tasks},
)


def _images(tmp_path: Path) -> tuple[bytes, Rows, bytes]:
    """Return a generation, its rows, and a newer file, made once per test."""
    path = tmp_path / "good" / "state.db"
    if not path.exists():
        with closing(SqliteJournal(path)) as journal:
            journal.begin(batch_spec(), batch_rows())
            journal.keep_generation()
            for seq, task in enumerate(TRUE_ROWS.tasks.values(), start=1):
                journal.commit([entry(seq, task)])
    return path.with_name("state.db.gen-1").read_bytes(), batch_rows(), path.read_bytes()


def garbled(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def test_a_copy_made_before_anything_began_is_passed_over(path: Path) -> None:
    with closing(SqliteJournal(path)) as journal:
        journal.begin(batch_spec(), batch_rows())
        journal.keep_generation()
        journal.keep_generation()
    with closing(connect(path.with_name("state.db.gen-2"), patience_s=0)) as newest:
        for table in ROW_TABLES:
            newest.execute(f"DELETE FROM {table}")
    path.unlink()
    assert "gen-1" in reloaded(path).notes[0]


def test_tasks_that_only_the_disk_knows_are_named(journal: SqliteJournal, path: Path) -> None:
    journal.keep_generation()
    journal.close()
    garbled(path, 0, b"no database")
    for number in range(7):
        (path.parent / f"tasks/g/added{number}/attempt-1").mkdir(parents=True)
    assert "g/added0, g/added1, g/added2, g/added3, g/added4 and 2 more" in reloaded(path).notes[1]


def test_a_newer_file_is_not_begun_over(path: Path) -> None:
    create(path)
    with closing(connect(path, patience_s=0)) as newer:
        bring_up(newer, path, (*STEPS, lambda _: None))
    with closing(SqliteJournal(path)) as journal, pytest.raises(JournalNewerError):
        journal.begin(batch_spec(), batch_rows())
