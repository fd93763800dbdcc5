"""A file that keeps space for the journal, given up when the disk is full."""

import os
from contextlib import suppress
from pathlib import Path

SIZE_BYTES = 8 << 20
_ROOM_FACTOR = 4
"""It is made again only when this many times its size is free: not to fill the disk ourselves."""


class Ballast:
    """Some MiB beside the journal that nothing else can take."""

    def __init__(self, path: Path, size_bytes: int = SIZE_BYTES) -> None:
        self._path = path
        self._size_bytes = size_bytes
        self._made = False

    def make(self) -> None:
        """Reserve the space, if it is not reserved yet and there is plenty; cheap to repeat."""
        if self._made:
            return
        disk = os.statvfs(self._path.parent)
        if disk.f_bavail * disk.f_frsize < self._size_bytes * _ROOM_FACTOR:
            return
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            # A quota may still say no; then the journal has to do without.
            with suppress(OSError):
                os.posix_fallocate(file, 0, self._size_bytes)
                self._made = True
        finally:
            os.close(file)

    def free(self) -> bool:
        """Give the space up; False if there was none to give."""
        size_bytes = self._path.stat().st_size if self._path.exists() else 0
        self._path.unlink(missing_ok=True)
        self._made = False
        return size_bytes > 0
