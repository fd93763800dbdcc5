"""Opening the journal's file, and writing to it all or nothing."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from supervisor.adapters.journal.faults import JournalDamagedError, translated

_WAL_LIMIT_BYTES = 8 << 20
_CACHE_KIB = 512
"""A quarter of SQLite's own: the kernel keeps the rest of the file at hand just as well."""


def connect(path: Path, *, patience_s: float) -> sqlite3.Connection:
    """Open the existing file ``path`` for this process alone.

    The connection may be used from any thread, by one at a time. ``patience_s`` is how long to
    wait for an engine that is just closing it.

    Raises:
        sqlite3.Error: it is locked, damaged, or cannot be opened.
    """
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=patience_s,
    )
    try:
        # Before WAL: then the index of the log lives in our own memory and not in a shared file,
        # which network file systems cannot offer.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT_BYTES}")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    except BaseException:
        connection.close()
        raise
    return connection


def create(path: Path) -> None:
    """Make an empty file that only this user can read, unless there is one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)


def ended_badly(path: Path) -> bool:
    """Tell whether the last user of the closed journal ``path`` was killed."""
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def check(connection: sqlite3.Connection) -> None:
    """Look over the structure of the whole file (1 ms per MiB).

    Raises:
        JournalDamagedError, sqlite3.DatabaseError: it is damaged.
    """
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise JournalDamagedError(str(verdict))


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Generator[None]:
    """Make what is written inside the block durable at its end, or undo all of it.

    Raises:
        JournalFullError: no space; nothing was written.
        JournalError: it could not be written for another reason; nothing was.
    """
    with translated(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            # SQLite may have undone it already, as it does when the disk is full.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
