"""What the contract cannot see of the follower: limits, fallbacks, thrift."""

import asyncio
import errno
import os
import resource
from contextlib import aclosing
from pathlib import Path

import pytest
from typing_extensions import override

from supervisor.adapters.follow import InotifyFollower
from supervisor.adapters.inotify import IGNORED, OVERFLOW, Event, Inotify
from supervisor.core.models import TaskId
from supervisor.ports import Chunk, Ref
from tests.support import until


def ref(number: int = 1) -> Ref:
    return Ref(TaskId(f"g/t{number}"), 1)


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


class Reading:
    """A follower being read."""

    def __init__(self, follower: InotifyFollower) -> None:
        self.follower = follower
        self.seen: list[Chunk] = []

    async def __aenter__(self) -> "Reading":
        self._task = asyncio.get_running_loop().create_task(self._run(), name="reader")
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_words: object) -> None:
        self.follower.close()
        await self._task

    async def _run(self) -> None:
        async with aclosing(self.follower.chunks()) as chunks:
            async for turn in chunks:
                self.seen.extend(turn)

    @property
    def text(self) -> bytes:
        return b"".join(chunk.data for chunk in self.seen)


class NoWatches(Inotify):
    """A kernel whose limit of watches is reached."""

    @override
    def add(self, directory: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), directory)


async def test_without_watches_it_polls_and_says_so_once(tmp_path: Path) -> None:
    """``ENOSPC`` of inotify is no full disk."""
    notices: list[str] = []
    follower = InotifyFollower(notice=notices.append, make=NoWatches, poll_s=0.01)
    async with Reading(follower) as reading:
        for number in (1, 2):
            (tmp_path / str(number)).mkdir()
            follower.follow(ref(number), tmp_path / str(number), {})
        (tmp_path / "2" / "stderr.log").write_text("found")
        await until(lambda: reading.text == b"found")
        assert len(notices) == 1
        assert "polled, because the kernel grants no watch: No space left" in notices[0]
        follower.finish(ref(1))
        follower.finish(ref(2))


async def test_a_directory_that_comes_later_is_found(tmp_path: Path) -> None:
    """Followed before it was made; then by events, not by polling."""
    follower = InotifyFollower(poll_s=0.01)
    async with Reading(follower) as reading:
        follower.follow(ref(), tmp_path / "later", {})
        (tmp_path / "later").mkdir()
        (tmp_path / "later" / "stdout.log").write_text("a")
        await until(lambda: reading.text == b"a")
        with (tmp_path / "later" / "stdout.log").open("a") as file:
            file.write("b")
        await until(lambda: reading.text == b"ab")


async def test_a_directory_made_anew_is_found(tmp_path: Path) -> None:
    """When the watched one is gone, the name is looked at until it is back."""
    place = tmp_path / "dir"
    place.mkdir()
    follower = InotifyFollower(poll_s=0.01)
    async with Reading(follower) as reading:
        follower.follow(ref(), place, {})
        place.rmdir()
        place.mkdir()
        (place / "stdout.log").write_text("a")
        await until(lambda: reading.text == b"a")
        with (place / "stdout.log").open("a") as file:
            file.write("b")
        await until(lambda: reading.text == b"ab")


class Overflowing(Inotify):
    """A kernel that lost events, and speaks of a watch that nobody knows."""

    @override
    def events(self) -> list[Event]:
        happened = super().events()
        return [(-1, OVERFLOW, b""), (999, IGNORED, b"")] if happened else []


async def test_lost_events_make_it_look_everywhere(tmp_path: Path) -> None:
    """An overflow of the queue loses no text."""
    follower = InotifyFollower(make=Overflowing)
    async with Reading(follower) as reading:
        follower.follow(ref(), tmp_path, {})
        (tmp_path / "stdout.log").write_text("seen all the same")
        await until(lambda: reading.text == b"seen all the same")


async def test_other_files_are_none_of_its_business(tmp_path: Path) -> None:
    """The exit record and the like lie in the same directory."""
    follower = InotifyFollower()
    async with Reading(follower) as reading:
        follower.follow(ref(), tmp_path, {})
        (tmp_path / "exit").write_text("0")
        (tmp_path / "stdout.log").write_text("x")
        await until(lambda: reading.text == b"x")
        assert len(reading.seen) == 1


