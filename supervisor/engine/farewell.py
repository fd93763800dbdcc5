"""When an engine ends: once it was told to, or its batch is done and nobody looks at it any more."""

import asyncio

from supervisor.core.events import Wanted
from supervisor.core.intents import Stop
from supervisor.engine.hub import Hub
from supervisor.engine.loop import Loop
from supervisor.ports import Clock

_TERM_S = 10.0
"""How long SIGTERM may wait for its commit; after that what runs is left running all the same."""


class Farewell:
    """Decides when the engine of ``loop`` ends; a batch that is done waits ``linger_s`` for readers."""

    def __init__(self, loop: Loop, hub: Hub, clock: Clock, *, linger_s: float) -> None:
        self._loop = loop
        self._hub = hub
        self._clock = clock
        self._linger_s = linger_s
        self._why: str | None = None
        self._done_at = 0.0
        self._terminating = False
        self._news = asyncio.Event()

    def terminate(self) -> None:
        """End and leave running what runs; a second call waits for nothing."""
        if self._why is None and not self._terminating:
            self._terminating = True
            self._loop.offer(Wanted(intent=Stop(mode="leave_running"), who="SIGTERM"))
            asyncio.get_running_loop().call_later(_TERM_S, self.end, "left_running")
        else:
            self.end("left_running")

    def end(self, why: str) -> None:
        """End for this reason: ``done``, ``stopped`` or ``left_running``."""
        self._why = why
        self._done_at = self._clock.now()
        self._news.set()

    def reader_left(self) -> None:
        """Look again whether anybody is to be waited for."""
        self._news.set()

    async def come(self) -> str:
        """Return why the engine ends, once it does.

        A batch that is done waits for its last reader to leave: whoever looks at it may well say
        ``retry``.
        """
        while True:
            await self._news.wait()
            self._news.clear()
            if self._why is None:
                continue
            if self._why != "done":
                return self._why
            # No wait between these looks and the caller's ``close``: nothing can come between.
            if self._loop.batch.desk.ended_at is None:
                self._why = None
            elif self._hub.readers:
                continue  # the last of them to leave brings us here again
            elif self._seen() or self._clock.now() - self._done_at >= self._linger_s:
                return self._why
            else:
                asyncio.get_running_loop().call_later(self._linger_s, self._news.set)

    def _seen(self) -> bool:
        """Tell whether somebody looked at the end and left: nobody else need be waited for."""
        return self._hub.left_at > self._done_at
