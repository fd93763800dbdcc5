"""The tables of the journal, and the way there from older files."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from supervisor.adapters.journal.faults import JournalDamagedError
from supervisor.ports import JournalNewerError

Step = Callable[[sqlite3.Connection], None]

_APPLICATION_ID = 0x0F1E9817
"""In the file's header, so that ``file`` and we can tell a journal from any other database."""

ROW_TABLES = ("desk", "spec", "task_specs", "tasks", "groups", "limits")
"""Tables of rows that are JSON with a checksum."""

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE desk (name TEXT PRIMARY KEY, row TEXT NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE spec (name TEXT PRIMARY KEY, row TEXT NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE task_specs (name TEXT PRIMARY KEY, row TEXT NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE tasks (name TEXT PRIMARY KEY, row TEXT NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE groups (name TEXT PRIMARY KEY, row TEXT NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE limits (name TEXT PRIMARY KEY, row TEXT NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE offsets (
  task TEXT NOT NULL, attempt INTEGER NOT NULL, stream TEXT NOT NULL, offset INTEGER NOT NULL,
  PRIMARY KEY (task, attempt, stream)
) WITHOUT ROWID;
CREATE TABLE events (seq INTEGER PRIMARY KEY, at REAL NOT NULL, event TEXT NOT NULL);
CREATE TABLE decisions (
  seq INTEGER NOT NULL, n INTEGER NOT NULL, at REAL NOT NULL,
  kind TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY (seq, n)
) WITHOUT ROWID;
CREATE INDEX decisions_by_subject ON decisions (subject, seq, n);
"""


def _first_tables(connection: sqlite3.Connection) -> None:
    for statement in _TABLES.split(";\n"):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")


STEPS: Sequence[Step] = (_first_tables,)
"""Step ``n`` (from 0) makes a file of format ``n`` one of format ``n + 1``. Only ever appended to."""


def bring_up(connection: sqlite3.Connection, path: Path, steps: Sequence[Step] = STEPS) -> None:
    """Make the open file one of the newest format; an older one is kept as ``<name>.v<format>``.

    Raises:
        JournalNewerError: the file has a format beyond the known ones.
    """
    found = format_of(connection)
    if found > len(steps):
        raise JournalNewerError(
            f"{path} was written by overnight {get_meta(connection, 'written_by')} (format {found});"
            f" this is overnight {version('overnight')} (up to format {len(steps)})."
            " Use that version or a newer one."
        )
    if found == len(steps):
        return
    if found:
        _keep_old(connection, path.with_name(f"{path.name}.v{found}"))
    connection.execute("BEGIN IMMEDIATE")
    for step in steps[found:]:
        step(connection)
    connection.execute(f"PRAGMA user_version = {len(steps)}")
    put_meta(connection, {"format": str(len(steps)), "written_by": version("overnight")})
    connection.execute("COMMIT")


def put_meta(connection: sqlite3.Connection, values: Mapping[str, str]) -> None:
    """Write facts about the file itself."""
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())


def get_meta(connection: sqlite3.Connection, name: str) -> str | None:
    """Return a fact about the file itself; None if it does not say."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else None


def format_of(connection: sqlite3.Connection) -> int:
    """Return the format of the open file; 0 for an empty one.

    Raises:
        JournalDamagedError: it is a database, but no journal.
    """
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not tables:
        return 0
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    # The number stands in two places: a bit that flipped in one must not look like a new version.
    if application != _APPLICATION_ID or get_meta(connection, "format") != str(found):
        raise JournalDamagedError("this is no journal of a batch")
    return int(found)


def _keep_old(connection: sqlite3.Connection, path: Path) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    connection.execute("VACUUM INTO ?", (str(path),))
