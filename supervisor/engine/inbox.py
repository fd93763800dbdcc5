"""Where events wait for the loop: bounded, and taken in bunches."""

import asyncio
from collections import deque

from supervisor.core.events import Event
from supervisor.ports import Answer

Asked = asyncio.Future[Answer]
"""Answered once what an operator wanted is durable."""

_BOUND = 4096
_BUNCH = 256
"""Events stepped in one go; more would keep the engine's other work waiting for long."""


class Inbox:
    """Holds events in the order they came. Writers wait while it is full."""

    def __init__(self, bound: int = _BOUND) -> None:
        self._events: deque[tuple[Event, Asked | None]] = deque()
        self._bound = bound
        self._open = False
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    async def put(self, event: Event) -> None:
        """Hand over an event; waits while the inbox is full."""
        while self._open and len(self._events) >= self._bound:
            self._room.clear()
            await self._room.wait()
        self.offer(event)

    def offer(self, event: Event, asked: Asked | None = None) -> None:
        """Hand over an event at once, over the bound if need be: for the few that cannot wait."""
        self._events.append((event, asked))
        self._news.set()

    def wake(self) -> None:
        """Let the reader look although no event came."""
        self._news.set()

    async def take(self) -> list[tuple[Event, Asked | None]]:
        """Wait for news and return the next events; none if it was only woken.

        Until the first call the bound is not enforced, so that recovery can fill the inbox
        before anybody reads it.
        """
        self._open = True
        await self._news.wait()
        bunch = [self._events.popleft() for _ in range(min(_BUNCH, len(self._events)))]
        if not self._events:
            self._news.clear()
        if len(self._events) < self._bound:
            self._room.set()
        return bunch

    def rest(self) -> list[tuple[Event, Asked | None]]:
        """Return what nobody will step any more."""
        rest = list(self._events)
        self._events.clear()
        return rest
