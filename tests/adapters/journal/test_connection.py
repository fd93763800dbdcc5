"""Opening, checking, and all or nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from supervisor.adapters.journal.connection import check, connect, create, ended_badly, transaction
from supervisor.adapters.journal.faults import JournalDamagedError, JournalError


def opened(path: Path) -> sqlite3.Connection:
    create(path)
    connection = connect(path, patience_s=0)
    connection.execute("CREATE TABLE IF NOT EXISTS cats (name TEXT NOT NULL)")
    return connection


def cats(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM cats")]


def test_a_file_must_be_there_to_be_opened(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        connect(tmp_path / "none.db", patience_s=0)


def test_names_with_odd_characters_are_opened(tmp_path: Path) -> None:
    path = tmp_path / "a ?#%20b" / "state.db"
    with closing(opened(path)):
        assert path.stat().st_size > 0


def test_what_was_written_in_a_block_is_there(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with closing(opened(path)) as connection:
        with transaction(connection, path):
            connection.execute("INSERT INTO cats VALUES ('Minka')")
        assert cats(connection) == ["Minka"]


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with closing(opened(path)) as connection:
        with pytest.raises(JournalError, match="NOT NULL"), transaction(connection, path):
            connection.executemany("INSERT INTO cats VALUES (?)", [("Minka",), (None,)])
        assert cats(connection) == []
        assert not connection.in_transaction


def test_a_killed_user_is_known_by_the_log(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    assert not ended_badly(path)
    with closing(opened(path)):
        assert ended_badly(path)
    assert not ended_badly(path)


def test_a_broken_tree_is_found(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with closing(opened(path)) as connection:
        connection.executemany("INSERT INTO cats VALUES (?)", [("x" * 500,)] * 100)
        check(connection)
    with path.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * 100)
    broken = pytest.raises((JournalDamagedError, sqlite3.DatabaseError))
    with closing(connect(path, patience_s=0)) as connection, broken:
        check(connection)
