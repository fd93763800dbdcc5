"""What SQLite's errors mean for a journal."""

import errno
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from supervisor.ports import JournalError, JournalFullError

_OUT_OF_SPACE = {
    sqlite3.SQLITE_FULL,
    # What a used-up quota looks like, and a full disk on some network file systems.
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
}
_DAMAGED = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_TOOBIG,
    # "No such table": our statements are sound, so the list of tables is not.
    sqlite3.SQLITE_ERROR,
}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class JournalDamagedError(JournalError):
    """The file is not what was written into it."""


class JournalInUseError(JournalError):
    """Another process has the journal open; a journal has one user at a time."""


@contextmanager
def translated(path: Path) -> Generator[None]:
    """Raise the errors of SQLite inside the block as our own, with ``path`` in their text."""
    try:
        yield
    except sqlite3.Error as error:
        raise _named(error, path) from error
    except UnicodeDecodeError as error:
        # Names in a garbled schema, or in SQLite's own words about it.
        raise JournalDamagedError(f"{path} is damaged: {error.reason}") from error
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        kind = JournalFullError if full else JournalError
        raise kind(f"{path}: {error.strerror or error}") from error


def _named(error: sqlite3.Error, path: Path) -> JournalError:
    code = getattr(error, "sqlite_errorcode", None)
    if code in _OUT_OF_SPACE:
        return JournalFullError(f"{path}: {error}; free some space, it goes on by itself")
    if code == sqlite3.SQLITE_IOERR_SHORT_READ or (code is None and _is_garbled(error)):
        return JournalDamagedError(f"{path} is damaged: {error}")
    # Extended codes carry the primary one in their low byte.
    primary = code & 0xFF if isinstance(code, int) else None
    if primary in _LOCKED:
        return JournalInUseError(f"{path} is in use by a running engine; ask that one")
    if primary in _DAMAGED:
        return JournalDamagedError(f"{path} is damaged: {error}")
    return JournalError(f"{path}: {error}")


def _is_garbled(error: sqlite3.Error) -> bool:
    """Tell whether text in the file is no text; the module says so without an error code."""
    return isinstance(error, sqlite3.OperationalError) and "decode" in str(error)
