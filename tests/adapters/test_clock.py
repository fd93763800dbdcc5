"""Sleeping by the wall clock, and telling of its jumps before anybody acts on them."""

import asyncio
import time
from contextlib import aclosing

import pytest

from supervisor.adapters.clock import SystemClock, wall_now
from tests.support import until


class Machine:
    """A machine whose clocks a test sets; real time goes on underneath."""

    def __init__(self) -> None:
        self.wall_ahead_s = 0.0
        self._looks = 0

    def wall(self) -> float:
        self._looks += 1
        return 1_000_000.0 + time.monotonic() + self.wall_ahead_s

    async def looked_at(self) -> None:
        """Return when whoever sleeps has looked at the clock a few times more."""
        enough = self._looks + 8
        await until(lambda: self._looks >= enough)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def clock(machine: Machine) -> SystemClock:
    return SystemClock(wall=machine.wall, nap_s=0.01)


async def everybody_else() -> None:
    """Let all other tasks do what they can do now."""
    for _ in range(50):
        await asyncio.sleep(0)


async def told(clock: SystemClock, jumps: list[float]) -> None:
    async with aclosing(clock.jumps()) as found:
        async for jump_s in found:
            jumps.append(round(jump_s))


async def test_the_real_clock_is_the_wall_clock() -> None:
    clock = SystemClock()
    assert abs(clock.now() - wall_now()) < 1
    began = clock.now()
    await clock.sleep_until(began + 0.02)
    assert 0.02 <= clock.now() - began < 5
    await clock.sleep_until(began)


async def test_a_sleeper_wakes_soon_after_the_clock_jumped_past_its_deadline(
    machine: Machine, clock: SystemClock
) -> None:
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        sleeper = group.create_task(clock.sleep_until(clock.now() + 3600), name="sleeper")
        await machine.looked_at()
        assert not sleeper.done()
        machine.wall_ahead_s = 7200.0


async def test_a_sleeper_sleeps_on_when_the_clock_jumps_back(
    machine: Machine, clock: SystemClock
) -> None:
    deadline = clock.now() + 1.0
    machine.wall_ahead_s = -3600.0
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        sleeper = group.create_task(clock.sleep_until(deadline), name="sleeper")
        await machine.looked_at()
        assert not sleeper.done()
        machine.wall_ahead_s = 10.0


async def test_jumps_both_ways_are_told_with_their_size(
    machine: Machine, clock: SystemClock
) -> None:
    jumps: list[float] = []
    async with asyncio.TaskGroup() as group:
        reader = group.create_task(told(clock, jumps), name="reader")
        await machine.looked_at()
        machine.wall_ahead_s = 3600.0
        await until(lambda: jumps == [3600])
        machine.wall_ahead_s = 0.0
        await until(lambda: jumps == [3600, -3600])
        reader.cancel()


async def test_small_corrections_are_not_told_however_many(
    machine: Machine, clock: SystemClock
) -> None:
    jumps: list[float] = []
    async with asyncio.TaskGroup() as group:
        reader = group.create_task(told(clock, jumps), name="reader")
        for _ in range(5):
            machine.wall_ahead_s += 20.0
            await machine.looked_at()
        machine.wall_ahead_s += 500.0
        await until(lambda: jumps)
        reader.cancel()
    assert jumps == [500]


async def test_the_jump_is_dealt_with_before_a_sleeper_wakes_by_it(
    machine: Machine, clock: SystemClock
) -> None:
    order: list[str] = []

    async def deal() -> None:
        async with aclosing(clock.jumps()) as jumps:
            async for _ in jumps:
                order.append("told")
                await everybody_else()
                order.append("dealt with")

    async def sleep() -> None:
        await clock.sleep_until(clock.now() + 3600)
        order.append("woke")

    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        reader = group.create_task(deal(), name="reader")
        group.create_task(sleep(), name="sleeper")
        await machine.looked_at()
        machine.wall_ahead_s = 7200.0
        await until(lambda: len(order) == 3)
        reader.cancel()
    assert order == ["told", "dealt with", "woke"]


async def test_a_sleeper_does_not_wait_for_a_reader_that_went(
    machine: Machine, clock: SystemClock
) -> None:
    jumps = clock.jumps()
    machine.wall_ahead_s = 60.0
    async with asyncio.timeout(10):
        assert round(await anext(jumps)) == 60
        async with asyncio.TaskGroup() as group:
            sleeper = group.create_task(clock.sleep_until(clock.now()), name="sleeper")
            await everybody_else()
            assert not sleeper.done()
            await jumps.aclose()
