"""One deadline at a time, without a timer for each."""

import asyncio
from collections.abc import Callable

from supervisor.ports import Clock


class Alarm:
    """Calls ``ring`` once the clock has reached the deadline that was set last.

    Deadlines move later all the time and earlier seldom: a later one costs nothing, because the
    sleeper looks again when it wakes; only an earlier one wakes it.
    """

    def __init__(self, clock: Clock, ring: Callable[[], None]) -> None:
        self._clock = clock
        self._ring = ring
        self._deadline: float | None = None
        self._asleep_until: float | None = None
        self._earlier = asyncio.Event()

    def set(self, deadline: float | None) -> None:
        """Ring at ``deadline`` and no longer at the one before; None: not at all."""
        self._deadline = deadline
        if deadline is None:
            return
        if self._asleep_until is None or deadline < self._asleep_until:
            self._earlier.set()

    async def run(self) -> None:
        """Ring at each deadline until cancelled."""
        while True:
            self._earlier.clear()
            deadline = self._asleep_until = self._deadline
            if deadline is None:
                await self._earlier.wait()
            elif self._clock.now() >= deadline:
                self._deadline = None
                self._ring()
            else:
                await self._sleep(deadline)

    async def _sleep(self, deadline: float) -> None:
        async with asyncio.TaskGroup() as group:
            sleeper = group.create_task(self._clock.sleep_until(deadline), name="sleep")
            waker = group.create_task(self._earlier.wait(), name="earlier deadline")
            await asyncio.wait((sleeper, waker), return_when=asyncio.FIRST_COMPLETED)
            sleeper.cancel()
            waker.cancel()
