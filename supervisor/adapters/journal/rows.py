"""Rows of the journal's tables to values of the core, and back."""

import sqlite3
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar

from supervisor.adapters.journal.faults import JournalDamagedError
from supervisor.core import codec
from supervisor.core.batch import Desk, Group, Limit, Rows, Task
from supervisor.core.models import BatchSpec, Stream, TaskId, TaskSpec
from supervisor.ports import Decision, Entry

K = TypeVar("K", bound=str)
T = TypeVar("T")

Offsets = Mapping[tuple[TaskId, int, Stream], int]
_ONLY = "batch"
"""The name of the one row that ``desk`` and ``spec`` have."""


def write_rows(connection: sqlite3.Connection, rows: Rows) -> None:
    """Write the given rows over those of the same names."""
    if rows.desk is not None:
        _put(connection, "desk", {_ONLY: rows.desk}, Desk)
    _put(connection, "tasks", rows.tasks, Task)
    _put(connection, "groups", rows.groups, Group)
    _put(connection, "limits", rows.limits, Limit)


def replace_rows(connection: sqlite3.Connection, rows: Rows) -> None:
    """Write ``rows`` as all rows there are, and forget steps and readings they do not rest on."""
    for table in ("desk", "tasks", "groups", "limits"):
        connection.execute(f"DELETE FROM {table}")
    write_rows(connection, rows)
    seq = rows.desk.seq if rows.desk else 0
    connection.execute("DELETE FROM events WHERE seq > ?", (seq,))
    connection.execute("DELETE FROM decisions WHERE seq > ?", (seq,))
    newest = [(_plain(task.id), task.attempt) for task in rows.tasks.values()]
    connection.executemany("DELETE FROM offsets WHERE task = ? AND attempt < ?", newest)


def replace_batch(connection: sqlite3.Connection) -> None:
    """Forget everything about another batch that was stored here."""
    for table in ("spec", "task_specs", "events", "decisions", "offsets"):
        connection.execute(f"DELETE FROM {table}")


def write_spec(connection: sqlite3.Connection, spec: BatchSpec, before: BatchSpec | None) -> None:
    """Write ``spec`` where it differs from ``before`` (None: write all of it)."""
    if before is None:
        connection.execute("DELETE FROM task_specs")
    _put(connection, "spec", {_ONLY: replace(spec, tasks=())}, BatchSpec)
    known = {task.id: task for task in before.tasks} if before else {}
    changed = {task.id: task for task in spec.tasks if known.pop(task.id, None) != task}
    _put(connection, "task_specs", changed, TaskSpec)
    gone = [(_plain(name),) for name in known]
    connection.executemany("DELETE FROM task_specs WHERE name = ?", gone)


