"""Edits are told soon, whichever way an editor writes."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import watchfiles

from supervisor.adapters.edits import edited
from tests.support import until


@dataclass
class Listening:
    """Counts what is told about ``paths``."""

    paths: list[str]
    look_s: float = 5.0
    asked: int = 0
    told: int = 0

    def wanted(self) -> list[str]:
        self.asked += 1
        return self.paths

    async def run(self) -> None:
        async with aclosing(edited(self.wanted, look_s=self.look_s, first_s=0.0)) as changes:
            async for _ in changes:
                self.told += 1


@asynccontextmanager
async def listening(*paths: Path, look_s: float = 5.0) -> AsyncGenerator[Listening, None]:
    """Somebody who knows how the files are now."""
    made = Listening([str(path) for path in paths], look_s)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(made.run(), name="edits")
        await until(lambda: made.asked)
        yield made
        task.cancel()


def rewritten(path: Path) -> None:
    path.write_text("b: 2\n")


def replaced(path: Path) -> None:
    other = path.with_suffix(".swp")
    other.write_text("b: 22\n")
    other.replace(path)


@pytest.mark.parametrize("edit", [rewritten, replaced, Path.unlink])
@pytest.mark.parametrize("by_link", [False, True])
async def test_an_edit_is_told(tmp_path: Path, edit: Callable[[Path], None], by_link: bool) -> None:
    real = tmp_path / "real" / "night.yaml"
    real.parent.mkdir()
    real.write_text("a: 1\n")
    link = tmp_path / "night.yaml"
    link.symlink_to(real)
    async with listening(link if by_link else real) as made:
        edit(real)
        await until(lambda: made.told)


async def test_other_files_beside_it_are_nobodys_business(tmp_path: Path) -> None:
    path = tmp_path / "night.yaml"
    path.write_text("a: 1\n")
    async with listening(path, look_s=0.05) as made:
        (tmp_path / "x.log").write_text("x")
        await until(lambda: made.asked > 6)
        assert made.told == 0
        made.paths.append(str(tmp_path / "ids.txt"))
        await until(lambda: made.asked > 9)
        (tmp_path / "ids.txt").write_text("1\n")
        await until(lambda: made.told)


async def test_without_a_watch_the_files_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(*_: object, **__: object) -> AsyncGenerator[None, None]:
        raise OSError("no space left on device (inotify)")

    monkeypatch.setattr(watchfiles, "awatch", refused)
    path = tmp_path / "night.yaml"
    async with listening(path, look_s=0.02) as made:
        path.write_text("a: 1\n")
        await until(lambda: made.told)
    assert "edits are looked for every" in caplog.text


async def test_a_directory_that_is_not_there_yet(tmp_path: Path) -> None:
    path = tmp_path / "later" / "night.yaml"
    async with listening(path, look_s=0.02) as made:
        path.parent.mkdir()
        path.write_text("a: 1\n")
        await until(lambda: made.told)
