"""An edited batch file is shown with what it would change; only a word applies it."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from supervisor.core.intents import Intent, Pause, Reload
from supervisor.core.state import Batch, fresh
from supervisor.engine.edited import EditedFile
from supervisor.ports import ConfigError
from tests.engine.batches import spec_of
from tests.fakes.batch_file import FakeBatchFile
from tests.support import until

if TYPE_CHECKING:
    from supervisor.core.board import Edited

BEFORE = spec_of("g/a", "g/b")
AFTER = replace(spec_of("g/a", "g/c"), inputs=("/nowhere/ids.txt",))


class Bench:
    def __init__(self, place: Path) -> None:
        self.file = FakeBatchFile(place)
        self.source = place / "night.yaml"
        spec = replace(BEFORE, directory=str(place), source=str(self.source))
        self.batch: Batch = fresh(spec, "u", 0.0)
        self.shown: list[Edited | None] = []
        self.now = 100.0
        self.edited = EditedFile(
            self.file, batch=lambda: self.batch, now=lambda: self.now, show=self.shown.append
        )

    async def refused(self, intent: Intent) -> str:
        with pytest.raises(ConfigError) as error:
            await self.edited.filled_in(intent)
        return "; ".join(error.value.problems)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(made.edited.run(), name="edited")
        yield made
        task.cancel()


async def test_the_difference_is_shown_and_handed_over_when_asked_for(bench: Bench) -> None:
    bench.file.save(AFTER)
    await until(lambda: bench.shown)
    (shown,) = bench.shown
    assert shown is not None
    assert (shown.file, shown.since, shown.brief) == (
        str(bench.source),
        100.0,
        "1 task new; 1 task removed",
    )
    assert shown.lines == ("+ g/c: true", "- g/b")
    filled = await bench.edited.filled_in(Reload(seen=shown.seen))
    assert isinstance(filled, Reload)
    assert filled.spec is not None
    assert [task.id for task in filled.spec.tasks] == ["g/a", "g/c"]
    assert await bench.edited.filled_in(Reload()) == replace(filled, seen="")
    assert "edited again meanwhile" in await bench.refused(Reload(seen="another"))


async def test_other_intents_and_whole_reloads_pass(bench: Bench) -> None:
    for intent in (Pause(), Reload(spec=AFTER)):
        assert await bench.edited.filled_in(intent) is intent
    assert "says what the batch that runs says" in await bench.refused(Reload())


async def test_faults_are_shown_and_refuse(bench: Bench) -> None:
    bench.file.save(faults=("night.yaml:3: retyr: unknown key",))
    await until(lambda: bench.shown)
    assert bench.shown[-1] is not None
    assert bench.shown[-1].faults == ("night.yaml:3: retyr: unknown key",)
    assert await bench.refused(Reload()) == "night.yaml:3: retyr: unknown key"
    bench.now = 200.0
    bench.file.save(AFTER)
    await until(lambda: len(bench.shown) == 2)
    assert bench.shown[-1] is not None
    assert (bench.shown[-1].faults, bench.shown[-1].since) == ((), 100.0)
    bench.file.save(BEFORE)
    await until(lambda: len(bench.shown) == 3)
    assert bench.shown[-1] is None
    reads = bench.file.reads
    bench.file.save(BEFORE)
    await until(lambda: bench.file.reads > reads)
    assert len(bench.shown) == 3, "no news"


async def test_what_was_applied_is_shown_no_more(bench: Bench) -> None:
    bench.edited.spec_changed()
    bench.file.save(AFTER)
    await until(lambda: bench.shown)
    bench.batch = fresh(replace(AFTER, directory=bench.batch.head.directory), "u", 0.0)
    reads = bench.file.reads
    bench.edited.spec_changed()
    assert bench.shown[-1] is None
    await until(lambda: bench.file.reads > reads)
    assert bench.shown[-1] is None


async def test_the_files_that_the_edited_one_names_are_watched_too(bench: Bench) -> None:
    await until(lambda: bench.file.paths)
    assert bench.file.paths == (str(bench.source),)
    bench.file.save(AFTER)
    await until(lambda: bench.shown)
    bench.file.save(AFTER)
    await until(lambda: bench.file.paths == (str(bench.source), "/nowhere/ids.txt"))


async def test_a_fault_of_ours_is_shown_and_ends_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("supervisor.engine.edited.difference", broken)
    bench.file.save(AFTER)
    await until(lambda: bench.shown)
    assert bench.shown[-1] is not None
    assert "RuntimeError('broken')" in bench.shown[-1].faults[0]


async def test_a_file_edited_while_nothing_ran_is_looked_at_first(tmp_path: Path) -> None:
    (tmp_path / "launch.json").write_text("{}")
    (tmp_path / "night.yaml").write_text("")
    os.utime(tmp_path / "launch.json", (5, 5))
    one = Bench(tmp_path)
    one.file.save(AFTER)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(one.edited.run(), name="edited")
        await until(lambda: one.shown)
        task.cancel()


async def test_nobody_watches_where_there_is_no_file(tmp_path: Path) -> None:
    batch = Bench(tmp_path).batch
    await EditedFile(None, batch=lambda: batch, now=lambda: 0.0, show=lambda _: None).run()
