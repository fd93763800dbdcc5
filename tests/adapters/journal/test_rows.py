"""Rows go in and out, and one that is not what was written is noticed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from supervisor.adapters.journal.connection import connect, create
from supervisor.adapters.journal.faults import JournalDamagedError
from supervisor.adapters.journal.rows import (
    last_seq,
    read_rows,
    read_spec,
    read_uuid,
    replace_rows,
    write_entries,
    write_rows,
    write_spec,
)
from supervisor.adapters.journal.schema import ROW_TABLES, bring_up
from supervisor.core.batch import Task
from tests.journals import batch_rows, batch_spec, entry, running
from tests.strategies import values


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    create(tmp_path / "state.db")
    with closing(connect(tmp_path / "state.db", patience_s=0)) as opened:
        bring_up(opened, tmp_path / "state.db")
        yield opened


def test_nothing_is_read_from_empty_tables(connection: sqlite3.Connection) -> None:
    assert read_rows(connection) is None
    assert read_spec(connection) is None
    assert read_uuid(connection) is None
    assert last_seq(connection) == 0


@given(task=values(Task))
@settings(max_examples=40, deadline=None)
def test_any_task_comes_back(task: Task) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        bring_up(connection, Path("memory"))
        write_rows(connection, replace(batch_rows(), tasks={task.id: task}))
        rows = read_rows(connection)
        assert rows is not None
        assert rows.tasks == {task.id: task}


def test_the_last_step_counts_even_if_the_batch_row_is_older(
    connection: sqlite3.Connection,
) -> None:
    replace_rows(connection, batch_rows(seq=3))
    write_entries(connection, [entry(4, running("g/a", 1)), entry(5, running("g/a", 2))])
    rows = read_rows(connection)
    assert rows is not None
    assert rows.desk is not None
    assert rows.desk.seq == 5


@pytest.mark.parametrize("table", ROW_TABLES)
def test_a_row_that_changed_by_itself_is_damage(connection: sqlite3.Connection, table: str) -> None:
    write_rows(connection, batch_rows())
    write_spec(connection, batch_spec(), None)
    connection.execute(f"UPDATE {table} SET row = replace(row, 'n', 'm')")
    with pytest.raises(JournalDamagedError, match=f"{table}, row .*not what was written"):
        (read_rows(connection), read_spec(connection))


@pytest.mark.parametrize("row", [None, 5, b"bytes", "{"])
def test_a_row_of_another_type_is_damage(connection: sqlite3.Connection, row: object) -> None:
    connection.execute("DROP TABLE tasks")
    connection.execute("CREATE TABLE tasks (name, row, crc)")
    write_rows(connection, replace(batch_rows(), tasks={}))
    connection.execute("INSERT INTO tasks VALUES ('g/a', ?, 0)", (row,))
    with pytest.raises(JournalDamagedError, match="g/a"):
        read_rows(connection)
