"""What living attempts say: whether their logs tell anything new, and how far they are."""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from supervisor.core.lines import clean
from supervisor.core.progress import Search, bar, counter_in
from supervisor.core.repeats import Heard
from supervisor.core.told import Told
from supervisor.engine.saying import Saying
from supervisor.ports import Ref

log = logging.getLogger(__name__)

_NAMES = ("stdout.log", "stderr.log")
_AT_ONCE = 8 * 1024
"""Bytes that are looked at of what was written since the last look."""
_MOST_LINES = 60


@dataclass(slots=True)
class Tail:
    """What is known of one attempt's logs."""

    directory: Path
    search: Search
    heard_at: float
    """When they last said something new."""
    asked: bool = False
    """Somebody said what its counter looks like; it counts before what the runner's marks say."""
    written: tuple[int, int] | None = None
    """The last counter in the logs."""
    saying: Saying = field(init=False)
    told: Told | None = None
    """What its marks add up to."""
    heard: Heard = field(default_factory=Heard)
    sizes: dict[str, int] = field(default_factory=dict[str, int])
    whole_to: dict[str, int] = field(default_factory=dict[str, int])
    """Up to where whole lines have been looked at."""

    def __post_init__(self) -> None:
        self.saying = Saying(self.directory)

    @property
    def counter(self) -> tuple[int, int] | None:
        """Done and total: as the batch file says, as marks say, as a bar shows."""
        if self.asked and self.written is not None:
            return self.written
        return self.saying.counter or self.written


class Tails:
    """Looks at all of them at once, in a thread."""

    def __init__(
        self,
        directory: Callable[[Ref], Path],
        pattern: Callable[[Ref], str | None],
        search_of: Callable[[str], Search],
    ) -> None:
        """``pattern`` is what the counter of an attempt looks like, where anybody said so."""
        self._directory = directory
        self._pattern = pattern
        self._search_of = search_of
        self._tails: dict[Ref, Tail] = {}

    async def look(self, living: Sequence[Ref], now: float) -> Mapping[Ref, Tail]:
        """Look at what was written since the last time; who is not ``living`` is forgotten."""
        self._tails = {ref: self._tails.get(ref) or self._begun(ref, now) for ref in living}
        await asyncio.to_thread(_look_at, tuple(self._tails.values()), now)
        return self._tails

    async def last(self, ref: Ref, now: float) -> tuple[int, int] | None:
        """Return the counter of an attempt that is over, as it wrote it last; None: it has none."""
        # Another thread may be looking at the one that is kept.
        known, tail = self._tails.get(ref), self._begun(ref, now)
        await asyncio.to_thread(_look_at, (tail,), now)
        return tail.counter or (None if known is None else known.counter)

    async def told(self, ref: Ref, now: float) -> tuple[Told | None, tuple[int, int] | None]:
        """Return what the marks of an attempt that is over add up to, and the last counter in them."""
        known = self._tails.get(ref)
        saying = Saying(self._directory(ref))
        if saying.size <= _AT_ONCE:
            saying.look_to_the_end(now)  # Sooner read than handed to a thread.
        else:
            await asyncio.to_thread(saying.look_to_the_end, now)
        # What it said on stdout long ago is not read again.
        before = None if known is None else known.told
        return saying.told() or before, saying.counter

    def _begun(self, ref: Ref, now: float) -> Tail:
        pattern = self._pattern(ref)
        search = bar if pattern is None else self._search_of(pattern)
        asked = pattern is not None
        return Tail(directory=self._directory(ref), search=search, heard_at=now, asked=asked)


def _look_at(tails: Sequence[Tail], now: float) -> None:
    for tail in tails:
        before = tail.saying.lines
        tail.saying.look(now)
        if tail.saying.lines != before:
            tail.told = tail.saying.told()
        for name in _NAMES:
            try:
                lines = _new_lines(tail, name)
            except OSError as error:
                # A log that cannot be read says nothing; the other signs decide.
                log.debug("log cannot be looked at", exc_info=error)
                continue
            if lines:
                _take_in(tail, lines, now)


def _take_in(tail: Tail, lines: Sequence[str], now: float) -> None:
    if tail.heard.news(lines):
        tail.heard_at = now
    tail.written = counter_in(lines, tail.search) or tail.written


def _new_lines(tail: Tail, name: str) -> Sequence[str]:
    path = str(tail.directory / name)
    size, known = _size(path), tail.sizes.get(name, 0)
    if size == known:
        return ()
    tail.sizes[name] = size
    # A file that has shrunk was begun anew.
    whole_to = tail.whole_to.get(name, 0) if size > known else 0
    start = max(whole_to, size - _AT_ONCE)
    # What redraws its line ends it with a carriage return.
    data = _read(path, start, size).replace(b"\r", b"\n")
    end = data.rfind(b"\n") + 1
    tail.whole_to[name] = start + end
    # Where the beginning was cut off, half a line would look new each time.
    begin = data.find(b"\n") + 1 if start > whole_to else 0
    text = clean(data[begin:end]).decode("utf-8", "replace")
    lines = [line for line in text.split("\n")[-_MOST_LINES - 1 :] if line.strip()]
    # A line that grows, such as a row of dots, says something new until it ends.
    return lines if lines or end else [f"{name} {size}"]


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116 - a path object costs more than the call
    except FileNotFoundError:
        return 0


def _read(path: str, start: int, end: int) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.pread(descriptor, end - start, start)
    finally:
        os.close(descriptor)
