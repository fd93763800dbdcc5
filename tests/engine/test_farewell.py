"""An engine ends when it is told to, or when its batch is done and nobody looks at it."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from supervisor.core.intents import Retry
from supervisor.core.models import BatchSpec, TaskId
from supervisor.core.phase import Failed, Running, Succeeded
from supervisor.engine.announce import read_info
from supervisor.engine.life import Engine
from supervisor.ports import Ref
from tests.engine.batches import ONCE, spec_of
from tests.engine.night import Night
from tests.support import until

A = Ref(TaskId("g/a"), 1)


@pytest.fixture
def night(tmp_path: Path) -> Night:
    return Night(tmp_path)


def forever(*names: str) -> BatchSpec:
    return spec_of(*names, run=("forever",))


def is_in(night: Night, name: str, *phases: type) -> bool:
    return TaskId(name) in night.shelf.tasks and isinstance(night.task(name).phase, phases)


async def ended(night: Night, engine: Engine) -> str:
    """Why the engine ended, once it has."""

    def info() -> str | None:
        found = read_info(night.home / "state" / "engine.json")
        return None if found is None else found.ended

    await until(info)
    return info() or ""


async def test_sigterm_leaves_everything_running(night: Night) -> None:
    async with night.engine(forever("g/a")) as engine:
        await until(lambda: is_in(night, "g/a", Running))
        engine.terminate()
        assert await ended(night, engine) == "left_running"
    assert night.world.stops == []
    assert night.world.runs[A].state == "alive"
    async with night.engine(forever("g/a")):
        await until(lambda: is_in(night, "g/a", Running))
    assert night.world.starts == [A]


async def test_a_second_sigterm_waits_for_nothing(night: Night) -> None:
    async with night.engine(forever("g/a")) as engine:
        await until(lambda: is_in(night, "g/a", Running))
        night.shelf.full = True
        engine.terminate()
        await until(lambda: engine.loop.full)
        engine.terminate()
        for _ in range(10):
            await asyncio.sleep(0.01)
            night.clock.advance(1)
        assert await ended(night, engine) == "left_running"


async def test_a_reader_keeps_a_finished_engine_alive_and_may_retry(night: Night) -> None:
    async with night.engine(spec_of("g/a", run=("forever",), retry=ONCE)) as engine:
        async with aclosing(engine.service.changes()) as reader:
            assert (await anext(reader)).whole
            await until(lambda: is_in(night, "g/a", Running))
            night.world.engines[0].end(A, 1)
            await until(lambda: is_in(night, "g/a", Failed))
            await until(lambda: night.shelf.desk is not None and night.shelf.desk.ended_at)
            info = read_info(night.home / "state" / "engine.json")
            assert info is not None
            assert info.ended is None
            assert (await engine.service.submit(Retry(), "ada")).ok
        await until(lambda: is_in(night, "g/a", Running))
        night.world.engines[0].end(Ref(TaskId("g/a"), 2), 0)
        assert await ended(night, engine) == "done"
    assert is_in(night, "g/a", Succeeded)
