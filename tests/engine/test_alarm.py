"""The alarm rings at the last deadline set, and at no other."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from supervisor.engine.alarm import Alarm
from tests.support import ManualClock, until


@asynccontextmanager
async def ringing(clock: ManualClock) -> AsyncGenerator[tuple[Alarm, list[float]], None]:
    rings: list[float] = []
    alarm = Alarm(clock, lambda: rings.append(clock.now()))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(alarm.run())
        yield alarm, rings
        task.cancel()


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_rings_once_when_the_time_has_come() -> None:
    clock = ManualClock(0)
    async with ringing(clock) as (alarm, rings):
        alarm.set(10)
        await settled()
        clock.advance(9)
        await settled()
        assert rings == []
        clock.advance(1)
        await until(lambda: rings == [10])


async def test_an_earlier_deadline_wakes_the_sleeper() -> None:
    clock = ManualClock(0)
    async with ringing(clock) as (alarm, rings):
        alarm.set(100)
        await settled()
        alarm.set(5)
        await settled()
        clock.advance(5)
        await until(lambda: rings == [5])


async def test_a_later_deadline_replaces_the_earlier_one() -> None:
    clock = ManualClock(0)
    async with ringing(clock) as (alarm, rings):
        alarm.set(5)
        await settled()
        alarm.set(20)
        clock.advance(5)
        await settled()
        assert rings == []
        clock.advance(15)
        await until(lambda: rings == [20])


async def test_no_deadline_never_rings() -> None:
    clock = ManualClock(0)
    async with ringing(clock) as (alarm, rings):
        alarm.set(5)
        await settled()
        alarm.set(None)
        clock.advance(50)
        await settled()
        assert rings == []
        alarm.set(60)
        await settled()
        clock.advance(10)
        await until(lambda: rings == [60])
