"""Offline commands read a journal without disturbing it."""

from contextlib import closing
from pathlib import Path

import pytest

from supervisor.adapters.journal import SqliteJournal, read_stored, read_stored_decisions
from supervisor.adapters.journal.faults import JournalDamagedError, JournalInUseError
from supervisor.core.models import TaskId
from tests.adapters.journal.conftest import A
from tests.journals import batch_rows, batch_spec, entry, running


def test_where_nothing_is_nothing_is_read(tmp_path: Path) -> None:
    assert read_stored(tmp_path / "state.db") is None
    assert read_stored_decisions(tmp_path / "state.db", (), 5) == ()
    assert list(tmp_path.iterdir()) == []


def test_it_reads_what_an_ended_engine_left(path: Path) -> None:
    with closing(SqliteJournal(path)) as journal:
        journal.begin(batch_spec(), batch_rows())
        journal.commit([entry(1, running("g/a", 1))])
        journal.save_offsets({(A, 1, "stderr"): 9})
    before = {one.name: one.stat().st_mtime_ns for one in path.parent.iterdir()}
    stored = read_stored(path)
    assert stored is not None
    assert stored.rows.tasks[A].attempt == 1
    assert stored.spec == batch_spec()
    assert stored.offsets == {(TaskId("g/a"), 1, "stderr"): 9}
    assert stored.moved_from is None
    assert [one.text for one in read_stored_decisions(path, ("g/a",), 5)] == ["attempt 1"]
    assert {one.name: one.stat().st_mtime_ns for one in path.parent.iterdir()} == before


def test_it_reads_what_a_killed_engine_left_in_the_log(path: Path) -> None:
    with closing(SqliteJournal(path)) as journal:
        journal.begin(batch_spec(), batch_rows())
        journal.commit([entry(1, running("g/a", 1))])
        log = path.with_name("state.db-wal")
        image = path.read_bytes(), log.read_bytes()
    path.write_bytes(image[0])
    log.write_bytes(image[1])
    stored = read_stored(path)
    assert stored is not None
    assert stored.rows.tasks[A].attempt == 1


def test_a_running_engine_is_not_disturbed(path: Path) -> None:
    with closing(SqliteJournal(path)) as journal:
        journal.begin(batch_spec(), batch_rows())
        with pytest.raises(JournalInUseError, match="ask that one"):
            read_stored(path)
        with pytest.raises(JournalInUseError):
            read_stored_decisions(path, (), 5)
        journal.commit([entry(1, running("g/a", 1))])
    assert read_stored(path) is not None


def test_a_file_without_a_batch_holds_nothing(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    assert read_stored(path) is None


def test_damage_is_told_and_left_for_the_engine(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 500)
    with pytest.raises(JournalDamagedError):
        read_stored(path)
    assert [one.name for one in path.parent.iterdir()] == ["state.db"]