def write_entries(connection: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    """Write steps; of a row that several of them changed, only the last state."""
    desk: Desk | None = None
    tasks: dict[Any, Task] = {}
    groups: dict[Any, Group] = {}
    limits: dict[Any, Limit] = {}
    for entry in entries:
        desk = entry.rows.desk or desk
        tasks.update(entry.rows.tasks)
        groups.update(entry.rows.groups)
        limits.update(entry.rows.limits)
    write_rows(connection, Rows(desk=desk, tasks=tasks, groups=groups, limits=limits))
    connection.executemany(
        "INSERT OR REPLACE INTO events VALUES (?, ?, ?)",
        [(entry.seq, entry.at, entry.event) for entry in entries],
    )
    connection.executemany(
        "INSERT OR REPLACE INTO decisions VALUES (?, ?, ?, ?, ?, ?)",
        [
            (entry.seq, n, entry.at, record.kind, _plain(record.subject), _plain(record.text))
            for entry in entries
            for n, record in enumerate(entry.records)
        ],
    )


def write_offsets(connection: sqlite3.Connection, offsets: Offsets) -> None:
    """Write how far logs were read."""
    connection.executemany(
        "INSERT OR REPLACE INTO offsets VALUES (?, ?, ?, ?)",
        [
            (_plain(task), attempt, stream, offset)
            for (task, attempt, stream), offset in offsets.items()
        ],
    )


def read_rows(connection: sqlite3.Connection) -> Rows | None:
    """Return all rows; None if there are none yet.

    Raises:
        JournalDamagedError: a row is not what was written.
    """
    for desk in _get(connection, "desk", Desk):
        return Rows(
            desk=replace(desk, seq=max(desk.seq, last_seq(connection))),
            tasks=_by(lambda task: task.id, _get(connection, "tasks", Task)),
            groups=_by(lambda group: group.name, _get(connection, "groups", Group)),
            limits=_by(lambda limit: limit.name, _get(connection, "limits", Limit)),
        )
    return None


def read_spec(connection: sqlite3.Connection) -> BatchSpec | None:
    """Return the batch's spec, its tasks in the order of the batch file; None without one.

    Raises:
        JournalDamagedError: a row is not what was written.
    """
    for spec in _get(connection, "spec", BatchSpec):
        tasks = _get(connection, "task_specs", TaskSpec)
        return replace(spec, tasks=tuple(sorted(tasks, key=lambda task: task.index)))
    return None


def read_offsets(connection: sqlite3.Connection, tasks: Iterable[TaskId]) -> Offsets:
    """Return how far each log of these tasks was read."""
    names = {_plain(task): task for task in tasks}
    return MappingProxyType(
        {
            (names[task], attempt, stream): offset
            for task, attempt, stream, offset in connection.execute("SELECT * FROM offsets")
            if task in names
        }
    )


def read_decisions(
    connection: sqlite3.Connection,
    subjects: Sequence[str],
    limit: int,
    kinds: Sequence[str] = (),
) -> Sequence[Decision]:
    """Return the newest ``limit`` decisions about these subjects and of these kinds.

    Oldest first; of each, empty means all.
    """
    wanted = [
        f"{column} IN ({', '.join('?' * len(values))})"
        for column, values in (("subject", subjects), ("kind", kinds))
        if values
    ]
    about = f"WHERE {' AND '.join(wanted)}" if wanted else ""
    found = connection.execute(
        f"SELECT seq, at, kind, subject, text FROM decisions {about}"
        " ORDER BY seq DESC, n DESC LIMIT ?",
        (*subjects, *kinds, limit),
    ).fetchall()
    return [
        Decision(seq=seq, at=at, kind=kind, subject=subject, text=text)
        for seq, at, kind, subject, text in reversed(found)
    ]


def last_seq(connection: sqlite3.Connection) -> int:
    """Return the number of the last step that was written; 0 if none was."""
    (seq,) = connection.execute("SELECT max(seq) FROM events").fetchone()
    return int(seq or 0)


def _put(
    connection: sqlite3.Connection, table: str, rows: Mapping[Any, Any], kind: type[Any]
) -> None:
    if rows:
        connection.executemany(
            f"INSERT INTO {table} VALUES (?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET row = excluded.row, crc = excluded.crc",
            _written(rows, kind),
        )


def _written(rows: Mapping[Any, Any], kind: type[Any]) -> Iterable[tuple[str, str, int]]:
    for name, value in rows.items():
        text = codec.dumps(value, kind)
        yield _plain(name), text, _checksum(text)


def _get(connection: sqlite3.Connection, table: str, kind: type[T]) -> list[T]:
    found = connection.execute(f"SELECT name, row, crc FROM {table} ORDER BY rowid")
    return [_value(table, name, row, crc, kind) for name, row, crc in found]


def _value(table: str, name: object, row: object, crc: object, kind: type[T]) -> T:
    try:
        if not isinstance(row, str) or _checksum(row) != crc:
            raise ValueError("not what was written")
        return codec.loads(kind, row)
    except ValueError as error:
        raise JournalDamagedError(f"{table}, row {name!r}: {error}") from error


def _by(name: Callable[[T], K], values: Iterable[T]) -> Mapping[K, T]:
    return MappingProxyType({name(value): value for value in values})


def _checksum(text: str) -> int:
    return zlib.crc32(text.encode())


def _plain(text: str) -> str:
    """Return ``text`` as SQLite can keep it: names from a command line may hold any byte."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def read_uuid(connection: sqlite3.Connection) -> str | None:
    """Return the uuid of the batch that is stored; None without one."""
    desks = _get(connection, "desk", Desk)
    return desks[0].uuid if desks else None
