"""The engine may die between any two things it does: nothing is lost and nothing is done twice."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path

import pytest

from supervisor.core.batch import Rows
from supervisor.core.models import BatchSpec
from supervisor.core.options import RunOptions
from supervisor.core.phase import Running, Starting, Succeeded
from supervisor.ports import (
    Backend,
    ConfigError,
    Decision,
    Entry,
    Journal,
    Ref,
    Report,
    Stored,
    Traits,
    Try,
    Usage,
)
from tests.engine.batches import spec_of
from tests.engine.night import Night
from tests.support import until

NAMES = ("g/a", "g/b", "g/c")


class Crash(BaseException):
    """kill -9."""


class Fuse:
    """Burns down at one of the points the engine passes, then never again."""

    def __init__(self, at: int) -> None:
        self._left = at
        self.burnt: str | None = None

    def point(self, name: str) -> None:
        self._left -= 1
        if self._left == 0:
            self.burnt = name
            raise Crash(name)


class FusedJournal:
    """Passes a point before and after whatever it writes."""

    def __init__(self, journal: Journal, fuse: Fuse) -> None:
        self._journal = journal
        self._fuse = fuse

    def load(self, *, fallback_spec: BatchSpec | None = None) -> Stored | None:
        return self._journal.load(fallback_spec=fallback_spec)

    def begin(self, spec: BatchSpec, rows: Rows) -> None:
        self._fuse.point("before begin")
        self._journal.begin(spec, rows)
        self._fuse.point("after begin")

    def commit(self, entries: Sequence[Entry]) -> None:
        self._fuse.point("before commit")
        self._journal.commit(entries)
        self._fuse.point("after commit")

    def save_spec(self, spec: BatchSpec) -> None:
        self._journal.save_spec(spec)

    def save_offsets(self, offsets: Mapping[tuple[object, ...], int]) -> None:
        self._journal.save_offsets(offsets)  # type: ignore[arg-type]

    def decisions(self, subjects: Sequence[str], limit: int) -> Sequence[Decision]:
        return self._journal.decisions(subjects, limit)

    def keep_generation(self) -> None:
        self._journal.keep_generation()

    def close(self) -> None:
        self._journal.close()


class FusedBackend:
    """Passes a point before and after each launch, each adoption and each piece of news."""

    def __init__(self, backend: Backend, fuse: Fuse) -> None:
        self._backend = backend
        self._fuse = fuse

    @property
    def traits(self) -> Traits:
        return self._backend.traits

    def directory(self, ref: Ref) -> Path:
        return self._backend.directory(ref)

    async def submit(self, tries: Sequence[Try]) -> None:
        for one in tries:
            self._fuse.point(f"before submit {one.ref}")
            await self._backend.submit((one,))
            self._fuse.point(f"after submit {one.ref}")

    async def adopt(self, refs: Sequence[Ref]) -> None:
        for ref in refs:
            self._fuse.point(f"before adopt {ref}")
            await self._backend.adopt((ref,))

    async def reports(self) -> AsyncGenerator[Report, None]:
        async for report in self._backend.reports():
            self._fuse.point(f"before {report}")
            yield report

    async def stop(self, refs: Sequence[Ref], grace_s: float) -> None:
        await self._backend.stop(refs, grace_s)

    async def freeze(self, refs: Sequence[Ref]) -> None:
        await self._backend.freeze(refs)

    async def thaw(self, refs: Sequence[Ref]) -> None:
        await self._backend.thaw(refs)

    async def usage(self, refs: Sequence[Ref]) -> Mapping[Ref, Usage]:
        return await self._backend.usage(refs)

    def forget(self, refs: Sequence[Ref]) -> None:
        self._fuse.point("before forget")
        self._backend.forget(refs)

    async def finish(self) -> None:
        await self._backend.finish()

    def close(self) -> None:
        self._backend.close()


def fused(night: Night, fuse: Fuse) -> None:
    night.wrap_journal = lambda journal: FusedJournal(journal, fuse)
    night.wrap_backend = lambda backend: FusedBackend(backend, fuse)


async def dies(night: Night, spec: BatchSpec, fuse: Fuse) -> bool:
    """Be an engine; say whether it died by the fuse."""
    fused(night, fuse)
    try:
        await night.live(spec)
    except BaseExceptionGroup as group:
        if group.split(Crash)[1] is not None:
            raise
    except Crash:
        pass
    return fuse.burnt is not None


def burning(how: str = "soon") -> BatchSpec:
    return spec_of(*NAMES, parallel=2, run=(how, "0"))


def check(night: Night, where: str) -> None:
    starts = [ref.task for ref in night.world.starts]
    assert sorted(starts) == sorted(NAMES), where
    for name in NAMES:
        task = night.task(name)
        assert isinstance(task.phase, Succeeded), (where, task)
        assert task.attempt == 1, (where, task)
        assert [record.error_class for record in task.history] == [None], (where, task)


async def test_death_at_every_point_of_a_first_life(tmp_path: Path) -> None:
    """One engine dies at point n, the next one ends the batch; for every n there is."""
    points = 0
    while True:
        points += 1
        night = Night(tmp_path)
        fuse = Fuse(points)
        if not await dies(night, burning(), fuse):
            break
        assert fuse.burnt is not None
        assert not await dies(night, burning(), Fuse(-1)), fuse.burnt
        check(night, fuse.burnt)
    assert points > 20


@pytest.mark.parametrize("first", range(3, 20, 5))
async def test_death_at_every_point_of_a_second_life(tmp_path: Path, first: int) -> None:
    """Recovery itself is killed too."""
    points = 0
    while True:
        points += 1
        night = Night(tmp_path)
        fuses = Fuse(first), Fuse(points)
        assert await dies(night, burning("exit"), fuses[0])
        if not await dies(night, burning("exit"), fuses[1]):
            break
        where = f"{fuses[0].burnt}, {fuses[1].burnt}"
        assert not await dies(night, burning("exit"), Fuse(-1)), where
        check(night, where)
    assert points > 2


async def test_lives_that_all_die_early_still_bring_the_batch_home(tmp_path: Path) -> None:
    night = Night(tmp_path)
    for lives in range(200):
        if not await dies(night, burning(), Fuse(6 + lives % 3)):
            break
        await asyncio.sleep(0.02)
    check(night, f"after {lives} lives")


async def test_what_lives_is_adopted_before_anything_is_launched(tmp_path: Path) -> None:
    night = Night(tmp_path)
    spec = spec_of(*NAMES, parallel=2, run=("forever",))
    async with night.engine(spec):
        await until(lambda: isinstance(night.task("g/b").phase, Running))
    order: list[str] = []

    class Told(FusedBackend):
        async def submit(self, tries: Sequence[Try]) -> None:
            order.extend(f"submit {one.ref.task}" for one in tries)
            await super().submit(tries)

        async def adopt(self, refs: Sequence[Ref]) -> None:
            order.extend(f"adopt {ref.task}" for ref in refs)
            await super().adopt(refs)

    night.wrap_backend = lambda backend: Told(backend, Fuse(-1))
    backend = night.world
    backend.runs[Ref(spec.tasks[0].id, 1)].state = "ended"
    backend.runs[Ref(spec.tasks[0].id, 1)].code = 0
    async with night.engine(spec):
        await until(lambda: isinstance(night.task("g/c").phase, Starting | Running))
    assert order == ["adopt g/a", "adopt g/b", "submit g/c"]
    assert isinstance(night.task("g/a").phase, Succeeded)


async def test_a_finished_batch_has_nothing_to_do(tmp_path: Path) -> None:
    night = Night(tmp_path)
    assert await night.live(burning()) == "done"
    assert await night.live(burning()) == "nothing"
    assert len(night.world.starts) == len(NAMES)


async def test_names_missing_from_the_environment_are_refused_until_agreed(tmp_path: Path) -> None:
    night = Night(tmp_path, environment=frozenset({"HOME", "API_KEY"}))
    spec = spec_of("g/a", run=("forever",), env_names=("HOME", "API_KEY"))
    async with night.engine(spec):
        await until(lambda: isinstance(night.task("g/a").phase, Running))
    night.environment = frozenset({"HOME"})
    with pytest.raises(ConfigError, match="API_KEY"):
        await night.live(spec)
    async with night.engine(spec, RunOptions(missing_env_ok=True)):
        assert len(night.world.starts) == 1


@pytest.mark.parametrize(("moved", "starts"), [("moved", 1), ("copied", 2)])
async def test_a_directory_in_another_place_is_asked_about(
    tmp_path: Path, moved: str, starts: int
) -> None:
    night = Night(tmp_path)
    spec = spec_of("g/a", run=("forever",))
    async with night.engine(spec):
        await until(lambda: isinstance(night.task("g/a").phase, Running))
    uuid = night.shelf.desk.uuid if night.shelf.desk else ""
    night.wrap_journal = Moved
    with pytest.raises(ConfigError, match=r"--moved .*--copied"):
        await night.live(spec)
    async with night.engine(spec, RunOptions(moved=moved)):  # type: ignore[arg-type]
        await until(lambda: isinstance(night.task("g/a").phase, Running))
    assert len(night.world.starts) == starts
    assert night.shelf.desk is not None
    assert (night.shelf.desk.uuid == uuid) == (moved == "moved")


class Moved(FusedJournal):
    """A journal that finds itself in another place."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal, Fuse(-1))

    def load(self, *, fallback_spec: BatchSpec | None = None) -> Stored | None:
        from dataclasses import replace

        stored = super().load(fallback_spec=fallback_spec)
        return None if stored is None else replace(stored, moved_from="/old")
