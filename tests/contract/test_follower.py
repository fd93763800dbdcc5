"""What every Follower does, by inotify, by polling, and in memory."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from supervisor.adapters.follow import InotifyFollower
from supervisor.adapters.inotify import Inotify
from supervisor.core.models import Stream, TaskId
from supervisor.ports import Chunk, Follower, Ref
from tests.fakes.follower import FakeFollower
from tests.support import until

REF = Ref(TaskId("g/a"), 1)
OTHER = Ref(TaskId("g/b"), 1)


class OnDisk:
    """Writes real files."""

    def __init__(self, root: Path, follower: InotifyFollower) -> None:
        self.root = root
        self.follower = follower

    def directory(self, ref: Ref) -> Path:
        return self.root / ref.task.replace("/", "-")

    def append(self, ref: Ref, stream: Stream, data: bytes) -> None:
        self.directory(ref).mkdir(exist_ok=True)
        with (self.directory(ref) / f"{stream}.log").open("ab") as file:
            file.write(data)

    def replace(self, ref: Ref, stream: Stream, data: bytes) -> None:
        place = self.directory(ref) / f"{stream}.log"
        fresh = place.with_suffix(".new")
        fresh.write_bytes(data)
        fresh.rename(place)

    def close(self) -> None:
        self.follower.close()


class InMemory:
    """Writes to the fake."""

    def __init__(self) -> None:
        self.follower = FakeFollower()
        self.append = self.follower.append
        self.replace = self.follower.replace
        self.close = self.follower.close

    def directory(self, ref: Ref) -> Path:
        return Path("/nowhere")


Bench = OnDisk | InMemory


def no_watches() -> Inotify:
    raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))


@pytest.fixture(params=["inotify", "polling", "memory"])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    made: Bench
    if request.param == "memory":
        made = InMemory()
    elif request.param == "inotify":
        made = OnDisk(tmp_path, InotifyFollower())
    else:
        follower = InotifyFollower(make=no_watches, notice=lambda text: None, poll_s=0.01)
        made = OnDisk(tmp_path, follower)
    for ref in (REF, OTHER):
        made.directory(ref).mkdir() if isinstance(made, OnDisk) else None
    yield made
    made.close()


class Reader:
    """Collects what the follower yields."""

    def __init__(self, follower: Follower) -> None:
        self.follower = follower
        self.seen: list[Chunk] = []

    async def run(self) -> None:
        async with aclosing(self.follower.chunks()) as chunks:
            async for turn in chunks:
                self.seen.extend(turn)

    def text(self, ref: Ref, stream: Stream) -> bytes:
        return b"".join(c.data for c in self.seen if c.ref == ref and c.stream == stream)


async def reading(bench: Bench, script: Callable[[Reader], object]) -> Reader:
    """Run an async script while a reader collects; stop the reader afterwards."""
    reader = Reader(bench.follower)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(reader.run(), name="reader")
        result = script(reader)
        assert asyncio.iscoroutine(result)
        await result
        task.cancel()
    return reader


async def test_text_arrives_in_order_with_its_offset(bench: Bench) -> None:
    """Both streams are followed; what lay there before counts, too."""
    bench.append(REF, "stdout", b"before\n")

    async def script(reader: Reader) -> None:
        bench.follower.follow(REF, bench.directory(REF), {})
        await until(lambda: reader.text(REF, "stdout") == b"before\n")
        bench.append(REF, "stderr", b"one\n")
        bench.append(REF, "stdout", b"two\n")
        await until(lambda: reader.text(REF, "stderr") == b"one\n")
        await until(lambda: reader.text(REF, "stdout") == b"before\ntwo\n")
        chunks = [c for c in reader.seen if c.stream == "stdout"]
        assert [c.offset for c in chunks] == [0, 7]
        assert not any(c.restarted for c in chunks)

    await reading(bench, script)


async def test_following_begins_at_the_saved_offset(bench: Bench) -> None:
    """An engine that comes back reads on where the last one stopped."""
    bench.append(REF, "stderr", b"old new")

    async def script(reader: Reader) -> None:
        bench.follower.follow(REF, bench.directory(REF), {"stderr": 4})
        await until(lambda: reader.text(REF, "stderr") == b"new")
        assert reader.seen[0].offset == 4

    await reading(bench, script)


async def test_finish_returns_only_what_was_not_yielded(bench: Bench) -> None:
    """Together the chunks are the file, whole, without a byte twice."""
    bench.append(REF, "stdout", b"a" * 10)
    bench.append(OTHER, "stdout", b"x")

    async def script(reader: Reader) -> None:
        bench.follower.follow(REF, bench.directory(REF), {})
        bench.follower.follow(OTHER, bench.directory(OTHER), {})
        await until(lambda: len(reader.text(REF, "stdout")) == 10)
        bench.append(REF, "stdout", b"b" * 300_000)
        rest = list(bench.follower.finish(REF))
        whole = reader.text(REF, "stdout") + b"".join(chunk.data for chunk in rest)
        assert whole == b"a" * 10 + b"b" * 300_000
        assert max(len(chunk.data) for chunk in rest) <= 256 * 1024
        bench.append(REF, "stdout", b"late")
        bench.append(OTHER, "stdout", b"y")
        await until(lambda: reader.text(OTHER, "stdout") == b"xy")
        assert b"late" not in reader.text(REF, "stdout")

    await reading(bench, script)


async def test_finish_without_a_word_written(bench: Bench) -> None:
    """Most attempts of a quiet command write nothing at all."""
    bench.follower.follow(REF, bench.directory(REF), {})
    assert list(bench.follower.finish(REF)) == []
    assert list(bench.follower.finish(REF)) == []


async def test_finish_skips_what_is_too_much(bench: Bench) -> None:
    """Only the last 4 MiB count, and the gap shows in the offsets."""
    bench.follower.follow(REF, bench.directory(REF), {})
    bench.append(REF, "stderr", b"z" * (5 << 20))
    rest = list(bench.follower.finish(REF))
    assert sum(len(chunk.data) for chunk in rest) == 4 << 20
    assert rest[0].offset == 1 << 20


async def test_big_appends_come_in_bounded_chunks(bench: Bench) -> None:
    """No chunk is above 256 KiB, however much was written at once."""

    async def script(reader: Reader) -> None:
        bench.follower.follow(REF, bench.directory(REF), {})
        bench.append(REF, "stdout", b"q" * 3_000_000)
        await until(lambda: len(reader.text(REF, "stdout")) == 3_000_000)
        assert max(len(chunk.data) for chunk in reader.seen) <= 256 * 1024

    await reading(bench, script)


async def test_a_replaced_file_is_read_from_its_beginning(bench: Bench) -> None:
    """Rotation: the new file is followed, and its first chunk says so."""

    async def script(reader: Reader) -> None:
        bench.append(REF, "stdout", b"first file\n")
        bench.follower.follow(REF, bench.directory(REF), {})
        await until(lambda: reader.text(REF, "stdout") == b"first file\n")
        bench.replace(REF, "stdout", b"second, and longer\n")
        await until(lambda: reader.text(REF, "stdout") == b"first file\nsecond, and longer\n")
        assert [c.restarted for c in reader.seen] == [False, True]
        assert reader.seen[1].offset == 0

    await reading(bench, script)


async def test_closing_ends_the_chunks(bench: Bench) -> None:
    """A reader is not left waiting for ever."""
    reader = Reader(bench.follower)
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(reader.run(), name="reader")
        await asyncio.sleep(0)
        bench.close()
