"""The whole of what an open journal holds."""

import json
import sqlite3
from pathlib import Path

from supervisor.adapters.journal.connection import check
from supervisor.adapters.journal.faults import JournalDamagedError
from supervisor.adapters.journal.rows import read_offsets, read_rows, read_spec
from supervisor.adapters.journal.schema import bring_up, get_meta, put_meta
from supervisor.ports import Stored


def read_contents(connection: sqlite3.Connection, path: Path, directory: Path) -> Stored | None:
    """Return all that is stored, after bringing the file up to date; None if nothing is.

    ``path`` is the file's, ``directory`` where the state directory is now.

    Raises:
        JournalNewerError: a newer version wrote it.
        JournalDamagedError, sqlite3.Error: it is not what was written.
    """
    bring_up(connection, path)
    check(connection)
    rows = read_rows(connection)
    spec = read_spec(connection)
    if rows is None and spec is None:
        return None
    if rows is None or spec is None:
        raise JournalDamagedError("part of it is missing")
    return Stored(
        spec=spec,
        rows=rows,
        offsets=read_offsets(connection, rows.tasks),
        moved_from=_moved_from(connection, directory),
    )


def store_place(connection: sqlite3.Connection, directory: Path) -> None:
    """Remember where the state directory is now."""
    put_meta(connection, {"place": json.dumps(_place(directory))})


def _moved_from(connection: sqlite3.Connection, directory: Path) -> str | None:
    told = get_meta(connection, "place")
    if told is None:
        return None
    try:
        place = json.loads(told)
        path, inode = str(place["path"]), int(place["inode"])
    except (ValueError, LookupError, TypeError) as error:
        raise JournalDamagedError(f"where it lay cannot be read: {told!r}") from error
    now = _place(directory)
    # Device numbers change at a reboot; the inode tells a copy made at the same path.
    return None if (path, inode) == (now["path"], now["inode"]) else path


def _place(directory: Path) -> dict[str, object]:
    status = directory.stat()
    path = str(directory.resolve())
    return {"path": path, "inode": status.st_ino, "device": status.st_dev}
