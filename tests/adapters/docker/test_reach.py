"""Whether the engine answers, when that changed, and which life of it that is."""

import asyncio
from pathlib import Path

import pytest

from supervisor.adapters.docker.reach import Reach
from supervisor.ports import DaemonUnreachableError
from tests.fakes.daemon import daemon, listening
from tests.support import ManualClock, until


async def test_changes_are_told_once(tmp_path: Path) -> None:
    told: list[str | None] = []
    clock = ManualClock()
    async with daemon(tmp_path) as engine:
        docker = engine.docker()
    reach = Reach(docker, now=clock.now, changed=told.append, every_s=0.02)
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(reach.run())
        await until(lambda: told)
        assert told[0] is not None
        assert "does it run?" in told[0]
        with pytest.raises(DaemonUnreachableError):
            await reach.check()
        clock.advance(100.0)
        async with listening(engine):
            await reach.back()
            await reach.check()
            assert told[1:] == [None]
            assert reach.daemon
            assert reach.was_away(clock.now() - 50, 1.0)
            assert not reach.was_away(clock.now() + 50, 1.0)
            reach.lost("a call found nobody")
            await until(lambda: told[1:] == [None, "a call found nobody", None])
        asking.cancel()
    await docker.close()


async def test_what_nobody_asked_yet_is_asked(tmp_path: Path) -> None:
    async with daemon(tmp_path) as engine:
        docker = engine.docker()
        reach = Reach(docker, now=lambda: 0.0, changed=lambda reason: None)
        await reach.check()
        assert engine.asked[-1] == "GET _ping"
        await docker.close()
