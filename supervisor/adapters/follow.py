"""Tail the logs of running attempts by inotify; by polling where the kernel grants no watch."""

import asyncio
import errno
import logging
import os
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path

from supervisor.adapters.inotify import CREATE, IGNORED, MOVED_TO, OVERFLOW, Inotify
from supervisor.adapters.logfile import LogFile
from supervisor.core.models import Stream
from supervisor.ports import Chunk, Ref

log = logging.getLogger(__name__)

COALESCE_S = 0.025
"""Events within this time of the last look wait for the next one."""
POLL_S = 0.1
PATIENCE_S = 0.05
"""An attempt that is over sooner gets no watch; what it wrote is read at its end anyway."""
_IN_A_ROW = 1 << 20
"""Bytes handed out before other work of the event loop gets its turn."""
_STREAMS: dict[bytes, Stream] = {b"stdout.log": "stdout", b"stderr.log": "stderr"}


class _Tail:
    """Both files of one attempt."""

    __slots__ = ("directory", "files", "watch")

    def __init__(self, ref: Ref, directory: str, offsets: Mapping[Stream, int]) -> None:
        self.directory = directory
        self.watch: int | None = None
        self.files: dict[Stream, LogFile] = {
            stream: LogFile(ref, stream, directory, offsets.get(stream, 0))
            for stream in _STREAMS.values()
        }


