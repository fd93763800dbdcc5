"""Hearing of containers; what may have been missed is said to have been missed."""

import asyncio
from pathlib import Path

from supervisor.adapters.docker.events import hear
from supervisor.adapters.docker.reach import Reach
from tests.fakes.daemon import Box, daemon
from tests.support import until


async def test_hears_and_says_when_it_did_not(tmp_path: Path) -> None:
    heard: list[str] = []
    async with daemon(tmp_path) as engine:
        docker = engine.docker()
        reach = Reach(docker, now=lambda: 0.0, changed=lambda reason: None, every_s=0.02)
        async with asyncio.TaskGroup() as group:
            works = [
                group.create_task(reach.run()),
                group.create_task(hear(docker, reach, "u", heard.append)),
            ]
            await until(lambda: engine.listeners)
            await until(lambda: heard == [""])
            engine.tell("die", Box("x", "n", {}))
            await until(lambda: heard == ["", "x"])
            engine.listeners[0].put_nowait(b"no JSON\n")
            await until(lambda: heard[:3] == ["", "x", ""])
            await until(lambda: len(engine.listeners) == 2)
            engine.tell("die", Box("y", "n", {}))
            await until(lambda: "y" in heard)
            for work in works:
                work.cancel()
        await docker.close()
