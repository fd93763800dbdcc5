"""One growing file, read from where it was left: truncation and replacement are noticed."""

import os
from collections.abc import Iterator

from supervisor.core.models import Stream
from supervisor.ports import Chunk, Ref

CHUNK = 256 * 1024
_LITTLE = 8 * 1024
"""What a read makes room for where little is expected: room for a whole chunk costs 18 µs more."""
LATE = 4 << 20
"""Bytes of a stream that are still read after its attempt ended, or after it ran away from us."""
BEHIND = 64 << 20
"""Unread bytes beyond which a running attempt's output is not caught up with, but skipped."""


class LogFile:
    """Opened when it has its first byte, and kept open: most logs stay empty."""

    __slots__ = (
        "_fd",
        "_path",
        "_restarted",
        "_room",
        "more",
        "offset",
        "ref",
        "replaced",
        "stream",
    )

    def __init__(self, ref: Ref, stream: Stream, directory: str, offset: int) -> None:
        self.ref = ref
        self.stream: Stream = stream
        self.offset = offset
        self.replaced = False
        """Another file may stand under this name now."""
        self.more = False
        """The last read found so much that there may be more."""
        self._path = f"{directory}/{stream}.log"
        self._fd = -1
        self._room = _LITTLE
        self._restarted = False

    @property
    def path(self) -> str:
        """Where it lies."""
        return self._path

    @property
    def is_open(self) -> bool:
        """Whether it holds a descriptor."""
        return self._fd >= 0

    def has_news(self) -> bool:
        """Tell whether its size is not what was read so far."""
        try:
            return os.stat(self._path).st_size != self.offset  # noqa: PTH116 - once per launch
        except OSError:
            return False

    def read(self) -> Chunk | None:
        """Return what comes next, at most 256 KiB; None: nothing yet.

        Far behind, it goes on a little before the file's end; the gap shows in the offsets.

        Raises:
            OSError: it cannot be opened or read.
        """
        self.more = False
        if self._fd < 0 and not self._open():
            return None
        room = self._room
        data = os.pread(self._fd, room, self.offset)
        if not data:
            return self.read() if self._is_new() else None
        chunk = Chunk(self.ref, self.stream, self.offset, data, self._restarted)
        self.offset += len(data)
        self._restarted = False
        full = len(data) == room
        self._room = CHUNK if full else _LITTLE
        if full or self.replaced:
            self.more = True
            self._keep_up()
        return chunk

    def rest(self) -> Iterator[Chunk]:
        """Yield what is left, at most 4 MiB; what is skipped shows as a gap in the offsets.

        Raises:
            OSError: it cannot be opened or read.
        """
        self.replaced = True
        if self._fd < 0 and not self._open():
            return
        size = os.fstat(self._fd).st_size
        self.offset = max(self.offset, size - LATE)
        if size - self.offset > _LITTLE:
            self._room = CHUNK
        left = LATE
        while left > 0 and (chunk := self.read()) is not None:
            left -= len(chunk.data)
            yield chunk

    def close(self) -> None:
        """Give the descriptor back; reading on opens it again."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _open(self) -> bool:
        """Open it if it has anything in it."""
        try:
            if not os.stat(self._path).st_size:  # noqa: PTH116 - hot
                return False
            self._fd = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        return True

    def _keep_up(self) -> None:
        size = os.fstat(self._fd).st_size
        if size - self.offset > BEHIND:
            self.offset = size - LATE

    def _is_new(self) -> bool:
        """Begin anew where the file was truncated, or another one stands in its place."""
        if os.fstat(self._fd).st_size < self.offset:
            self.offset, self._restarted = 0, True
            return True
        return self.replaced and self._reopen()

    def _reopen(self) -> bool:
        """Go on with another file of this name, if there is one."""
        self.replaced = False
        try:
            found = os.stat(self._path)  # noqa: PTH116 - beside fstat
        except FileNotFoundError:
            return False
        held = os.fstat(self._fd)
        if (found.st_dev, found.st_ino) == (held.st_dev, held.st_ino):
            return False
        self.close()
        self.offset, self._restarted = 0, True
        return self._open()
