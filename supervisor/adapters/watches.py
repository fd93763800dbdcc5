"""Which logs have news: by inotify, by looking every now and then where the kernel grants no watch."""

import asyncio
import errno
import os
from collections.abc import Callable, Iterable, Mapping

from supervisor.adapters.inotify import CREATE, IGNORED, MOVED_TO, OVERFLOW, Inotify
from supervisor.adapters.logfile import LogFile
from supervisor.core.models import Stream
from supervisor.ports import Ref

COALESCE_S = 0.03
"""Events within this time of the last look wait for the next one."""
POLL_S = 0.1
_STREAMS: dict[bytes, Stream] = {b"stdout.log": "stdout", b"stderr.log": "stderr"}


class Tail:
    """Both files of one attempt."""

    __slots__ = ("directory", "files", "watch")

    def __init__(self, ref: Ref, directory: str, offsets: Mapping[Stream, int]) -> None:
        self.directory = directory
        self.watch: int | None = None
        self.files: dict[Stream, LogFile] = {
            stream: LogFile(ref, stream, directory, offsets.get(stream, 0))
            for stream in _STREAMS.values()
        }


class Watches:
    """Calls ``mark`` with files that may have news; one inotify watch per directory.

    While somebody writes, the kernel is asked once per 30 ms; while nobody does, nothing happens.
    """

    def __init__(
        self,
        *,
        mark: Callable[[Iterable[LogFile]], None],
        notice: Callable[[str], None],
        make: Callable[[], Inotify],
        poll_s: float,
    ) -> None:
        self._mark = mark
        self._notice = notice
        self._make = make
        self._poll_s = poll_s
        self._inotify: Inotify | None = None
        self._by_watch: dict[int, Tail] = {}
        self._polled: dict[Tail, None] = {}
        self._next_look: asyncio.TimerHandle | None = None
        self._next_poll: asyncio.TimerHandle | None = None

    def add(self, tail: Tail) -> None:
        """Watch the directory; if that cannot be, look at its files every now and then."""
        try:
            if self._inotify is None:
                self._inotify = self._make()
                self._listen()
            tail.watch = self._inotify.add(tail.directory)
            self._by_watch[tail.watch] = tail
            self._polled.pop(tail, None)
        except OSError as error:
            if error.errno not in {errno.ENOENT, errno.ENOTDIR}:
                self._notice(
                    f"log files are polled, because the kernel grants no watch: {error.strerror}"
                    " (raise fs.inotify.max_user_watches and max_user_instances)"
                )
            self.poll(tail)
        # What was written before the watch was there makes no event.
        self._mark([file for file in tail.files.values() if file.has_news()])

    def drop(self, tail: Tail) -> None:
        """Watch it no longer."""
        self._polled.pop(tail, None)
        if tail.watch is not None and self._inotify is not None:
            self._by_watch.pop(tail.watch, None)
            self._inotify.remove(tail.watch)
            tail.watch = None

    def poll(self, tail: Tail) -> None:
        """Look at its files every now and then, until a watch can be had."""
        self._polled[tail] = None
        if self._next_poll is None:
            self._next_poll = _later(self._poll_s, self._poll_now)

    def close(self) -> None:
        """Watch nothing any more."""
        for timer in (self._next_look, self._next_poll):
            if timer is not None:
                timer.cancel()
        self._by_watch.clear()
        self._polled.clear()
        if self._inotify is not None:
            asyncio.get_running_loop().remove_reader(self._inotify.fd)
            self._inotify.close()
            self._inotify = None

    def _listen(self) -> None:
        """Be called when something happens."""
        if self._inotify is not None:
            asyncio.get_running_loop().add_reader(self._inotify.fd, self._on_events)

    def _on_events(self) -> None:
        """Take in what happened, then let events gather for a while."""
        if self._inotify is not None:
            self._take_in(self._inotify)
            asyncio.get_running_loop().remove_reader(self._inotify.fd)
            self._next_look = _later(COALESCE_S, self._look_again)

    def _look_again(self) -> None:
        """While there is news each time, looking at once is cheaper than being told first."""
        if self._inotify is not None and self._take_in(self._inotify):
            self._next_look = _later(COALESCE_S, self._look_again)
        else:
            self._next_look = None
            self._listen()

    def _take_in(self, inotify: Inotify) -> bool:
        """Mark the files that events tell of; return whether there were any."""
        events = inotify.events()
        news: dict[LogFile, None] = {}
        for watch, mask, name in events:
            tail = self._by_watch.get(watch)
            if tail is not None and (stream := _STREAMS.get(name)) is not None:
                file = tail.files[stream]
                if mask & (CREATE | MOVED_TO):
                    file.replaced = True
                news[file] = None
            elif mask & OVERFLOW:
                self._mark(_replaced(self._by_watch.values()))
            elif tail is not None and mask & IGNORED:
                # The directory is gone; whatever comes in its place has to be found anew.
                self._by_watch.pop(watch)
                tail.watch = None
                self.poll(tail)
        if news:
            self._mark(news)
        return bool(events)

    def _poll_now(self) -> None:
        self._next_poll = None
        for tail in tuple(self._polled):
            if self._inotify is not None and os.path.isdir(tail.directory):  # noqa: PTH112 - hot
                self.add(tail)
            self._mark([file for file in _replaced((tail,)) if file.has_news()])
        if self._polled and self._next_poll is None:
            self._next_poll = _later(self._poll_s, self._poll_now)


def _replaced(tails: Iterable[Tail]) -> list[LogFile]:
    """Return their files, told that others may stand in their place."""
    files = [file for tail in tails for file in tail.files.values()]
    for file in files:
        file.replaced = True
    return files


def _later(seconds: float, action: Callable[[], None]) -> asyncio.TimerHandle:
    return asyncio.get_running_loop().call_later(seconds, action)
