"""Reading the journal of a batch whose engine has ended."""

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from supervisor.adapters.journal.connection import connect, create
from supervisor.adapters.journal.contents import read_contents
from supervisor.adapters.journal.faults import translated
from supervisor.adapters.journal.rows import read_decisions
from supervisor.adapters.journal.schema import bring_up
from supervisor.ports import Decision, Stored

_PATIENCE_S = 0.2


def read_stored(path: Path) -> Stored | None:
    """Return what the journal ``path`` holds; None if there is none. What it says stays as it is.

    Raises:
        JournalInUseError: an engine has it open; ask that one.
        JournalNewerError: a newer version wrote it.
        JournalError: it is damaged; the next ``run`` repairs it.
    """
    if not path.exists():
        return None
    with _copied(path) as (connection, copy):
        return read_contents(connection, copy, path.parent)


def read_stored_decisions(path: Path, subjects: Sequence[str], limit: int) -> Sequence[Decision]:
    """Return the newest ``limit`` decisions about these subjects (empty: all), oldest first.

    Raises:
        JournalError: as ``read_stored``.
    """
    if not path.exists():
        return ()
    with _copied(path) as (connection, copy):
        bring_up(connection, copy)
        return read_decisions(connection, subjects, limit)


@contextmanager
def _copied(path: Path) -> Generator[tuple[sqlite3.Connection, Path]]:
    """Open a copy: an older format is migrated to be read, and that is not ours to keep."""
    with TemporaryDirectory(prefix="overnight-") as place, translated(path):
        copy = Path(place) / path.name
        create(copy)
        with closing(connect(copy, patience_s=0)) as connection:
            with closing(connect(path, patience_s=_PATIENCE_S)) as source:
                source.backup(connection)
            yield connection, copy
