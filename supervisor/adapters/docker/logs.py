"""Copies what a container writes into the log files of its attempt: every byte, and each once.

An engine gives its log again from any moment on, but not from any byte. So it is remembered how many
bytes came before the moment of the last frame; what comes again after it, and is in the file already,
is dropped. The end of a stream means nothing: the engine may have been restarted.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

from supervisor.adapters.docker.client import Docker, Params
from supervisor.adapters.docker.frames import Frames
from supervisor.core.models import Stream

_BEGINNING = "0.000000000"


class LogCopy:
    """One stream of one container, on its way into one file."""

    def __init__(
        self,
        docker: Docker,
        path: Path,
        stream: Stream,
        position: tuple[str, int],
        note: Callable[[], None],
    ) -> None:
        self._docker = docker
        self._path = path
        self._stream: Stream = stream
        self._since, self._before = position
        self._note = note
        self._back = False
        """The clock went back: from here on only the whole log is sure to have all."""

    @property
    def position(self) -> tuple[str, int]:
        """From which moment on to ask again, and how many bytes were written before it."""
        return (_BEGINNING, 0) if self._back else (self._since, self._before)

    async def copy(self, container: str, *, follow: bool) -> None:
        """Copy what there is; with ``follow`` until the stream ends, for whatever reason.

        Raises:
            DaemonUnreachableError: the engine does not answer, or no longer.
            OSError: the file cannot be written; nothing is lost, call again.
        """
        since, before = self.position
        size = self._path.stat().st_size if self._path.exists() else 0
        if size < before:  # a full disk, or somebody cut it short: only the whole log is sure
            since, before = _BEGINNING, 0
        skip, total = size - before, before
        params: Params = {"follow": follow, "timestamps": True, self._stream: True, "since": since}
        frames = Frames()
        async with self._docker.stream("GET", f"containers/{container}/logs", params) as body:
            while data := await body.readany():
                fresh = bytearray()
                for frame in frames.feed(data):
                    self._arrived(frame.at, total)
                    total += len(frame.data)
                    fresh += frame.data[skip:]
                    skip = max(0, skip - len(frame.data))
                if fresh:
                    await _appended(self._path, bytes(fresh))
                    self._note()

    def _arrived(self, at: str, total: int) -> None:
        known = self._since.rjust(len(at))  # as numbers, to the nanosecond
        if at.rjust(len(known)) > known:
            self._since, self._before = at, total
        elif at != self._since:
            self._back = True


async def _appended(path: Path, data: bytes) -> None:
    """Write off the loop; even if nobody waits any more, return only when it is written."""
    writing = asyncio.get_running_loop().run_in_executor(None, _append, path, data)
    try:
        await asyncio.shield(writing)
    except asyncio.CancelledError:
        await asyncio.wait([writing])
        raise


def _append(path: Path, data: bytes) -> None:
    with path.open("ab", buffering=0) as file:
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) or 0 :]
