"""Loading a journal, and finding the best that is left when it is damaged."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from supervisor.adapters.journal.connection import connect, create, ended_badly, transaction
from supervisor.adapters.journal.contents import read_contents, store_place
from supervisor.adapters.journal.evidence import brought_forward, has_attempts, rebuilt
from supervisor.adapters.journal.faults import JournalDamagedError, translated
from supervisor.adapters.journal.generations import generations, restore, set_aside
from supervisor.adapters.journal.rows import replace_rows, write_spec
from supervisor.adapters.journal.schema import bring_up
from supervisor.core.models import BatchSpec
from supervisor.ports import JournalError, Stored

PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """An open journal and what is in it."""

    connection: sqlite3.Connection
    stored: Stored


def open_new(path: Path) -> sqlite3.Connection:
    """Open the journal at ``path`` for writing, made or brought up to date if need be.

    Raises:
        JournalError: it is damaged, locked, from a newer version, or there is no space.
    """
    with translated(path):
        create(path)
        connection = connect(path, patience_s=PATIENCE_S)
        try:
            bring_up(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def load(path: Path, *, fallback_spec: BatchSpec | None, now: float) -> Loaded | None:
    """Open the journal and read it, repaired if it is damaged; None for a new batch.

    Raises:
        JournalError: it cannot be read, nor any of its generations.
    """
    try:
        loaded = _load_as_it_is(path)
        damage = "state.db was missing or empty"
    except JournalDamagedError as error:
        damage = f"{error}. It was moved to {set_aside(path, now).name}"
    else:
        if loaded or not (generations(path) or (fallback_spec and has_attempts(path.parent))):
            return loaded
        # Nothing is in it, but a log may lie beside it that belongs to no other file.
        set_aside(path, now)
    return _recovered(path, damage, now) or _rebuilt(path, damage, fallback_spec)


def _load_as_it_is(path: Path) -> Loaded | None:
    if not path.exists():
        return None
    killed = ended_badly(path)
    loaded = _read(path)
    if loaded is None or not killed:
        return loaded
    # SQLite cuts a torn log without a word; what it lost would be in the attempts' directories.
    return _brought_forward(loaded, path, "the end of state.db was lost")


def _read(path: Path) -> Loaded | None:
    with translated(path):
        connection = connect(path, patience_s=PATIENCE_S)
        try:
            stored = read_contents(connection, path, path.parent)
        except BaseException:
            connection.close()
            raise
    if stored is None:
        connection.close()
        return None
    return Loaded(connection=connection, stored=stored)


def _recovered(path: Path, damage: str, now: float) -> Loaded | None:
    """Go on from the newest generation that is good."""
    for generation in generations(path):
        kept_at = datetime.fromtimestamp(generation.stat().st_mtime, UTC).astimezone()
        with translated(path):
            restore(generation, path)
        try:
            loaded = _read(path)
        except JournalDamagedError:
            path.unlink()
            set_aside(generation, now)
            continue
        if loaded is not None:
            note = f"{damage}; went on from the copy of {kept_at:%b %d %H:%M} ({generation.name})"
            return _brought_forward(loaded, path, note, always=True)
    return None


def _rebuilt(path: Path, damage: str, fallback_spec: BatchSpec | None) -> Loaded:
    """Begin anew from the batch file; what the attempts on disk ended in is still counted."""
    if fallback_spec is None:
        raise JournalError(
            f"{damage}; no older copy is readable. Give the batch file (overnight run FILE) to"
            " rebuild it from the attempts on disk, or begin anew with --fresh."
        )
    connection = open_new(path)
    stored = Stored(spec=fallback_spec, rows=rebuilt(fallback_spec, path.parent))
    with transaction(connection, path):
        write_spec(connection, stored.spec, None)
        store_place(connection, path.parent)
    note = f"{damage}; no older copy was readable, so all was rebuilt from the batch file"
    return _brought_forward(Loaded(connection=connection, stored=stored), path, note, always=True)


def _brought_forward(loaded: Loaded, path: Path, note: str, *, always: bool = False) -> Loaded:
    """Return ``loaded`` with its rows, in the file too, at what the attempts on disk prove."""
    brought = brought_forward(loaded.stored.rows, path.parent)
    if not brought.forward and not always:
        return loaded
    notes = [f"{note}; {len(brought.forward)} tasks had begun attempts since: these are looked at"]
    if brought.strangers:
        notes.append(f"attempts of tasks that are not in it: {_listed(brought.strangers)}")
    with transaction(loaded.connection, path):
        replace_rows(loaded.connection, brought.rows)
    return replace(
        loaded,
        stored=replace(loaded.stored, rows=brought.rows, notes=(*loaded.stored.notes, *notes)),
    )


def _listed(names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