async def test_out_of_descriptors(tmp_path: Path) -> None:
    """Idle files give theirs back; when that does not help, it is said and tried again."""
    notices: list[str] = []
    follower = InotifyFollower(notice=notices.append, poll_s=0.01)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with Reading(follower) as reading:
        for number in (1, 2):
            (tmp_path / str(number)).mkdir()
            follower.follow(ref(number), tmp_path / str(number), {})
        (tmp_path / "1" / "stdout.log").write_text("one ")
        await until(lambda: reading.text == b"one ")
        (tmp_path / "2" / "stdout.log").write_text("two ")
        spare = os.open(os.devnull, os.O_RDONLY)
        os.close(spare)
        resource.setrlimit(resource.RLIMIT_NOFILE, (spare, hard))
        try:
            await until(lambda: reading.text == b"one two ")
            assert notices == []
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
            os.truncate(tmp_path / "1" / "stdout.log", 0)
            os.truncate(tmp_path / "1" / "stdout.log", 2)
            await until(lambda: notices)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert "1/stdout.log cannot be read: Too many open files" in notices[0]
        await until(lambda: reading.text == b"one two \0\0")


async def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """At its end, too; the other stream is read all the same."""
    notices: list[str] = []
    follower = InotifyFollower(notice=notices.append, poll_s=0.01)
    (tmp_path / "stdout.log").symlink_to("stdout.log")
    (tmp_path / "stderr.log").write_text("fine")
    follower.follow(ref(), tmp_path, {})
    chunks = list(follower.finish(ref()))
    follower.close()
    assert [chunk.data for chunk in chunks] == [b"fine"]
    assert len(notices) == 1
    assert "stdout.log cannot be read: Too many levels" in notices[0]


async def test_a_closed_follower_follows_nothing(tmp_path: Path) -> None:
    """And a second time begins nothing either."""
    follower = InotifyFollower()
    follower.follow(ref(), tmp_path, {})
    follower.follow(ref(), tmp_path, {})
    follower.close()
    follower.follow(ref(2), tmp_path, {})
    assert list(follower.finish(ref(2))) == []
    assert list(follower.finish(ref())) == []


async def test_a_flood_lets_others_have_their_turn(tmp_path: Path) -> None:
    """A file that grows fast delays neither other files nor the event loop for long."""
    follower = InotifyFollower()
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    (tmp_path / "stdout.log").write_bytes(b"x" * (16 << 20))
    (tmp_path / "stderr.log").write_bytes(b"y" * 10)
    async with asyncio.TaskGroup() as group, Reading(follower) as reading:
        counter = group.create_task(count(), name="count")
        follower.follow(ref(), tmp_path, {})
        await until(lambda: len(reading.text) == (16 << 20) + 10)
        counter.cancel()
    assert turns > 10
    places = [chunk.stream for chunk in reading.seen]
    assert places.index("stderr") <= 1


async def test_a_file_that_runs_away_is_caught_at_its_end(tmp_path: Path) -> None:
    """Far behind, the middle is passed over, and the offsets say so."""
    follower = InotifyFollower()
    place = tmp_path / "stdout.log"
    place.write_bytes(b"first\n" + b"x" * 20_000)
    async with Reading(follower) as reading:
        follower.follow(ref(), tmp_path, {})
        await until(lambda: len(reading.text) == 20_006)
        os.truncate(place, 1 << 40)
        with place.open("ab") as file:
            file.write(b"last\n")
        await until(lambda: reading.text.endswith(b"last\n"))
    assert len(reading.text) < 8 << 20
    assert reading.seen[-1].offset + len(reading.seen[-1].data) == (1 << 40) + 5
    assert not any(chunk.restarted for chunk in reading.seen)


@pytest.mark.parametrize("count", [300])
async def test_quiet_attempts_cost_next_to_nothing(tmp_path: Path, count: int) -> None:
    """No descriptor and no read for attempts that write nothing."""
    follower = InotifyFollower()
    for number in range(count):
        (tmp_path / str(number)).mkdir()
        for name in ("stdout.log", "stderr.log"):
            (tmp_path / str(number) / name).touch()
    async with Reading(follower) as reading:
        before = descriptors()
        for number in range(count):
            follower.follow(ref(number), tmp_path / str(number), {})
        assert descriptors() <= before + 1
        for number in range(count):
            assert list(follower.finish(ref(number))) == []
        assert reading.seen == []
