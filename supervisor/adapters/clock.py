"""The machine's time, and how it jumps."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress

JUMP_S = 30.0
"""Smaller corrections of the wall clock are nobody's business."""
_NAP_S = 5.0
"""The kernel tells of no suspend, and timers of the event loop stand still in it: look so often."""


def wall_now() -> float:
    """Return Unix seconds."""
    return time.time()  # noqa: TID251 - the clock that the others are told to use


class SystemClock:
    """Implements ``Clock`` with the machine's wall clock.

    A jump is told to the reader of ``jumps``, and dealt with by it, before ``sleep_until`` returns
    because of it: deadlines that a suspend has skipped are moved before they count as reached.
    """

    def __init__(
        self,
        *,
        wall: Callable[[], float] = wall_now,
        steady: Callable[[], float] = time.monotonic,
        nap_s: float = _NAP_S,
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._nap_s = nap_s
        self._offset = wall() - steady()
        self._untold: deque[float] = deque()
        self._news = asyncio.Event()
        self._told = asyncio.Event()
        self._readers = 0

    def now(self) -> float:
        """Return Unix seconds."""
        return self._wall()

    async def sleep_until(self, deadline: float) -> None:
        """Return once ``now()`` has reached ``deadline``."""
        self._look()
        while (left_s := deadline - self._wall()) > 0:
            await asyncio.sleep(min(left_s, self._nap_s))
            self._look()
        while self._readers and self._untold:
            self._told.clear()
            await self._told.wait()

    async def jumps(self) -> AsyncGenerator[float, None]:
        """Yield the seconds of each jump of the wall clock beyond 30 s, or of a suspend."""
        self._readers += 1
        try:
            while True:
                self._look()
                while self._untold:
                    yield self._untold[0]
                    # The reader came back for more, so this one is dealt with.
                    self._untold.popleft()
                self._told.set()
                self._news.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._nap_s):
                        await self._news.wait()
        finally:
            self._readers -= 1
            self._told.set()

    def _look(self) -> None:
        """Note a jump since the last look; slow corrections only move the mark."""
        offset = self._wall() - self._steady()
        jump_s, self._offset = offset - self._offset, offset
        if abs(jump_s) > JUMP_S:
            self._untold.append(jump_s)
            self._news.set()
