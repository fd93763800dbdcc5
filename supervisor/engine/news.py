"""Reads what the backend says about attempts and turns it into events for the core."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import assert_never

from supervisor.core.events import DaemonChanged, Ended, Event, ReachChanged, Started
from supervisor.engine.outputs import Outputs
from supervisor.ports import (
    Alive,
    Backend,
    BackendGoneError,
    Clock,
    Gone,
    Notice,
    Outage,
    Ref,
    Report,
    Unknown,
)

log = logging.getLogger(__name__)

Submit = Callable[[Event], Awaitable[None]]

_AGAIN_S = 5.0
_NEWBORN_S = 0.01
"""So long an attempt must have lived to be told of: of a shorter one its end says all, and a batch
of thousands of short commands spares a step, a row and a watch for each."""
_FINISHERS = 4
"""Logs of ended attempts are read to their end by so many at once: one slow file stops few."""


class News:
    """The one reader of the backend's reports. An end is told when its output has been read."""

    def __init__(
        self,
        *,
        backend: Backend,
        clock: Clock,
        outputs: Outputs,
        submit: Submit,
        under_way: Callable[[str, str | None], None],
    ) -> None:
        self._under_way = under_way
        self._backend = backend
        self._clock = clock
        self._outputs = outputs
        self._submit = submit
        self._followed: set[Ref] = set()
        self._unreachable: set[Ref] = set()
        self._newborn: dict[Ref, Alive] = {}
        self._births = asyncio.Event()
        self._gone: asyncio.Queue[Gone] = asyncio.Queue(maxsize=1024)
        self._unheard: set[Ref] = set()
        self._all_heard = asyncio.Event()
        self._adopt_later: list[Sequence[Ref]] = []
        self._gone_news = asyncio.Event()

    @property
    def followed(self) -> Sequence[Ref]:
        """The attempts that live now, as far as is known."""
        return tuple(self._followed)

    async def adopt(self, refs: Sequence[Ref]) -> None:
        """Take over what an earlier engine left; return when something is known of each.

        ``run`` must be running.
        """
        if not refs:
            return
        self._unheard = set(refs)
        try:
            await self._backend.adopt(refs)
        except BackendGoneError as error:
            log.warning("backend does not answer", exc_info=error)
            await self._lose_sight(refs, str(error))
        await self._all_heard.wait()

    async def _lose_sight(self, refs: Sequence[Ref], reason: str) -> None:
        """What cannot be asked about is neither alive nor gone; ask again until it can be."""
        for ref in refs:
            await self._take_in(Unknown(ref=ref, reason=reason))
        self._adopt_later.append(tuple(refs))
        self._gone_news.set()

    async def _ask_again(self) -> None:
        while True:
            await self._gone_news.wait()
            await self._clock.sleep_until(self._clock.now() + _AGAIN_S)
            try:
                while self._adopt_later:
                    await self._backend.adopt(self._adopt_later[0])
                    self._adopt_later.pop(0)
            except BackendGoneError as error:
                log.warning("backend still does not answer", exc_info=error)
            else:
                self._gone_news.clear()

    async def run(self) -> None:
        """Tell the core what happens until cancelled."""
        async with asyncio.TaskGroup() as group:
            for number in range(_FINISHERS):
                group.create_task(self._finish_each(), name=f"finish {number}")
            group.create_task(self._ask_again(), name="ask again")
            group.create_task(self._outputs.run(), name="outputs")
            group.create_task(self._tell_newborn(), name="newborn")
            async with aclosing(self._backend.reports()) as reports:
                async for report in reports:
                    await self._take_in(report)

    async def _take_in(self, report: Report) -> None:
        match report:
            case Outage(reason=reason):
                await self._submit(DaemonChanged(reason=reason))
            case Notice(key=key, text=text):
                self._under_way(key, text)
            case _:
                await self._take_in_of_one(report)

    async def _take_in_of_one(self, report: Alive | Gone | Unknown) -> None:
        ref = report.ref
        match report:
            case Alive() if ref in self._unheard or ref in self._unreachable:
                await self._tell_alive(report)
            case Alive():
                self._newborn[ref] = report
                self._births.set()
            case Gone():
                self._newborn.pop(ref, None)
                await self._gone.put(report)
            case Unknown():
                if (born := self._newborn.pop(ref, None)) is not None:
                    await self._tell_alive(born)
                self._unreachable.add(ref)
                await self._submit(
                    ReachChanged(task=ref.task, attempt=ref.attempt, reason=report.reason)
                )
            case _:
                assert_never(report)
        if not isinstance(report, Gone):
            self._hear(ref)

    async def _tell_newborn(self) -> None:
        while True:
            await self._births.wait()
            await asyncio.sleep(_NEWBORN_S)
            self._births.clear()
            for ref in tuple(self._newborn):
                report = self._newborn.pop(ref, None)
                if report is not None:  # it ended while the one before was told of
                    await self._tell_alive(report)

    async def _tell_alive(self, report: Alive) -> None:
        ref = report.ref
        self._follow(ref)
        if ref in self._unreachable:
            self._unreachable.discard(ref)
            await self._submit(ReachChanged(task=ref.task, attempt=ref.attempt, reason=None))
        await self._submit(
            Started(
                task=ref.task,
                attempt=ref.attempt,
                started_at=report.started_at,
                pid=report.pid,
            )
        )

    async def _finish_each(self) -> None:
        while True:
            gone = await self._gone.get()
            ref = gone.ref
            self._follow(ref)
            end = await self._outputs.end(gone)
            self._followed.discard(ref)
            self._unreachable.discard(ref)
            await self._submit(Ended(task=ref.task, attempt=ref.attempt, end=end))
            self._backend.forget((ref,))
            self._hear(ref)

    def _follow(self, ref: Ref) -> None:
        if ref not in self._followed:
            self._followed.add(ref)
            self._outputs.begin(ref, adopted=ref in self._unheard)

    def _hear(self, ref: Ref) -> None:
        if self._unheard:
            self._unheard.discard(ref)
            if not self._unheard:
                self._all_heard.set()
