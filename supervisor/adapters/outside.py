"""A process that somebody else started: its logs as they grow, and how it ends."""

import fcntl
import os
import select
import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from supervisor.adapters.local.procfs import start_of

_GET_INFO = 0xC040FF0B
"""``PIDFD_GET_INFO`` and its mask for exits: include/uapi/linux/pidfd.h, Linux 6.15 and later."""
_EXIT = 1 << 3
_INFO_BYTES, _CODE_AT = 64, 60
_LOOK_S = 0.5
_REAPED_S = 3.0
"""How long its parent may take to fetch the exit code; before that the kernel does not tell it."""
_PIECE = 1 << 18


class GoneError(Exception):
    """There is no such process, or another one has its number by now."""


class Outside:
    """One process by its pid and start time, and log files that it writes.

    Raises:
        GoneError: it does not live.
    """

    def __init__(self, pid: int, start: int, logs: Sequence[Path]) -> None:
        try:
            self._process = os.pidfd_open(pid)
        except OSError as error:
            raise GoneError(f"there is no process {pid}") from error
        # Only now: a number that was given away in between is another start.
        if start_of(pid) != start:
            os.close(self._process)
            raise GoneError(f"process {pid} is another one by now")
        self._logs = [_Tail(path) for path in logs]

    def output(self) -> Iterator[bytes]:
        """Yield what the logs grow by until the process has ended and they are read to the end."""
        poll = select.poll()
        poll.register(self._process, select.POLLIN)
        ended = False
        while not ended:
            ended = bool(poll.poll(_LOOK_S * 1000))
            for log in self._logs:
                yield from log.grown()

    def exit_code(self) -> int | None:
        """Return how it ended, as the shell would show it; None: the kernel does not tell strangers."""
        deadline = time.monotonic() + _REAPED_S
        while time.monotonic() < deadline:
            info = bytearray(_INFO_BYTES)
            struct.pack_into("=Q", info, 0, _EXIT)
            try:
                fcntl.ioctl(self._process, _GET_INFO, info)
            except OSError:
                return None
            if struct.unpack_from("=Q", info)[0] & _EXIT:
                status = struct.unpack_from("=i", info, _CODE_AT)[0]
                code = os.waitstatus_to_exitcode(status)
                return code if code >= 0 else 128 - code
            time.sleep(0.02)
        return None

    def close(self) -> None:
        """Let go of it; it lives on."""
        os.close(self._process)
        for log in self._logs:
            log.close()


class _Tail:
    """A file from its end on; one that was cut or replaced is read from its beginning."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        with suppress(OSError):
            self._file = path.open("rb")
            self._file.seek(0, os.SEEK_END)

    def grown(self) -> Iterator[bytes]:
        if self._file is not None:
            with suppress(OSError):
                if os.fstat(self._file.fileno()).st_size < self._file.tell():
                    self._file.seek(0)
                while piece := self._file.read(_PIECE):
                    yield piece
        if self._is_replaced():
            self.close()
            with suppress(OSError):
                self._file = self._path.open("rb")
                yield from self.grown()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _is_replaced(self) -> bool:
        try:
            now = self._path.stat()
        except OSError:
            return False
        if self._file is None:
            return True
        here = os.fstat(self._file.fileno())
        return (here.st_dev, here.st_ino) != (now.st_dev, now.st_ino)
