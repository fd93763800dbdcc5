"""What clients may ask of the engine, answered in process; the socket serves the same."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from supervisor.core import documents, report, why
from supervisor.core.board import Board, Change
from supervisor.core.facets import FINAL
from supervisor.core.intents import Intent
from supervisor.core.machine import MachineSeen, Resources
from supervisor.core.models import Stream, TaskId
from supervisor.core.night import Event, Timeline
from supervisor.core.standing import standing
from supervisor.core.state import Batch
from supervisor.core.task_page import TaskPage
from supervisor.core.timeline import INCIDENTS, timeline
from supervisor.engine.arrivals import arrivals
from supervisor.engine.container_acts import ContainerActs
from supervisor.engine.hub import Hub
from supervisor.engine.loop import Loop
from supervisor.engine.machine_watch import MachineWatch
from supervisor.engine.task_pages import task_page
from supervisor.engine.windows import window
from supervisor.engine.writer import Writer
from supervisor.ports import (
    Answer,
    Arrival,
    Backend,
    Clock,
    ConfigError,
    Decision,
    Hits,
    LogSearcher,
    LogWindow,
    NoSuchTaskError,
    Ref,
    SupervisorError,
)

if TYPE_CHECKING:
    from supervisor.ports.containers import Described

_DECISIONS = 200
_INCIDENTS = 500
"""So many of the night's incidents are told; older ones are in the journal."""
_ORDERS = frozenset({"pause", "resume", "parallel", "inner", "reload", "stop"})
"""Decisions about a group or the batch that a person took and its tasks are subject to."""
_ORDERS_TOLD = 5
_OVER = ("done", "stopped")

FillIn = Callable[[Intent], Awaitable[Intent]]


