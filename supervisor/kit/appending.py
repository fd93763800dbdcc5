"""A file of whole lines that one process appends to: each line is in it whole, or not at all."""

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

from supervisor.kit.errors import BusyError, CheckpointError

Sync = Literal["always", "never"] | float
"""When lines are made durable against a power cut: each at once, by the system in its own time, or
at most so many seconds later. A killed process loses none either way."""

_PIECE = 1 << 20


class AppendedLines:
    """The lines of ``path``, made where it is missing. Only the process that opened it may append.

    Raises:
        BusyError: another process has it open.
        CheckpointError: it cannot be opened.
    """

    __slots__ = ("_descriptor", "_pid", "_place", "_size", "_sync", "_synced_at", "_torn", "path")

    def __init__(self, path: Path, sync: Sync = "always") -> None:
        self.path = path
        self._sync: Sync = sync
        self._pid = os.getpid()
        self._synced_at = time.monotonic()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _refuse_twice(path)
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            self._descriptor = os.open(path, flags, 0o666)
        except OSError as error:
            raise CheckpointError(f"{path}: {error.strerror}") from error
        try:
            _lock(self._descriptor, path)
            facts = os.fstat(self._descriptor)
            self._size, self._place = facts.st_size, (facts.st_dev, facts.st_ino)
            last = os.pread(self._descriptor, 1, self._size - 1) if self._size else b"\n"
            self._torn = last != b"\n"
        except BaseException:
            os.close(self._descriptor)
            raise
        _open.add(self._place)

    @property
    def size(self) -> int:
        """Return the bytes of all lines."""
        return self._size

    def lines(self) -> Iterator[tuple[bytes, bool]]:
        """Yield every line without its newline, and whether it had one: the last may be torn."""
        # Through the one descriptor: closing another one would give up the lock.
        at, half = 0, b""
        while data := os.pread(self._descriptor, min(_PIECE, self._size - at), at):
            at += len(data)
            *whole, half = (half + data).split(b"\n")
            for line in whole:
                yield line, True
        if half:
            yield half, False

    def cut(self, size: int) -> None:
        """Drop all that lies beyond the first ``size`` bytes.

        Raises:
            OSError: that is not possible.
        """
        os.ftruncate(self._descriptor, size)
        self._size, self._torn = size, False

    def append(self, line: bytes, *, durable: bool = False) -> None:
        r"""Append one line, which ends with ``\n``; ``durable``: whatever was said at the opening.

        Raises:
            CheckpointError: it is not in the file, for example because the disk is full.
        """
        if self._pid != os.getpid():
            raise CheckpointError(
                f"{self.path}: opened by process {self._pid}; let that one record the results"
            )
        line = b"\n" + line if self._torn else line
        start, written = self._size, 0
        try:
            while written < len(line):
                written += os.write(self._descriptor, line[written:] if written else line)
            self._size, self._torn = start + written, False
            if durable or self._is_due():
                os.fdatasync(self._descriptor)
        except OSError as error:
            self._take_back(start)
            raise CheckpointError(
                f"{self.path}: {error.strerror}: the last result is not recorded,"
                " those before it are safe"
            ) from error
        finally:
            if written and self._size == start:
                self._take_back(start)

    def close(self) -> None:
        """Make all lines durable, unless that was not wanted, and give up the lock."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor < 0:
            return
        _open.discard(self._place)
        try:
            if self._sync != "never" and self._pid == os.getpid():
                os.fdatasync(descriptor)
        except OSError as error:
            raise CheckpointError(f"{self.path}: {error.strerror}") from error
        finally:
            os.close(descriptor)

    def _is_due(self) -> bool:
        if isinstance(self._sync, str):
            return self._sync == "always"
        now = time.monotonic()
        due = now - self._synced_at >= self._sync
        self._synced_at = now if due else self._synced_at
        return due

    def _take_back(self, size: int) -> None:
        """Remove a line that is not whole, or not durable."""
        self._torn = True
        with suppress(OSError):
            self.cut(size)


_open: set[tuple[int, int]] = set()
"""Device and inode of the files that this process has open: its own lock does not keep it out."""


def _refuse_twice(path: Path) -> None:
    """Raise where this process has the file open. To close it once more would give up the lock."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        return
    if (facts.st_dev, facts.st_ino) in _open:
        raise BusyError(f"{path}: this process records into it already; close that one first")


def _lock(descriptor: int, path: Path) -> None:
    """Take the file for this process alone; a lock of this kind is not passed on to its children."""
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in {errno.EACCES, errno.EAGAIN}:
            raise BusyError(
                f"{path}: another process records into it; end that one, or name another file"
            ) from error
        # Not every network file system has locks; there nobody can tell.
