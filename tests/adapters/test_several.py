"""Each attempt where its task wants it, or where it was launched before."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from supervisor.adapters.several import SeveralBackends
from supervisor.core.models import TaskId
from supervisor.core.wish import Wish
from supervisor.ports import Ref, Report, Try
from tests.fakes.backend import FakeBackend, World
from tests.support import until

P, C = Ref(TaskId("g/p"), 1), Ref(TaskId("g/c"), 1)
PROCESS = Try(ref=P, argv=("forever",), cwd="/")
CONTAINER = Try(ref=C, argv=("forever",), cwd="/", container=Wish(image="x"))


class Both:
    def __init__(self, launched: dict[Ref, bool] | None = None, *, at_once: bool = False) -> None:
        self.here, self.inside = World(), World()
        self.makings = 0
        known = launched or {}
        local = FakeBackend(self.here)
        self.backend = SeveralBackends(
            local,
            self.make,
            launched_as=lambda path: next(
                (kind for ref, kind in known.items() if local.directory(ref) == path), None
            ),
            at_once=at_once,
        )
        self.news: list[Report] = []

    def make(self) -> FakeBackend:
        self.makings += 1
        return FakeBackend(self.inside)


@asynccontextmanager
async def reading(both: Both) -> AsyncIterator[None]:
    async def read() -> None:
        async for report in both.backend.reports():
            both.news.append(report)

    async with asyncio.TaskGroup() as group:
        reader = group.create_task(read())
        yield
        reader.cancel()
        both.backend.close()
    await asyncio.sleep(0)


async def test_each_goes_where_its_task_wants_it() -> None:
    both = Both()
    async with reading(both):
        await both.backend.submit([PROCESS])
        assert both.makings == 0, "nobody needs a container engine yet"
        await both.backend.submit([CONTAINER])
        await until(lambda: len(both.news) == 2)
        assert (both.here.starts, both.inside.starts) == ([P], [C])
        assert set(await both.backend.usage([P, C])) == {P, C}
        await both.backend.freeze([P, C])
        await both.backend.thaw([P, C])
        await both.backend.stop([P, C], 1.0)
        await until(lambda: len(both.news) == 4)
        both.backend.forget([P, C])
        await both.backend.finish()
    assert both.backend.traits.name == "fake+fake"


async def test_what_was_launched_stays_where_it_was() -> None:
    """The batch file may have changed its mind since."""
    both = Both({P: True, C: False})
    both.inside.runs[P] = FakeBackend(World()).world.runs.setdefault(P, _run())
    both.here.runs[C] = _run()
    async with reading(both):
        await both.backend.submit([PROCESS, CONTAINER])
        await until(lambda: len(both.news) == 2)
    assert (both.here.starts, both.inside.starts) == ([], [])


async def test_adopts_where_it_was_launched() -> None:
    both = Both({C: True})
    both.inside.runs[C] = _run()
    both.here.runs[P] = _run()
    async with reading(both):
        await both.backend.adopt([P, C])
        await until(lambda: len(both.news) == 2)


async def test_is_made_at_once_where_containers_are_wanted() -> None:
    both = Both(at_once=True)
    async with reading(both):
        await until(lambda: both.makings == 1)


def _run() -> "object":
    from tests.fakes.backend import Run

    return Run(None, 77, 1.0)


def test_a_directory_is_the_same_for_both(tmp_path: Path) -> None:
    both = Both()
    assert both.backend.directory(P) == FakeBackend(both.here).directory(P)
