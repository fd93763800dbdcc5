"""All or nothing."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from supervisor.adapters.journal.faults import translated


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
