"""Reads what the backend says about attempts and turns it into events for the core."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import assert_never

from supervisor.core.events import Ended, Event, Noted, ReachChanged, Started
from supervisor.core.models import Detection, End, Stream, TaskId
from supervisor.engine.conclusion import Evidence, shown_in_file
from supervisor.engine.pump import Pump
from supervisor.engine.runners import Left, Runners
from supervisor.engine.sources import Sources
from supervisor.ports import Alive, Backend, BackendGoneError, Clock, Gone, Ref, Report, Unknown

log = logging.getLogger(__name__)

Submit = Callable[[Event], Awaitable[None]]
Offsets = Mapping[tuple[TaskId, int, Stream], int]

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
        pump: Pump,
        submit: Submit,
        offsets: Offsets,
        keep_tail: Callable[[Ref, str], None],
        runners: Runners | None = None,
        sources: Sources | None = None,
    ) -> None:
        self._backend = backend
        self._clock = clock
        self._pump = pump
        self._submit = submit
        self._keep_tail = keep_tail
        self._runners = runners
        self._sources = sources
        self._offsets = _by_ref(offsets)
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
            if self._sources is not None:
                group.create_task(self._sources.run(), name="sources")
            group.create_task(self._tell_newborn(), name="newborn")
            async with aclosing(self._backend.reports()) as reports:
                async for report in reports:
                    await self._take_in(report)

    async def _take_in(self, report: Report) -> None:
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
            end = await self._end(gone)
            ref = gone.ref
            self._followed.discard(ref)
            self._unreachable.discard(ref)
            await self._submit(Ended(task=ref.task, attempt=ref.attempt, end=end))
            self._backend.forget((ref,))
            self._hear(ref)

    async def _end(self, gone: Gone) -> End:
        """A fault in one attempt's handling is news about that attempt, nothing more."""
        evidence = Evidence()
        try:
            self._follow(gone.ref)
            evidence = await self._pump.finish(gone.ref)
        except Exception:
            log.exception(
                "output could not be read", extra={"task": gone.ref.task, "code": gone.code}
            )
        in_files = await self._in_files(gone.ref)
        left = await self._left(gone)
        error = left.results.error if left.results is not None else ""
        in_file = shown_in_file((*evidence.detections, *in_files)) if in_files else ""
        self._keep_tail(gone.ref, error or in_file or evidence.tail_text)
        return End(
            code=gone.code,
            ended_at=gone.ended_at,
            preset=gone.preset,
            cause=gone.cause,
            detections=(*evidence.detections, *in_files, *left.detections),
            last_line=evidence.last_line,
            oom_killed=gone.oom_killed,
            results=left.results,
        )

    async def _in_files(self, ref: Ref) -> tuple[Detection, ...]:
        """Return what files beside the streams prove; those that cannot be read prove nothing."""
        if self._sources is None:
            return ()
        try:
            return await self._sources.left(ref)
        except Exception:
            log.exception("files could not be judged", extra={"task": ref.task})
            return ()

    async def _left(self, gone: Gone) -> Left:
        """Return what the runner left behind; what cannot be read is never the task's failure."""
        if self._runners is None:
            return Left()
        try:
            left = await self._runners.left(gone.ref, gone.ended_at)
        except Exception:
            log.exception("results could not be judged", extra={"task": gone.ref.task})
            return Left()
        if left.results is not None and left.results.trouble:
            ref, text = gone.ref, f"results: {left.results.trouble}"
            await self._submit(Noted(task=ref.task, attempt=ref.attempt, text=text))
        return left

    def _follow(self, ref: Ref) -> None:
        if ref in self._followed:
            return
        self._followed.add(ref)
        try:
            offsets = self._offsets.pop(ref, {})
            adopted = ref in self._unheard
            directory = self._backend.directory(ref)
            self._pump.begin(ref, directory, offsets, adopted)
            if self._runners is not None:
                self._runners.began(ref, directory)
            if self._sources is not None:
                self._sources.began(ref, directory)
        except Exception:
            log.exception("output cannot be followed", extra={"task": ref.task})

    def _hear(self, ref: Ref) -> None:
        if self._unheard:
            self._unheard.discard(ref)
            if not self._unheard:
                self._all_heard.set()


def _by_ref(offsets: Offsets) -> dict[Ref, dict[Stream, int]]:
    by_ref: dict[Ref, dict[Stream, int]] = {}
    for (task, attempt, stream), offset in offsets.items():
        by_ref.setdefault(Ref(task, attempt), {})[stream] = offset
    return by_ref
