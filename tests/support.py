"""Waiting for conditions, and a clock that a test moves."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable


async def until(condition: Callable[[], object], *, timeout_s: float = 20.0) -> None:
    """Return once ``condition()`` is true; fail loudly after ``timeout_s``."""
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.005)


def until_sync(condition: Callable[[], object], *, timeout_s: float = 20.0) -> None:
    """Return once ``condition()`` is true; fail loudly after ``timeout_s``."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"still not true after {timeout_s:g} s")
        time.sleep(0.01)


class ManualClock:
    """A Clock whose time moves only when the test says so."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self._now = now
        self._waiters: list[asyncio.Event] = []
        self._jumps: asyncio.Queue[float] = asyncio.Queue()

    def now(self) -> float:
        return self._now

    async def sleep_until(self, deadline: float) -> None:
        while self._now < deadline:
            event = asyncio.Event()
            self._waiters.append(event)
            await event.wait()

    async def jumps(self) -> AsyncGenerator[float, None]:
        while True:
            yield await self._jumps.get()

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += seconds
        waiters, self._waiters = self._waiters, []
        for event in waiters:
            event.set()

    def jump(self, seconds: float) -> None:
        """Move the wall clock."""
        self.advance(seconds)
        self._jumps.put_nowait(seconds)