class InotifyFollower:
    """Implements ``Follower``; one watch per attempt directory, nothing to do while nobody writes."""

    def __init__(
        self,
        *,
        notice: Callable[[str], None] = lambda text: log.warning("%s", text),
        make: Callable[[], Inotify] = Inotify,
        poll_s: float = POLL_S,
    ) -> None:
        self._notice = notice
        self._make = make
        self._poll_s = poll_s
        self._inotify: Inotify | None = None
        self._tails: dict[Ref, _Tail] = {}
        self._by_watch: dict[int, _Tail] = {}
        self._polled: dict[Ref, _Tail] = {}
        self._new: dict[Ref, _Tail] = {}
        self._dirty: dict[LogFile, None] = {}
        self._wake = asyncio.Event()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._noticed: set[str] = set()
        self._closed = False

    def follow(self, ref: Ref, directory: Path, offsets: Mapping[Stream, int]) -> None:
        """Begin to follow both streams from ``offsets`` (0 where missing)."""
        if ref in self._tails or self._closed:
            return
        self._tails[ref] = self._new[ref] = _Tail(ref, str(directory), offsets)
        self._after("new", PATIENCE_S, self._watch_new)

    async def chunks(self) -> AsyncGenerator[Chunk, None]:
        """Yield what was appended, soon after it was; never more than 256 KiB at once. One reader.

        When the reader closes this, the follower is closed.
        """
        try:
            while not self._closed:
                await self._wake.wait()
                self._wake.clear()
                async with aclosing(self._news()) as news:
                    async for chunk in news:
                        yield chunk
        finally:
            self.close()

    async def _news(self) -> AsyncGenerator[Chunk, None]:
        in_a_row = 0
        while self._dirty:
            # One chunk of each file in turn: a file that grows fast does not starve the others.
            for file in tuple(self._dirty):
                chunk = self._next(file) if file in self._dirty else None
                if chunk is None:
                    continue
                yield chunk
                in_a_row += len(chunk.data)
                if in_a_row > _IN_A_ROW:
                    in_a_row = 0
                    await asyncio.sleep(0)

    async def finish(self, ref: Ref) -> Sequence[Chunk]:
        """Stop following and return what was not yet yielded, to the files' size now.

        At most the last 4 MiB of each stream; what is skipped shows as a gap in the offsets.
        """
        tail = self._tails.pop(ref, None)
        if tail is None:
            return ()
        self._unwatch(ref, tail)
        chunks: list[Chunk] = []
        for file in tail.files.values():
            self._dirty.pop(file, None)
            try:
                chunks.extend(file.rest())
            except OSError as error:
                self._tell(f"{file.path} cannot be read: {error.strerror}")
            finally:
                file.close()
        return chunks

    def close(self) -> None:
        """Stop following everything; ``chunks`` ends."""
        self._closed = True
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        for tail in self._tails.values():
            for file in tail.files.values():
                file.close()
        self._tails.clear()
        self._new.clear()
        self._by_watch.clear()
        self._polled.clear()
        self._dirty.clear()
        if self._inotify is not None:
            asyncio.get_running_loop().remove_reader(self._inotify.fd)
            self._inotify.close()
            self._inotify = None
        self._wake.set()

    def _watch_new(self) -> None:
        new, self._new = self._new, {}
        for ref, tail in new.items():
            self._watch(ref, tail)
            # What was written before the watch was there makes no event.
            for file in tail.files.values():
                self._look(file)

    def _watch(self, ref: Ref, tail: _Tail) -> None:
        """Watch the directory; if that cannot be, look at its files every now and then."""
        try:
            if self._inotify is None:
                self._inotify = self._make()
                asyncio.get_running_loop().add_reader(self._inotify.fd, self._on_events)
            tail.watch = self._inotify.add(tail.directory)
            self._by_watch[tail.watch] = tail
            self._polled.pop(ref, None)
        except OSError as error:
            if error.errno not in {errno.ENOENT, errno.ENOTDIR}:
                self._tell(
                    f"log files are polled, because the kernel grants no watch: {error.strerror}"
                    " (raise fs.inotify.max_user_watches and max_user_instances)"
                )
            self._poll_later(ref)

    def _unwatch(self, ref: Ref, tail: _Tail) -> None:
        self._new.pop(ref, None)
        self._polled.pop(ref, None)
        if tail.watch is not None and self._inotify is not None:
            self._by_watch.pop(tail.watch, None)
            self._inotify.remove(tail.watch)
            tail.watch = None

    def _on_events(self) -> None:
        """Note which files have news, then let events gather for a while."""
        inotify = self._inotify
        if inotify is None:
            return
        for watch, mask, name in inotify.events():
            if mask & OVERFLOW:
                self._look_everywhere()
                continue
            tail = self._by_watch.get(watch)
            if tail is None:
                continue
            if mask & IGNORED:
                # The directory is gone; whatever comes in its place has to be found anew.
                self._lose(tail)
            elif (stream := _STREAMS.get(name)) is not None:
                file = tail.files[stream]
                file.replaced = file.replaced or bool(mask & (CREATE | MOVED_TO))
                self._mark(file)
        asyncio.get_running_loop().remove_reader(inotify.fd)
        self._after("events", COALESCE_S, self._listen)

    def _listen(self) -> None:
        if self._inotify is not None:
            asyncio.get_running_loop().add_reader(self._inotify.fd, self._on_events)

    def _lose(self, tail: _Tail) -> None:
        if tail.watch is not None:
            self._by_watch.pop(tail.watch, None)
            tail.watch = None
        self._poll_later(tail.files["stdout"].ref)

    def _poll(self) -> None:
        for ref, tail in tuple(self._polled.items()):
            if self._inotify is not None and os.path.isdir(tail.directory):  # noqa: PTH112 - hot
                self._watch(ref, tail)
            for file in tail.files.values():
                file.replaced = True
                self._look(file)
        if self._polled:
            self._after("poll", self._poll_s, self._poll)

    def _look_everywhere(self) -> None:
        for tail in self._tails.values():
            for file in tail.files.values():
                file.replaced = True
                self._mark(file)

    def _look(self, file: LogFile) -> None:
        if file.has_news():
            self._mark(file)

    def _mark(self, file: LogFile) -> None:
        self._dirty[file] = None
        self._wake.set()

    def _next(self, file: LogFile) -> Chunk | None:
        """Read the next chunk; a file without more to give is no longer dirty."""
        chunk = None
        try:
            chunk = self._read(file)
        except OSError as error:
            self._tell(f"{file.path} cannot be read: {error.strerror}")
            self._poll_later(file.ref)
        if chunk is None:
            self._dirty.pop(file, None)
        return chunk

    def _read(self, file: LogFile) -> Chunk | None:
        try:
            return file.read()
        except OSError as error:
            if error.errno not in {errno.EMFILE, errno.ENFILE}:
                raise
            self._close_idle()
            return file.read()

    def _close_idle(self) -> None:
        """Give back the descriptors of files that have no news."""
        for tail in self._tails.values():
            for file in tail.files.values():
                if file not in self._dirty:
                    file.close()

    def _poll_later(self, ref: Ref) -> None:
        tail = self._tails.get(ref)
        if tail is not None:
            self._polled[ref] = tail
            self._after("poll", self._poll_s, self._poll)

    def _tell(self, text: str) -> None:
        """Say it once; there may be thousands of files."""
        if text not in self._noticed:
            self._noticed.add(text)
            self._notice(text)

    def _after(self, name: str, seconds: float, action: Callable[[], None]) -> None:
        """Call ``action`` later; a timer of that name that is set already stays as it is."""
        if name in self._timers or self._closed:
            return

        def due() -> None:
            self._timers.pop(name, None)
            action()

        self._timers[name] = asyncio.get_running_loop().call_later(seconds, due)
