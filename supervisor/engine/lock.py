"""One engine per state directory, by a lock that the kernel takes back from the dead."""

import fcntl
import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from supervisor.ports import EngineBusyError


@dataclass(frozen=True, slots=True)
class _Holder:
    host: str
    pid: int


class EngineLock:
    """Held from construction to ``release`` or the process's end.

    Raises:
        EngineBusyError: another engine holds it, here or on another machine.
    """

    def __init__(self, directory: Path, batch: str) -> None:
        self._path = directory / "engine.lock"
        self._descriptor = _locked(self._path, batch)
        try:
            self._refuse_other_host()
        except EngineBusyError:
            os.close(self._descriptor)
            raise
        self._write({"host": socket.gethostname(), "pid": os.getpid()})

    def release(self) -> None:
        """Let the next engine in; the file stays, empty."""
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)

    def _refuse_other_host(self) -> None:
        # Over NFS a lock may not reach other machines; what its file says does.
        holder = _holder(self._descriptor)
        if holder is not None and holder.host != socket.gethostname():
            raise EngineBusyError(
                f"an engine on host {holder.host} (pid {holder.pid}) owns this batch: attach there, "
                f"or, if that machine or engine is gone for good, delete {self._path}"
            )

    def _write(self, facts: dict[str, object]) -> None:
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, json.dumps(facts).encode(), 0)


def _locked(path: Path, batch: str) -> int:
    """Return a descriptor that holds the lock on the file which ``path`` names now."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(descriptor)
            os.close(descriptor)
            raise _held(holder, batch) from None
        if _still_there(descriptor, path):
            return descriptor
        os.close(descriptor)


def _still_there(descriptor: int, path: Path) -> bool:
    """A lock on a file that was moved or replaced keeps nobody out."""
    ours = os.fstat(descriptor)
    try:
        theirs = path.stat()
    except FileNotFoundError:
        return False
    return (ours.st_dev, ours.st_ino) == (theirs.st_dev, theirs.st_ino)


def _held(holder: _Holder | None, batch: str) -> EngineBusyError:
    if holder is None:
        return EngineBusyError(f"an engine just starts for this batch: overnight attach {batch}")
    where = "" if holder.host == socket.gethostname() else f" on host {holder.host}"
    return EngineBusyError(
        f"engine pid {holder.pid}{where} runs this batch already: overnight attach {batch}",
        holder.pid,
    )


def _holder(descriptor: int) -> _Holder | None:
    try:
        facts = json.loads(os.pread(descriptor, 4096, 0))
        return _Holder(str(facts["host"]), int(facts["pid"]))
    except (ValueError, KeyError, TypeError):
        return None
