"""Older copies of the journal to fall back on, and the moving aside of damaged files."""

import os
import re
import shutil
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

KEPT = 3

_NUMBER = re.compile(r"\.gen-(\d+)")


def generations(path: Path) -> Sequence[Path]:
    """Return the copies that lie beside the journal ``path``, newest first."""
    found = [other for other in path.parent.glob(f"{path.name}.gen-*") if _number(path, other)]
    return sorted(found, key=lambda other: _number(path, other), reverse=True)


def keep(connection: sqlite3.Connection, path: Path) -> Path:
    """Copy the open journal to a new generation and drop all but the newest; return its path.

    Raises:
        sqlite3.Error, OSError: it could not be written; the older ones are all there.
    """
    older = generations(path)
    copy = path.with_name(f"{path.name}.gen-{_number(path, older[0]) + 1 if older else 1}")
    partial = path.with_name(f"{path.name}.gen.tmp")
    partial.unlink(missing_ok=True)
    try:
        partial.touch(mode=0o600)
        connection.execute("VACUUM INTO ?", (str(partial),))
        _settle(partial, copy)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    for outdated in older[KEPT - 1 :]:
        outdated.unlink(missing_ok=True)
    return copy


def restore(generation: Path, path: Path) -> None:
    """Put a copy of ``generation`` where the journal belongs.

    Raises:
        OSError: it could not be copied.
    """
    partial = path.with_name(f"{path.name}.restore.tmp")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    shutil.copyfile(generation, partial)
    _settle(partial, path)


def set_aside(path: Path, now: float) -> Path:
    """Rename a damaged journal, with what SQLite keeps beside it; return its new path."""
    stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%S")
    aside = path.with_name(f"{path.name}.corrupt-{stamp}")
    count = 1
    while aside.exists():
        count += 1
        aside = path.with_name(f"{path.name}.corrupt-{stamp}.{count}")
    for suffix in ("", "-wal", "-shm", "-journal"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    return aside


def _number(path: Path, other: Path) -> int:
    match = _NUMBER.fullmatch(other.name.removeprefix(path.name))
    return int(match[1]) if match else 0


def _settle(partial: Path, path: Path) -> None:
    """Make ``partial`` durable under its real name."""
    for name in (partial, path.parent):
        file = os.open(name, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(file)
        finally:
            os.close(file)
        if name is partial:
            partial.rename(path)
