"""Files named by patterns are found when they come, grow, or come later than their directory."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
import watchfiles

from supervisor.adapters import watch
from supervisor.adapters.watch import WatchedFiles
from tests.support import until


class Reading:
    """Reads what changed, as the engine does."""

    def __init__(self, files: WatchedFiles) -> None:
        self.files = files
        self.texts: dict[str, bytes] = {}

    async def run(self) -> None:
        async with aclosing(self.files.changed()) as changes:
            async for paths in changes:
                for path in paths:
                    if (piece := await self.files.read(path)) is not None:
                        before = b"" if piece.begins else self.texts.get(path, b"")
                        self.texts[path] = before + piece.data


@pytest.fixture
async def reading(tmp_path: Path) -> AsyncIterator[Reading]:
    made = Reading(WatchedFiles(at_once=True))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(made.run(), name="changes")
        yield made
        task.cancel()


def now() -> float:
    return time.time()


async def test_files_are_read_as_they_grow(reading: Reading, tmp_path: Path) -> None:
    """In directories made later, too; others are none of its business."""
    old = tmp_path / "old.log"
    old.write_text("old\n")
    os.utime(old, (now() - 100, now() - 100))
    reading.files.watch([f"{tmp_path}/**/*.log"], now())
    place = tmp_path / "a" / "b"
    place.mkdir(parents=True)
    log = place / "x.log"
    log.write_text("one\n")
    (place / "x.txt").write_text("no\n")
    await until(lambda: reading.texts.get(str(log)) == b"one\n")
    for path in (log, old):
        with path.open("a") as file:
            file.write("two\n")
    await until(lambda: reading.texts.get(str(log)) == b"one\ntwo\n")
    await until(lambda: reading.texts.get(str(old)) == b"two\n")
    log.unlink()
    log.write_text("again\n")
    await until(lambda: reading.texts.get(str(log)) == b"again\n")
    assert len(reading.texts) == 2


async def test_a_directory_that_comes_later_is_found(
    reading: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside one that is there, and without any."""
    monkeypatch.setattr(watch, "_LOOK_MS", 20)
    reading.files.watch([f"{tmp_path}/later/*.log"], now())
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "x.log").write_text("x\n")
    await until(lambda: len(reading.texts) == 1)
    reading.files.watch([f"{tmp_path}/third/*.log"], now())
    (tmp_path / "third").mkdir()
    (tmp_path / "third" / "y.log").write_text("y\n")
    await until(lambda: len(reading.texts) == 2)


async def test_without_watches_it_looks_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel's limit is no reason to miss an error; the operator hears of it once."""

    def refused(*_paths: object, **_options: object) -> object:
        raise OSError("OS file watch limit reached.")

    monkeypatch.setattr(watchfiles, "awatch", refused)
    notices: list[str] = []
    made = Reading(WatchedFiles(notice=notices.append, again_s=0.02))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(made.run(), name="changes")
        made.files.watch([f"{tmp_path}/*.log"], now())
        await until(lambda: notices)
        (tmp_path / "x.log").write_text("x\n")
        await until(lambda: made.texts == {str(tmp_path / "x.log"): b"x\n"})
        task.cancel()
    assert notices == ["result files are looked at every 0.02 s: OS file watch limit reached."]


async def test_what_was_not_read_is_known_without_a_watch(tmp_path: Path) -> None:
    """At the end of an attempt nobody waits for the watch."""
    files = WatchedFiles()
    (tmp_path / "x.log").write_text("x\n")
    pattern = f"{tmp_path}/*.log"
    assert await files.written([pattern], 0.0) == [str(tmp_path / "x.log")]
    piece = await files.read(str(tmp_path / "x.log"))
    assert piece is not None
    assert await files.written([pattern], 0.0) == []
