"""Calls the operator as the core ordered, one call after the other; a call that fails is shown."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence

from supervisor.core.effects import Effect, Page
from supervisor.core.message import Message, message
from supervisor.core.models import NotifySpec
from supervisor.core.state import Batch
from supervisor.ports import Clock, Notifier

log = logging.getLogger(__name__)

_LAST_S = 30.0
"""How long the end of an engine waits for its last calls."""


class Calls:
    """Hands messages to the notifier. Nothing of the batch waits for it."""

    def __init__(
        self,
        notifier: Notifier | None,
        clock: Clock,
        banner: Callable[[str, str | None, str], None],
    ) -> None:
        self._notifier = notifier
        self._clock = clock
        self._banner = banner
        self._waiting: deque[tuple[NotifySpec, Message]] = deque()
        self._news = asyncio.Event()
        self._closed = False

    def perform(self, batch: Batch, effects: Sequence[Effect]) -> None:
        """Take in durable orders; never waits. Others than calls are ignored."""
        notify = batch.head.notify
        for effect in effects:
            if isinstance(effect, Page) and notify is not None:
                self._waiting.append((notify, message(batch, effect, self._clock.now())))
                self._news.set()

    def close(self) -> None:
        """Let ``run`` end once what was ordered is done, or after half a minute."""
        self._closed = True
        self._news.set()

    async def run(self) -> None:
        """Make calls until closed."""
        while self._waiting or not self._closed:
            if not self._waiting:
                await self._news.wait()
            self._news.clear()
            try:
                async with asyncio.timeout(None) as limit:
                    await self._call_all(limit)
            except TimeoutError:
                log.warning("the last calls took too long", extra={"left": len(self._waiting)})
                self._waiting.clear()

    async def _call_all(self, limit: asyncio.Timeout) -> None:
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(self._watch(limit), name="watch for the end")
            while self._waiting:
                await self._call(*self._waiting.popleft())
            watching.cancel()

    async def _watch(self, limit: asyncio.Timeout) -> None:
        """Give the calls under way a last date once the engine ends."""
        while not self._closed:
            await self._news.wait()
            if not self._closed:
                self._news.clear()
        limit.reschedule(asyncio.get_running_loop().time() + _LAST_S)

    async def _call(self, notify: NotifySpec, told: Message) -> None:
        if self._notifier is None:
            return
        try:
            why_not = await self._notifier.call(notify, told)
        except Exception as error:
            log.exception("call failed")
            why_not = repr(error)
        if why_not:
            log.warning("nobody could be called", extra={"why": why_not})
            text = f"you could not be called: {why_not}"
            self._banner("notify", text, "overnight notify --test")
        else:
            self._banner("notify", None, "")
