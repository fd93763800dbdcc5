"""The kernel's inotify, by ctypes: the standard library has no binding for it."""

import ctypes
import errno
import os
import struct

MODIFY, MOVED_TO, CREATE = 0x2, 0x80, 0x100
OVERFLOW, IGNORED = 0x4000, 0x8000
_ONLY_DIRECTORIES = 0x01000000
_NON_BLOCKING = os.O_NONBLOCK | os.O_CLOEXEC
_EVENT = struct.Struct("iIII")
_SHORT_NAME = 16
_SHORT = struct.Struct(f"iIII{_SHORT_NAME}s")
"""An event with a name of up to 15 bytes, as the kernel pads it."""
_ROOM = 16 * 1024
_LARGEST = _EVENT.size + 256

Event = tuple[int, int, bytes]
"""Watch, mask, file name."""


class Inotify:
    """One inotify instance; its descriptor becomes readable when something happened."""

    def __init__(self) -> None:
        """Open it.

        Raises:
            OSError: the user's limit of instances or files is reached (EMFILE, ENFILE).
        """
        self._libc = ctypes.CDLL(None, use_errno=True)
        self.fd: int = self._libc.inotify_init1(_NON_BLOCKING)
        if self.fd < 0:
            raise _error("inotify_init1")

    def add(self, directory: str) -> int:
        """Watch a directory for new files and writes; return the watch's number.

        Raises:
            OSError: it does not exist (ENOENT), or the limit of watches is reached (ENOSPC).
        """
        mask = MODIFY | MOVED_TO | CREATE | _ONLY_DIRECTORIES
        number: int = self._libc.inotify_add_watch(self.fd, os.fsencode(directory), mask)
        if number < 0:
            raise _error(directory)
        return number

    def remove(self, number: int) -> None:
        """Drop a watch; one that is gone with its directory is dropped already."""
        if self._libc.inotify_rm_watch(self.fd, number) < 0 and ctypes.get_errno() != errno.EINVAL:
            raise _error(f"watch {number}")

    def events(self) -> list[Event]:
        """Return all that has happened since the last call; never waits."""
        happened: list[Event] = []
        while True:
            try:
                data = os.read(self.fd, _ROOM)
            except BlockingIOError:
                return happened
            _parse(data, happened)
            if len(data) <= _ROOM - _LARGEST:
                # The kernel fills the room as far as whole events go: there are no more.
                return happened

    def close(self) -> None:
        """Give the descriptor back."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


def _parse(data: bytes, happened: list[Event]) -> None:
    if len(data) % _SHORT.size == 0:
        # Nearly all names are short, and then all events are equally long: four times as fast.
        events = list(_SHORT.iter_unpack(data))
        if all(event[3] == _SHORT_NAME for event in events):
            happened += [(event[0], event[1], event[4].rstrip(b"\0")) for event in events]
            return
    place = 0
    while place < len(data):
        watch, mask, _cookie, length = _EVENT.unpack_from(data, place)
        place += _EVENT.size + length
        happened.append((watch, mask, data[place - length : place].rstrip(b"\0")))


def _error(what: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), what)
