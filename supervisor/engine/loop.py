"""The single writer: events are stepped, made durable together, and only then acted upon."""

import asyncio
import logging
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field

from supervisor.core.codec import dumps
from supervisor.core.effects import Effect, Record, Reply
from supervisor.core.events import Event, Tick, Wanted
from supervisor.core.intents import Add, Edit, Intent, Reload
from supervisor.core.models import TaskId
from supervisor.core.state import Batch, rows_changed, spec_of
from supervisor.core.step import next_wakeup, step
from supervisor.engine.alarm import Alarm
from supervisor.engine.inbox import Asked, Inbox
from supervisor.engine.writer import Writer
from supervisor.ports import Answer, Clock, Entry

log = logging.getLogger(__name__)

Publish = Callable[[Batch, Set[TaskId], bool], None]
"""Told of each durable batch, which of its tasks changed, and whether the spec did."""
Perform = Callable[[Batch, Sequence[Effect]], None]

_AGAIN_S = 1.0
"""Between tries to commit while there is no space."""
_TICKS_APART_S = 0.02
_CLOSING_TRIES = 5


@dataclass(slots=True)
class _Gathered:
    """What was stepped since the last commit began, and waits for the next one."""

    batch: Batch
    entries: list[Entry] = field(default_factory=list[Entry])
    effects: list[Effect] = field(default_factory=list[Effect])
    answers: list[tuple[Asked, Answer]] = field(default_factory=list[tuple[Asked, Answer]])
    changed: set[TaskId] = field(default_factory=set[TaskId])
    new_spec: bool = False


