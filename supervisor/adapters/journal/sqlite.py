"""The journal as one SQLite file in WAL mode, every commit on the disk when it returns."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock

from supervisor.adapters.clock import wall_now
from supervisor.adapters.journal.ballast import Ballast
from supervisor.adapters.journal.connection import transaction
from supervisor.adapters.journal.contents import store_place
from supervisor.adapters.journal.faults import JournalDamagedError, translated
from supervisor.adapters.journal.generations import keep, set_aside
from supervisor.adapters.journal.loading import load, open_new
from supervisor.adapters.journal.rows import (
    read_decisions,
    read_uuid,
    replace_batch,
    replace_rows,
    write_entries,
    write_offsets,
    write_spec,
)
from supervisor.core.batch import Rows
from supervisor.core.models import BatchSpec, Stream, TaskId
from supervisor.ports import Decision, Entry, JournalError, JournalFullError, Stored

Offsets = Mapping[tuple[TaskId, int, Stream], int]
Write = Callable[[sqlite3.Connection], None]


class SqliteJournal:
    """Durable memory of a batch in the file ``path`` (``state.db``); it implements ``Journal``.

    Nothing is opened before ``load`` or ``begin``. Methods block; any thread may call them, one at
    a time, except ``save_offsets``, which may be called at any time and never waits long. Nothing
    else in this process may open the file: closing it again would drop SQLite's lock on it.
    """

    def __init__(self, path: Path, *, now: Callable[[], float] = wall_now) -> None:
        self._path = path
        self._now = now
        self._ballast = Ballast(path.with_name(f"{path.name}.ballast"))
        self._connection: sqlite3.Connection | None = None
        self._closed = False
        self._seq = 0
        self._spec: BatchSpec | None = None
        self._offsets: dict[tuple[TaskId, int, Stream], int] = {}
        self._offsets_lock = Lock()

    def load(self, *, fallback_spec: BatchSpec | None = None) -> Stored | None:
        """Return what is stored; None for a new batch. Damage is repaired as far as it can be.

        A damaged file is moved aside as ``state.db.corrupt-<time>``; the newest good generation
        takes its place, brought forward by what the attempts' directories prove. Without any, all
        is rebuilt from ``fallback_spec`` and those directories. ``Stored.notes`` tells of it.

        Raises:
            JournalNewerError: a newer version wrote it.
            JournalError: it cannot be read, nor any of its generations.
        """
        self._check_open()
        self._release()
        loaded = load(self._path, fallback_spec=fallback_spec, now=self._now())
        if loaded is None:
            return None
        self._connection = loaded.connection
        self._remember(loaded.stored.spec, loaded.stored.rows)
        return loaded.stored

    def begin(self, spec: BatchSpec, rows: Rows) -> None:
        """Store spec and all rows of a new or re-planned batch, durably, replacing what was there.

        Events and decisions up to ``rows.desk.seq`` stay if it is the same batch (by its uuid).

        Raises:
            JournalFullError: no space; nothing was written.
        """
        try:
            self._begin(spec, rows)
        except JournalDamagedError:
            self._release()
            set_aside(self._path, self._now())
            self._begin(spec, rows)
        self._remember(spec, rows)
        self._ballast.make()

    def commit(self, entries: Sequence[Entry]) -> None:
        """Write steps in one transaction, durable on return; writing an entry again changes nothing.

        Raises:
            JournalFullError: no space; nothing was written.
        """
        fresh = [entry for entry in entries if entry.seq > self._seq]
        offsets = self._take_offsets()

        def write(connection: sqlite3.Connection) -> None:
            write_entries(connection, fresh)
            write_offsets(connection, offsets)

        if not fresh and not offsets:
            return
        try:
            self._write(write)
        except JournalError:
            self._give_back(offsets)
            raise
        self._seq = max(self._seq, *(entry.seq for entry in fresh)) if fresh else self._seq
        self._ballast.make()

    def save_spec(self, spec: BatchSpec) -> None:
        """Replace the stored spec (after ``add``, ``edit``, ``reload``), durably.

        Raises:
            JournalFullError: no space; nothing was written.
        """
        self._write(lambda connection: write_spec(connection, spec, self._spec))
        self._spec = spec

    def save_offsets(self, offsets: Offsets) -> None:
        """Remember how far logs were read; cheap, made durable with the next commit."""
        with self._offsets_lock:
            self._offsets.update(offsets)

    def keep_generation(self) -> None:
        """Keep a copy of everything to fall back on, the newest three of them.

        Raises:
            JournalFullError: no space; the older copies are still there.
        """
        with translated(self._path):
            keep(self._opened(), self._path)

    def decisions(
        self, subjects: Sequence[str], limit: int, kinds: Sequence[str] = ()
    ) -> Sequence[Decision]:
        """Return the newest ``limit`` decisions about these subjects and of these kinds."""
        with translated(self._path):
            return read_decisions(self._opened(), subjects, limit, kinds)

    def close(self) -> None:
        """Release the file; further calls, but of ``close``, raise JournalError."""
        if self._closed:
            return
        try:
            if self._connection is not None:
                self.commit(())
        except JournalFullError:
            # Lost offsets cost no more than reading some lines twice.
            self._offsets.clear()
        finally:
            self._release()
            self._closed = True

    def _begin(self, spec: BatchSpec, rows: Rows) -> None:
        self._check_open()
        if self._connection is None:
            self._connection = open_new(self._path)

        def write(connection: sqlite3.Connection) -> None:
            if rows.desk is None or read_uuid(connection) != rows.desk.uuid:
                replace_batch(connection)
            replace_rows(connection, rows)
            write_spec(connection, spec, None)
            store_place(connection, self._path.parent)

        self._write(write)
        with translated(self._path):
            # All rows went through the log: do not let a batch of 20,000 keep it that large.
            self._opened().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _write(self, write: Write) -> None:
        """Write in one transaction; if there is no space, once more after giving up the ballast."""
        connection = self._opened()
        try:
            with transaction(connection, self._path):
                write(connection)
        except JournalFullError:
            if not self._ballast.free():
                raise
            with transaction(connection, self._path):
                write(connection)

    def _take_offsets(self) -> Offsets:
        with self._offsets_lock:
            taken, self._offsets = self._offsets, {}
        return taken

    def _give_back(self, offsets: Offsets) -> None:
        with self._offsets_lock:
            self._offsets = {**offsets, **self._offsets}

    def _remember(self, spec: BatchSpec, rows: Rows) -> None:
        self._spec = spec
        self._seq = rows.desk.seq if rows.desk else 0

    def _opened(self) -> sqlite3.Connection:
        self._check_open()
        if self._connection is None:
            raise JournalError(f"{self._path} has not been begun")
        return self._connection

    def _check_open(self) -> None:
        if self._closed:
            raise JournalError(f"{self._path} was closed")

    def _release(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
