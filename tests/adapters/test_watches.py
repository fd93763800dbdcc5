"""Marks come for files with news only, and the kernel is asked no more often than agreed."""

import asyncio
import errno
import os
from pathlib import Path

import pytest
from typing_extensions import override

from supervisor.adapters.inotify import Event, Inotify
from supervisor.adapters.watches import COALESCE_S, Tail, Watches
from supervisor.core.models import TaskId
from supervisor.ports import Ref
from tests.support import until

REF = Ref(TaskId("g/a"), 1)


class Marks:
    """Watches over one directory, and what they marked."""

    def __init__(self, place: Path, make: type[Inotify] = Inotify) -> None:
        self.streams: list[str] = []
        self.notices: list[str] = []
        self.watches = Watches(
            mark=lambda files: self.streams.extend(file.stream for file in files),
            notice=self.notices.append,
            make=make,
            poll_s=0.01,
        )
        self.tail = Tail(REF, str(place), {})


class Counting(Inotify):
    """Counts how often the kernel is asked."""

    looks = 0
    empty = False
    """The last one found nothing: now the kernel is to call."""

    @override
    def events(self) -> list[Event]:
        Counting.looks += 1
        events = super().events()
        Counting.empty = not events
        return events


async def test_one_look_takes_many_events(tmp_path: Path) -> None:
    """A busy writer costs a look per 30 ms, a silent one none."""
    Counting.looks = 0
    marks = Marks(tmp_path, Counting)
    marks.watches.add(marks.tail)
    loop = asyncio.get_running_loop()
    began = loop.time()
    with (tmp_path / "stdout.log").open("ab", buffering=0) as file:
        for _ in range(200):
            file.write(b"x")
            await asyncio.sleep(0.001)
    await until(lambda: marks.streams)
    assert Counting.looks <= (loop.time() - began) / COALESCE_S + 3
    await until(lambda: Counting.empty)
    quiet = Counting.looks
    await asyncio.sleep(2 * COALESCE_S)
    assert Counting.looks == quiet
    assert set(marks.streams) == {"stdout"}
    marks.watches.close()


async def test_what_lay_there_before_is_marked(tmp_path: Path) -> None:
    """It makes no event."""
    (tmp_path / "stderr.log").write_text("early")
    marks = Marks(tmp_path)
    marks.watches.add(marks.tail)
    assert marks.streams == ["stderr"]
    marks.watches.drop(marks.tail)
    assert marks.tail.watch is None
    marks.watches.close()


class Refusing(Inotify):
    """A kernel without a watch to spare."""

    @override
    def add(self, directory: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), directory)


async def test_without_a_watch_it_looks_by_itself(tmp_path: Path) -> None:
    """Until it is told to stop; the operator hears why."""
    marks = Marks(tmp_path, Refusing)
    marks.watches.add(marks.tail)
    (tmp_path / "stdout.log").write_text("x")
    await until(lambda: marks.streams)
    assert "max_user_watches" in marks.notices[0]
    marks.watches.drop(marks.tail)
    seen = len(marks.streams)
    await asyncio.sleep(0.05)
    assert len(marks.streams) == seen
    marks.watches.close()


@pytest.mark.parametrize("make", [Inotify, Refusing])
async def test_after_closing_nothing_happens(tmp_path: Path, make: type[Inotify]) -> None:
    """No timer and no descriptor is left."""
    marks = Marks(tmp_path, make)
    marks.watches.add(marks.tail)
    (tmp_path / "stdout.log").write_text("x")
    await asyncio.sleep(0)
    marks.watches.close()
    marks.watches.close()
    seen = len(marks.streams)
    await asyncio.sleep(0.05)
    assert len(marks.streams) == seen
