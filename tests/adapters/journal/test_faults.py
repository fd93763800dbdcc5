"""Every error of SQLite becomes one of ours that tells what to do."""

import errno
import sqlite3
from pathlib import Path

import pytest

from supervisor.adapters.journal.faults import (
    JournalDamagedError,
    JournalInUseError,
    translated,
)
from supervisor.ports import JournalError, JournalFullError

PATH = Path("/s/state.db")


def sqlite_error(code: int | None, words: str = "words") -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(words)
    if code is not None:
        error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (sqlite_error(sqlite3.SQLITE_FULL), JournalFullError),
        (sqlite_error(sqlite3.SQLITE_IOERR_WRITE), JournalFullError),
        (sqlite_error(sqlite3.SQLITE_IOERR_FSYNC), JournalFullError),
        (sqlite_error(sqlite3.SQLITE_BUSY), JournalInUseError),
        (sqlite_error(sqlite3.SQLITE_BUSY_RECOVERY), JournalInUseError),
        (sqlite_error(sqlite3.SQLITE_NOTADB), JournalDamagedError),
        (sqlite_error(sqlite3.SQLITE_CORRUPT_VTAB), JournalDamagedError),
        (sqlite_error(sqlite3.SQLITE_IOERR_SHORT_READ), JournalDamagedError),
        (sqlite_error(sqlite3.SQLITE_IOERR_READ), JournalError),
        (sqlite_error(sqlite3.SQLITE_CANTOPEN), JournalError),
        (sqlite_error(None, "Could not decode to UTF-8 column"), JournalDamagedError),
        (sqlite_error(None), JournalError),
        (UnicodeDecodeError("utf-8", b"\x80", 0, 1, "invalid start byte"), JournalDamagedError),
        (OSError(errno.ENOSPC, "No space left on device"), JournalFullError),
        (OSError(errno.EDQUOT, "Quota exceeded"), JournalFullError),
        (PermissionError(errno.EACCES, "Permission denied"), JournalError),
    ],
    ids=repr,
)
def test_errors_are_named(error: Exception, kind: type[JournalError]) -> None:
    with pytest.raises(JournalError, match=r"/s/state\.db") as raised, translated(PATH):
        raise error
    assert type(raised.value) is kind


def test_other_errors_pass() -> None:
    with pytest.raises(ZeroDivisionError), translated(PATH):
        raise ZeroDivisionError
