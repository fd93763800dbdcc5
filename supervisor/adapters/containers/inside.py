"""Looks at files inside of a container through ``/proc/PID/root``, where the kernel lets us.

A container's files are a stranger's: a link among them could lead anywhere on this machine. So no link
is followed at all, and only regular files are opened.
"""

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress

_ENTRIES = 500
"""Of a workspace that are looked at: enough to see something move."""
_NO_LINK = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


class HiddenError(Exception):
    """The kernel does not let this user look inside."""


def written_at(pid: int, path: str) -> float | None:
    """Return when the regular file ``path`` was last written; None: there is none.

    Raises:
        HiddenError: this cannot be seen from here.
    """
    with _parent(pid, path) as (folder, name), suppress(OSError):
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if stat.S_ISREG(found.st_mode):
            return found.st_mtime
    return None


def newest_in(pid: int, path: str) -> float | None:
    """Return the newest change of the directory ``path`` or of anything right in it. Raises as above."""
    newest: float | None = None
    with _parent(pid, path + "/.") as (folder, _):
        if folder < 0:
            return None
        newest = os.fstat(folder).st_mtime
        with suppress(OSError), os.scandir(folder) as entries:
            for _, entry in zip(range(_ENTRIES), entries, strict=False):
                with suppress(OSError):
                    newest = max(newest, entry.stat(follow_symlinks=False).st_mtime)
    return newest


def read(pid: int, path: str, most: int) -> bytes | None:
    """Return the first ``most`` bytes of a regular file; None: there is none. Raises as above."""
    with _parent(pid, path) as (folder, name), suppress(OSError):
        file = os.open(name, os.O_RDONLY | _NO_LINK, dir_fd=folder)
        try:
            return os.read(file, most) if stat.S_ISREG(os.fstat(file).st_mode) else None
        finally:
            os.close(file)
    return None


@contextmanager
def _parent(pid: int, path: str) -> Generator[tuple[int, str]]:
    """Yield the descriptor of the directory that holds ``path`` (-1: there is none), and the name."""
    *folders, name = [part for part in path.split("/") if part]
    try:
        folder = os.open(f"/proc/{pid}/root", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    except PermissionError:
        raise HiddenError from None
    except OSError:
        yield -1, name
        return
    try:
        for part in folders:
            try:
                below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | _NO_LINK, dir_fd=folder)
            except PermissionError:
                raise HiddenError from None
            except OSError:
                below = -1
            os.close(folder)
            folder = below
            if folder < 0:
                break
        yield folder, name
    finally:
        if folder >= 0:
            os.close(folder)