class Service:
    """The EngineApi of the engine in this process."""

    def __init__(
        self,
        *,
        loop: Loop,
        hub: Hub,
        writer: Writer,
        backend: Backend,
        clock: Clock,
        fill_ins: Sequence[FillIn] = (),
        searcher: LogSearcher | None = None,
        acts: ContainerActs | None = None,
        machine: MachineWatch | None = None,
        written: Callable[[], Awaitable[None]],
    ) -> None:
        """``fill_ins`` complete intents with what only the engine knows; ConfigError refuses one.

        ``written`` returns once the files of the batch say what is known by now.
        """
        self._written = written
        self._acts = acts
        self._machine = machine
        self._fill_ins = fill_ins
        self._loop = loop
        self._hub = hub
        self._writer = writer
        self._backend = backend
        self._clock = clock
        self._searcher = searcher

    async def snapshot(self) -> Board:
        """Return the whole picture."""
        return self._hub.board()

    async def changes(self) -> AsyncGenerator[Change, None]:
        """Yield the whole board first, then what changed, until the engine ends."""
        async with aclosing(self._hub.changes()) as changes:
            async for change in changes:
                yield change

    async def settled(self) -> None:
        """Return once the batch is over, or the engine ends, and the files of the batch say so."""
        async with aclosing(self._hub.changes()) as changes:
            async for change in changes:
                if change.head.state in _OVER:
                    # Still one of the readers whom a batch that is done waits for.
                    return await self._written()
        return None

    async def submit(self, intent: Intent, who: str) -> Answer:
        """Hand over an intent; returns once it is durable, with what came of it."""
        try:
            for fill_in in self._fill_ins:
                intent = await fill_in(intent)
        except ConfigError as error:
            return Answer(ok=False, messages=tuple(error.problems))
        return await self._loop.ask(intent, who)

    async def describe(self, container: str, lines: int) -> "Described":
        """Return one container in full: its inspection, and the last ``lines`` that it wrote."""
        return await self._containers().describe(container, lines)

    async def leftovers(self) -> Mapping[str, object]:
        """Return what attempts that are over left with the container engine."""
        return await self._containers().leftovers()

    def _containers(self) -> ContainerActs:
        if self._acts is None:
            raise SupervisorError("this engine looks at no containers")
        return self._acts

    async def why(self, task: str) -> tuple[str, ...]:
        """Explain what the task waits for, and every decision about it so far."""
        batch = self._loop.durable
        name = named(batch, task)
        told = await self._decided(batch, name)
        return (
            *why.why(batch, name, self._clock.now(), self._hub.told_by(name)),
            *(_told(one, name) for one in told),
        )

    async def task(self, task: str) -> TaskPage:
        """Return all that is known of a task."""
        batch = self._loop.durable
        name = named(batch, task)
        decided = await self._decided(batch, name)
        attempt = batch.tasks[name].attempt
        directory = self._backend.directory(Ref(name, attempt)) if attempt else None
        said, now = self._hub.told_by(name), self._clock.now()
        return await asyncio.to_thread(task_page, batch, name, now, decided, directory, said)

    async def _decided(self, batch: Batch, name: TaskId) -> Sequence[Decision]:
        """Return the decisions about a task, and while it is not over, the orders it is subject to."""
        above = (batch.specs[name].group, *batch.specs[name].limits, "")
        own, others = await self._writer.call(
            lambda journal: (
                journal.decisions((name,), _DECISIONS),
                journal.decisions(above, _DECISIONS),
            )
        )
        over = isinstance(batch.tasks[name].phase, FINAL)
        orders = [] if over else [one for one in others if one.kind in _ORDERS][-_ORDERS_TOLD:]
        return sorted((*own, *orders), key=lambda one: one.seq)

    async def standing(self, task: str) -> Mapping[str, object]:
        """Return whether the limits of a task hold it back."""
        batch = self._loop.durable
        return standing(batch, named(batch, task), self._clock.now())

    async def failed(self) -> Sequence[Mapping[str, object]]:
        """Return the documents of ``failed --json``."""
        batch = self._loop.durable
        return await asyncio.to_thread(documents.failed, batch, batch.head.directory)

    async def report(self) -> str:
        """Return the report of the batch as of now, in Markdown."""
        batch, now = self._loop.durable, self._clock.now()
        return await asyncio.to_thread(report.report, batch, batch.head.directory, now, _clock_time)

    async def timeline(self, slices: int) -> Timeline:
        """Return the night so far, cut into ``slices`` equal parts."""
        batch, now = self._loop.durable, self._clock.now()
        decided = await self._writer.call(
            lambda journal: journal.decisions((), _INCIDENTS, INCIDENTS)
        )
        events = [
            Event(at=one.at, kind=one.kind, subject=one.subject, text=one.text) for one in decided
        ]
        return await asyncio.to_thread(timeline, batch, events, now, slices)

    async def resources(self) -> Resources:
        """Return what the machine has and what is used of it."""
        if self._machine is None:
            return Resources(machine=MachineSeen(at=self._clock.now()))
        return await self._machine.resources()

    async def log(
        self, task: str, attempt: int | None, stream: Stream, offset: int, size: int
    ) -> LogWindow:
        """Read a piece of a log with secrets masked; None: of the newest attempt."""
        path = self._log_path(task, attempt, stream)
        return await asyncio.to_thread(window, path, offset, size)

    async def search(
        self, task: str, attempt: int | None, stream: Stream, text: str, offset: int, *, regex: bool
    ) -> Hits:
        """Find lines of a log; None: of the newest attempt."""
        path = self._log_path(task, attempt, stream)
        if self._searcher is None:
            return Hits(lines=(), until=0, size=0, trouble="this engine cannot search logs")
        return await asyncio.to_thread(
            self._searcher.search, path, text, regex=regex, offset=offset
        )

    async def arrivals(self, task: str, attempt: int | None, stream: Stream) -> Sequence[Arrival]:
        """Return when a log grew; None: that of the newest attempt."""
        path = self._log_path(task, attempt, stream)
        return await asyncio.to_thread(arrivals, path)

    def _log_path(self, task: str, attempt: int | None, stream: Stream) -> Path:
        batch = self._loop.durable
        name = named(batch, task)
        newest = batch.tasks[name].attempt
        number = newest if attempt is None else attempt
        if newest == 0:
            raise NoSuchTaskError(f"{name} has not run yet")
        if not 1 <= number <= newest:
            raise NoSuchTaskError(f"{name} has no attempt {number}, only 1 to {newest}")
        return self._backend.directory(Ref(name, number)) / f"{stream}.log"


def named(batch: Batch, text: str) -> TaskId:
    """Return the task that ``text`` means: ``group/id``, or an id or a glob that only one has.

    Raises:
        NoSuchTaskError: it means none, or several.
    """
    if TaskId(text) in batch.tasks:
        return TaskId(text)
    is_glob = any(char in text for char in "*?[")
    found = [
        task
        for task in batch.tasks
        if task.partition("/")[2] == text or (is_glob and fnmatchcase(task, text))
    ]
    match found:
        case [task]:
            return task
        case []:
            raise NoSuchTaskError(f"no task is called {text}; overnight status lists them")
        case _:
            raise NoSuchTaskError(f"{text} could be any of: {', '.join(found[:10])}")


def _told(decision: Decision, task: TaskId) -> str:
    of = "" if decision.subject == task else f" {decision.subject or 'batch'}"
    return f"{_clock_time(decision.at)}  {decision.kind}{of}: {decision.text}"


def _clock_time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
