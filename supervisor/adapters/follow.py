"""Tail the logs of running attempts: what was appended comes in turns, fair to every file."""

import asyncio
import errno
import logging
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from supervisor.adapters.inotify import Inotify
from supervisor.adapters.logfile import LogFile
from supervisor.adapters.watches import POLL_S, Tail, Watches
from supervisor.core.models import Stream
from supervisor.ports import Chunk, Ref

log = logging.getLogger(__name__)

PATIENCE_S = 0.05
"""An attempt that is over sooner gets no watch; what it wrote is read at its end anyway."""
_IN_A_TURN = 512 * 1024
"""Bytes handed out before other work of the event loop gets its turn."""
_LONGEST_REST_S = 0.05


class InotifyFollower:
    """Implements ``Follower``; costs nothing while nobody writes."""

    def __init__(
        self,
        *,
        notice: Callable[[str], None] = lambda text: log.warning("%s", text),
        make: Callable[[], Inotify] = Inotify,
        poll_s: float = POLL_S,
    ) -> None:
        self._notice = notice
        self._watches = Watches(mark=self._mark, notice=self._tell, make=make, poll_s=poll_s)
        self._tails: dict[Ref, Tail] = {}
        self._new: dict[Ref, Tail] = {}
        self._soon: asyncio.TimerHandle | None = None
        self._dirty: dict[LogFile, None] = {}
        self._wake = asyncio.Event()
        self._noticed: set[str] = set()
        self._closed = False

    def follow(self, ref: Ref, directory: Path, offsets: Mapping[Stream, int]) -> None:
        """Begin to follow both streams from ``offsets`` (0 where missing)."""
        if ref in self._tails or self._closed:
            return
        self._tails[ref] = self._new[ref] = Tail(ref, str(directory), offsets)
        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(PATIENCE_S, self._watch_new)

    async def chunks(self) -> AsyncGenerator[Sequence[Chunk], None]:
        """Yield what was appended, soon after it was, a turn at a time. One reader.

        A turn holds at most one chunk of each file, each at most 256 KiB, and 768 KiB in all. When the
        reader closes this, the follower is closed.
        """
        loop = asyncio.get_running_loop()
        try:
            while not self._closed:
                await self._wake.wait()
                self._wake.clear()
                while self._dirty:
                    began = loop.time()
                    if turn := self._turn():
                        yield turn
                    if self._dirty:
                        # Catching up with a flood takes half the time there is, never all of it.
                        await asyncio.sleep(min(loop.time() - began, _LONGEST_REST_S))
        finally:
            self.close()

    def finish(self, ref: Ref) -> Iterator[Chunk]:
        """Stop following; return an iterator over what was not yet yielded, to the files' size.

        At most the last 4 MiB of each stream; what is skipped shows as a gap in the offsets.
        """
        self._new.pop(ref, None)
        tail = self._tails.pop(ref, None)
        if tail is None:
            return iter(())
        self._watches.drop(tail)
        for file in tail.files.values():
            self._dirty.pop(file, None)
        return self._rest(tail)

    def close(self) -> None:
        """Stop following everything; ``chunks`` ends."""
        self._closed = True
        if self._soon is not None:
            self._soon.cancel()
        self._watches.close()
        for tail in self._tails.values():
            for file in tail.files.values():
                file.close()
        self._tails.clear()
        self._new.clear()
        self._dirty.clear()
        self._wake.set()

    def _watch_new(self) -> None:
        self._soon = None
        new, self._new = self._new, {}
        for tail in new.values():
            self._watches.add(tail)

    def _mark(self, files: Iterable[LogFile]) -> None:
        self._dirty.update(dict.fromkeys(files))
        if self._dirty:
            self._wake.set()

    def _turn(self) -> list[Chunk]:
        """Read a chunk of each file in turn: one that grows fast does not starve the others."""
        turn: list[Chunk] = []
        room = _IN_A_TURN
        for file in tuple(self._dirty):
            del self._dirty[file]
            chunk = self._next(file)
            if chunk is None:
                continue
            turn.append(chunk)
            if file.more:
                self._dirty[file] = None
            room -= len(chunk.data)
            if room <= 0:
                break
        return turn

    def _next(self, file: LogFile) -> Chunk | None:
        try:
            return self._read(file)
        except OSError as error:
            self._tell(f"{file.path} cannot be read: {error.strerror}")
            if (tail := self._tails.get(file.ref)) is not None:
                self._watches.poll(tail)
            return None

    def _read(self, file: LogFile) -> Chunk | None:
        try:
            return file.read()
        except OSError as error:
            if error.errno not in {errno.EMFILE, errno.ENFILE}:
                raise
            self._close_idle(file)
            return file.read()

    def _close_idle(self, reading: LogFile) -> None:
        """Give back the descriptors of files that have no news."""
        for tail in self._tails.values():
            for file in tail.files.values():
                if file is not reading and file not in self._dirty:
                    file.close()

    def _rest(self, tail: Tail) -> Iterator[Chunk]:
        for file in tail.files.values():
            try:
                yield from file.rest()
            except OSError as error:
                self._tell(f"{file.path} cannot be read: {error.strerror}")
            finally:
                file.close()

    def _tell(self, text: str) -> None:
        """Say it once; there may be thousands of files."""
        if text not in self._noticed:
            self._noticed.add(text)
            self._notice(text)
