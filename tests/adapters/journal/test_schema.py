"""Older files load, newer ones are refused with the version that reads them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from supervisor.adapters.journal import SqliteJournal
from supervisor.adapters.journal.connection import connect, create
from supervisor.adapters.journal.faults import JournalDamagedError
from supervisor.adapters.journal.schema import STEPS, bring_up, format_of, get_meta, put_meta
from supervisor.core.models import StallPolicy, TaskId
from supervisor.ports import JournalNewerError
from tests.journals import batch_rows, batch_spec, running

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    create(path)
    with closing(connect(path, patience_s=0)) as opened:
        yield opened


@pytest.mark.parametrize("old", sorted(DATA.glob("state-v*.db")), ids=lambda path: path.name)
def test_the_file_of_every_released_format_loads(old: Path, path: Path) -> None:
    path.write_bytes(old.read_bytes())
    with closing(SqliteJournal(path)) as journal:
        stored = journal.load()
        assert stored is not None
        # What is a profile's word today was written out then.
        quiet = StallPolicy(quiet_s=1800.0)
        groups = tuple(replace(group, stall=quiet) for group in batch_spec().groups)
        assert stored.spec == replace(batch_spec(), groups=groups)
        assert stored.rows.tasks[TaskId("g/a")] == running("g/a", 2)
        assert stored.rows.groups == batch_rows().groups
        assert stored.rows.limits == batch_rows().limits
        assert stored.offsets == {(TaskId("g/a"), 2, "stderr"): 512}
        assert [one.text for one in journal.decisions(("g/a",), 5)] == ["attempt 1", "attempt 2"]
        assert stored.notes == ()


def test_the_present_format_has_a_file_to_load() -> None:
    assert (DATA / f"state-v{len(STEPS)}.db").exists()


def test_an_older_file_is_kept_and_then_migrated(
    connection: sqlite3.Connection, path: Path
) -> None:
    bring_up(connection, path)
    put_meta(connection, {"colour": "green"})
    bring_up(connection, path, (*STEPS, _paint))
    assert format_of(connection) == len(STEPS) + 1
    assert get_meta(connection, "colour") == "red"
    with closing(sqlite3.connect(path.with_name(f"state.db.v{len(STEPS)}"))) as old:
        assert format_of(old) == len(STEPS)
        assert get_meta(old, "colour") == "green"


def test_a_migration_that_fails_changes_nothing(connection: sqlite3.Connection, path: Path) -> None:
    bring_up(connection, path)
    with pytest.raises(sqlite3.OperationalError):
        bring_up(connection, path, (*STEPS, _paint, _break))
    connection.close()
    with closing(connect(path, patience_s=0)) as again:
        assert format_of(again) == len(STEPS)
        assert get_meta(again, "colour") is None


def _paint(connection: sqlite3.Connection) -> None:
    put_meta(connection, {"colour": "red"})


def _break(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE nothing RENAME TO something")


def test_bringing_up_again_changes_nothing(connection: sqlite3.Connection, path: Path) -> None:
    bring_up(connection, path)
    before = connection.total_changes
    bring_up(connection, path)
    assert connection.total_changes == before


def test_a_newer_file_is_refused_and_left_alone(connection: sqlite3.Connection, path: Path) -> None:
    bring_up(connection, path, (*STEPS, _paint))
    put_meta(connection, {"written_by": "9.8.7"})
    connection.close()
    with (
        closing(SqliteJournal(path)) as journal,
        pytest.raises(JournalNewerError, match=r"9\.8\.7"),
    ):
        journal.load()
    with closing(connect(path, patience_s=0)) as again:
        assert format_of(again) == len(STEPS) + 1
    assert not list(path.parent.glob("*.corrupt*"))


def test_a_format_that_only_its_header_claims_is_damage(
    connection: sqlite3.Connection, path: Path
) -> None:
    bring_up(connection, path)
    connection.execute("PRAGMA user_version = 77")
    with pytest.raises(JournalDamagedError):
        bring_up(connection, path)