class Loop:
    """Owns the batch. Everybody else sees a frozen one, and only after it is durable.

    While one commit is written, further events are stepped and gathered for the next: under load a
    commit carries many steps, at rest it carries one.
    """

    def __init__(
        self,
        batch: Batch,
        *,
        clock: Clock,
        writer: Writer,
        perform: Perform,
        publish: Publish,
        on_space: Callable[[str | None], None] = lambda _reason: None,
    ) -> None:
        self._batch = self._durable = batch
        self._clock = clock
        self._writer = writer
        self._perform = perform
        self._publish = publish
        self._on_space = on_space
        self._inbox = Inbox()
        self._alarm = Alarm(clock, self._inbox.wake)
        self._gathered = _Gathered(batch)
        self._news = asyncio.Event()
        self._closing = False
        self._full: str | None = None
        self._ticked_at = float("-inf")

    @property
    def batch(self) -> Batch:
        """The batch as of the last step, which may not be durable yet."""
        return self._batch

    @property
    def durable(self) -> Batch:
        """The batch as of the last commit."""
        return self._durable

    @property
    def full(self) -> str | None:
        """Why the last commit could not be written; None: it could."""
        return self._full

    async def submit(self, event: Event) -> None:
        """Hand over an event; waits while the inbox is full."""
        await self._inbox.put(event)

    def offer(self, event: Event) -> None:
        """Hand over an event from where nobody can wait, such as a signal handler."""
        self._inbox.offer(event)

    async def ask(self, intent: Intent, who: str) -> Answer:
        """Hand over an operator's intent and return what came of it, once that is durable."""
        asked: Asked = asyncio.get_running_loop().create_future()
        self._inbox.offer(Wanted(intent=intent, who=who), asked)
        return await asked

    async def run(self) -> None:
        """Step until ``close``, then commit what is left and return."""
        async with asyncio.TaskGroup() as group:
            alarm = group.create_task(self._alarm.run(), name="alarm")
            commits = group.create_task(self._commits(), name="commits")
            self._inbox.wake()
            while not self._closing:
                self._take_in(await self._inbox.take())
                await asyncio.sleep(0)
            alarm.cancel()
            await commits
        self._turn_away()

    def close(self) -> None:
        """End ``run`` after what was stepped so far is durable."""
        self._closing = True
        self._inbox.wake()
        self._news.set()

    def _take_in(self, bunch: Sequence[tuple[Event, Asked | None]]) -> None:
        for event, asked in bunch:
            self._step(event, asked)
        wakeup = next_wakeup(self._batch)
        now = self._clock.now()
        if wakeup is not None and now >= wakeup and (bunch or now >= self._next_tick_at):
            self._ticked_at = now
            self._step(Tick(), None)
            wakeup = next_wakeup(self._batch)
        self._alarm.set(None if wakeup is None else max(wakeup, self._next_tick_at))
        if self._gathered.entries or self._gathered.effects or self._gathered.answers:
            self._news.set()

    @property
    def _next_tick_at(self) -> float:
        """A deadline that a tick did not move must not spin the loop."""
        return self._ticked_at + _TICKS_APART_S

    def _step(self, event: Event, asked: Asked | None) -> None:
        now = self._clock.now()
        before = self._batch
        after, effects = step(before, event, now)
        gathered = self._gathered
        records = tuple(effect for effect in effects if isinstance(effect, Record))
        if after is not before:
            self._batch = gathered.batch = after
            gathered.new_spec |= isinstance(event, Wanted) and isinstance(
                event.intent, Add | Edit | Reload
            )
        rows = rows_changed(before, after)
        if records or rows.desk or rows.tasks or rows.groups or rows.limits:
            gathered.entries.append(
                Entry(seq=after.desk.seq, at=now, event=dumps(event), rows=rows, records=records)
            )
            gathered.changed.update(rows.tasks)
        gathered.effects.extend(e for e in effects if not isinstance(e, Record | Reply))
        if asked is not None:
            gathered.answers.append((asked, _answer(effects)))
            self._refuse_if_full(gathered)

    async def _commits(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            gathered, self._gathered = self._gathered, _Gathered(self._batch)
            if gathered.entries and not await self._written(gathered):
                return
            self._settle(gathered)
            if self._closing and not self._gathered.entries:
                return

    async def _written(self, gathered: _Gathered) -> bool:
        """Commit, again and again while there is no space; False: closed before it could be."""
        spec = spec_of(gathered.batch) if gathered.new_spec else None
        tries = 0
        while True:
            why_not = await self._writer.commit(gathered.entries, spec)
            if why_not is None:
                if self._full is not None:
                    self._full = None
                    self._on_space(None)
                return True
            tries += 1
            if self._closing and tries > _CLOSING_TRIES:
                log.error("closed without the last commit", extra={"why": why_not})
                return False
            if self._full is None:
                self._full = why_not
                self._on_space(why_not)
            self._refuse_if_full(gathered)
            self._refuse_if_full(self._gathered)
            await self._clock.sleep_until(self._clock.now() + _AGAIN_S)

    def _refuse_if_full(self, gathered: _Gathered) -> None:
        """Nobody is kept waiting for space; what was asked counts all the same, later."""
        if self._full is None:
            return
        words = f"taken in, but not durable yet: {self._full}; free some space, nothing else"
        for asked, _ in gathered.answers:
            if not asked.done():
                asked.set_result(Answer(ok=False, messages=(words,)))

    def _turn_away(self) -> None:
        """Answer those who asked too late."""
        for _, asked in self._inbox.rest():
            if asked is not None and not asked.done():
                asked.set_result(Answer(ok=False, messages=("the engine is ending",)))

    def _settle(self, gathered: _Gathered) -> None:
        """Act upon what is durable now."""
        self._durable = gathered.batch
        if gathered.entries:
            self._publish(gathered.batch, gathered.changed, gathered.new_spec)
        if gathered.effects:
            self._perform(gathered.batch, gathered.effects)
        for asked, answer in gathered.answers:
            if not asked.done():
                asked.set_result(answer)


def _answer(effects: Sequence[Effect]) -> Answer:
    replies = [effect for effect in effects if isinstance(effect, Reply)]
    return Answer(
        ok=not any(reply.refused for reply in replies),
        messages=tuple(reply.text for reply in replies),
    )
