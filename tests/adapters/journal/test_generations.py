"""Copies are kept, the newest three, and whatever is replaced is replaced whole."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from supervisor.adapters.journal.connection import connect, create
from supervisor.adapters.journal.generations import generations, keep, restore, set_aside
from supervisor.adapters.journal.schema import bring_up, get_meta, put_meta


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    create(path)
    with closing(connect(path, patience_s=0)) as opened:
        bring_up(opened, path)
        yield opened


def test_the_newest_three_are_kept(connection: sqlite3.Connection, path: Path) -> None:
    for number in range(1, 6):
        put_meta(connection, {"number": str(number)})
        assert keep(connection, path).name == f"state.db.gen-{number}"
    assert [one.name for one in generations(path)] == [f"state.db.gen-{n}" for n in (5, 4, 3)]
    for number in (5, 4, 3):
        with closing(sqlite3.connect(path.with_name(f"state.db.gen-{number}"))) as copy:
            assert get_meta(copy, "number") == str(number)


def test_what_a_killed_engine_left_half_written_is_no_copy(
    connection: sqlite3.Connection, path: Path
) -> None:
    path.with_name("state.db.gen.tmp").write_bytes(b"half")
    path.with_name("state.db.gen-9.corrupt-20260101T000000").write_bytes(b"bad")
    assert generations(path) == []
    keep(connection, path)
    assert [one.name for one in generations(path)] == ["state.db.gen-1"]
    assert not path.with_name("state.db.gen.tmp").exists()


def test_a_failure_leaves_the_older_ones(connection: sqlite3.Connection, path: Path) -> None:
    keep(connection, path)
    connection.execute("BEGIN")
    with pytest.raises(sqlite3.OperationalError):
        keep(connection, path)
    connection.execute("ROLLBACK")
    assert [one.name for one in generations(path)] == ["state.db.gen-1"]
    assert not path.with_name("state.db.gen.tmp").exists()


def test_restoring_copies_and_leaves_the_generation(path: Path) -> None:
    generation = path.with_name("state.db.gen-1")
    generation.write_bytes(b"good")
    path.write_bytes(b"bad")
    restore(generation, path)
    assert path.read_bytes() == generation.read_bytes() == b"good"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_setting_aside_takes_the_log_along_and_never_overwrites(path: Path) -> None:
    for _ in range(2):
        path.write_bytes(b"bad")
        path.with_name("state.db-wal").write_bytes(b"log")
        set_aside(path, 0.0)
    assert sorted(one.name for one in path.parent.iterdir()) == [
        "state.db.corrupt-19700101T000000",
        "state.db.corrupt-19700101T000000-wal",
        "state.db.corrupt-19700101T000000.2",
        "state.db.corrupt-19700101T000000.2-wal",
    ]
