"""What the core is told of GPUs: what differs and decides, once."""

import asyncio
from collections.abc import Sequence

import pytest

from supervisor.core.cards import GpuNeed, GpuSeen
from supervisor.core.events import Event, GpusSeen
from supervisor.core.state import Batch
from supervisor.engine.gpu_watch import GpuWatch
from supervisor.ports import GpusUnseenError
from tests.fakes.night import after, begun, ended, task
from tests.support import ManualClock, until

FREE, BUSY = GpuSeen(index=0, free_bytes=9 << 30), GpuSeen(index=0, busy=True)


class Machine:
    """GPUs that look as they are told to, and a core that takes in what it hears."""

    def __init__(self, *ids: str) -> None:
        self.batch: Batch = begun([task(id_, gpus=GpuNeed()) for id_ in ids] or ["g/plain"])
        self.now: Sequence[GpuSeen] | Exception = (FREE,)
        self.looks = 0
        self.told: list[Event] = []
        self.clock = ManualClock()
        self.watch = GpuWatch(self, clock=self.clock, batch=lambda: self.batch, submit=self.submit)

    def look(self) -> Sequence[GpuSeen]:
        self.looks += 1
        if isinstance(self.now, Exception):
            raise self.now
        return self.now

    async def submit(self, event: Event) -> None:
        self.told.append(event)
        self.batch = after(self.batch, (event, 1.0))

    async def sees(self, now: Sequence[GpuSeen] | Exception) -> list[Event]:
        """What is told after a look at ``now``."""
        self.now = now
        self.told.clear()
        await self.watch.look(self, self.batch)
        return list(self.told)


async def test_only_what_decides_is_told() -> None:
    machine = Machine("g/a", "g/b")
    assert await machine.sees((FREE,)) == [GpusSeen(gpus=(FREE,))]
    assert await machine.sees((BUSY,)) == [], "our own attempt has it"
    machine.batch = after(machine.batch, (ended("g/a", 1, 5), 5))
    assert await machine.sees((BUSY,)) == [GpusSeen(gpus=(BUSY,), fresh=(0,))]
    assert await machine.sees((BUSY,)) == []
    assert await machine.sees(()) == [GpusSeen()]
    assert await machine.sees(()) == []
    assert await machine.sees((FREE,)) == [GpusSeen(gpus=(FREE,))]


async def test_trouble_is_told_once_and_its_end(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine("g/a")
    assert await machine.sees(GpusUnseenError("no driver")) == [GpusSeen(trouble="no driver")]
    assert await machine.sees(GpusUnseenError("no driver")) == []
    assert await machine.sees((FREE,)) == [GpusSeen(gpus=(FREE,))]
    (event,) = await machine.sees(ValueError("odd"))
    assert event == GpusSeen(trouble="looking at them failed: ValueError('odd')")
    assert "GPUs could not be looked at" in caplog.text


async def test_it_looks_every_two_seconds_while_a_task_needs_a_gpu() -> None:
    machine = Machine("g/a")

    def looked_twice() -> bool:
        machine.clock.advance(2.0)
        return machine.looks >= 2

    async with asyncio.TaskGroup() as group:
        running = group.create_task(machine.watch.run())
        await until(looked_twice)
        running.cancel()


async def test_it_does_not_look_for_a_batch_that_needs_none() -> None:
    machine = Machine()
    asked: list[Batch] = []

    def batch() -> Batch:
        machine.clock.advance(2.0)
        asked.append(machine.batch)
        return machine.batch

    watch = GpuWatch(machine, clock=machine.clock, batch=batch, submit=machine.submit)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(watch.run())
        await until(lambda: asked)
        running.cancel()
    assert machine.looks == 0


async def test_without_a_machine_to_look_at_nothing_is_done() -> None:
    machine = Machine("g/a")
    await GpuWatch(
        None, clock=machine.clock, batch=lambda: machine.batch, submit=machine.submit
    ).run()
    assert not machine.told
