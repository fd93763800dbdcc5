"""Messages between a pool and its workers, over one pipe each way that nobody else holds.

A worker that dies in the middle of a message leaves half of one in its own pipe, and no lock.
"""

import os
import struct
from collections.abc import Iterator
from typing import NamedTuple

_HEAD = struct.Struct("!QBqd")
_PIECE = 1 << 20

READY, RETURNED, DONE, FAILED, UNPICKLABLE = range(5)
"""Of a worker: it may be given items; it will not begin the rest of what it was given; an item's end."""
GIVEN = 5
"""Of the pool: items to work at."""


class Frame(NamedTuple):
    """One message."""

    kind: int
    item: int = -1
    """Its place among all, where it is about one."""
    seconds: float = 0.0
    payload: bytes = b""


def write_frame(descriptor: int, frame: Frame) -> None:
    """Write a message whole; waits until there is room for it.

    Raises:
        OSError: nobody reads it any more.
    """
    head = _HEAD.pack(len(frame.payload), frame.kind, frame.item, frame.seconds)
    rest = memoryview(head + frame.payload)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def read_frame(descriptor: int) -> Frame | None:
    """Return the next message of a pipe that blocks; None: there will be none."""
    head = _read(descriptor, _HEAD.size)
    if head is None:
        return None
    size, kind, item, seconds = _HEAD.unpack(head)
    payload = _read(descriptor, size)
    return None if payload is None else Frame(kind, item, seconds, payload)


class Frames:
    """The messages that come out of a pipe which does not block, as far as they are whole."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._data = bytearray()

    def read(self) -> Iterator[Frame]:
        """Yield the whole messages that are there now."""
        while True:
            try:
                more = os.read(self._descriptor, _PIECE)
            except BlockingIOError:
                more = b""
            self._data += more
            yield from self._whole()
            if len(more) < _PIECE:
                return

    def _whole(self) -> Iterator[Frame]:
        data, at = self._data, 0
        while len(data) - at >= _HEAD.size:
            size, kind, item, seconds = _HEAD.unpack_from(data, at)
            start = at + _HEAD.size
            if len(data) - start < size:
                break
            at = start + size
            yield Frame(kind, item, seconds, bytes(data[start:at]))
        del data[:at]


def _read(descriptor: int, size: int) -> bytes | None:
    pieces: list[bytes] = []
    while size:
        piece = os.read(descriptor, min(size, _PIECE))
        if not piece:
            return None
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
