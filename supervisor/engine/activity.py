"""Tells the core when an attempt gives no sign of life any more, and when it does again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from supervisor.core.events import ActivityChanged, Detected, Event
from supervisor.core.marked import limit_met
from supervisor.core.models import TaskId
from supervisor.core.stillness import Look, Signs, looked, rebased, silence
from supervisor.core.told import Told, Wait, waits
from supervisor.engine.patience import Patience
from supervisor.engine.tails import Tail, Tails
from supervisor.ports import Backend, Clock, Ref, Said, Usage

log = logging.getLogger(__name__)

_EVERY_S = 30.0
_TAILS_EVERY_S = 10.0
_LEAST_S = 1.0
_LOOKS = 4
"""Looks within the shortest patience: silence is not told much later than it has lasted."""
_ASKED_AT_ONCE = 8


@dataclass(slots=True)
class _Watched:
    """One attempt, and whether the core knows it as silent."""

    signs: Signs
    quiet: bool = False


class Activity:
    """Looks at every living attempt, each 30 s at least: its logs, its CPU, what its runner says.

    The look at the CPU is also how the backend learns which processes belong to an attempt.
    """

    def __init__(
        self,
        *,
        backend: Backend,
        clock: Clock,
        tails: Tails,
        living: Callable[[], Sequence[Ref]],
        patience: Callable[[Ref], Patience | None],
        submit: Callable[[Event], Awaitable[None]],
        ask: Callable[[Ref, Sequence[int]], Awaitable[Said | None]] | None = None,
        progress: Callable[[Ref, int, int], None] = lambda _ref, _done, _total: None,
        told: Callable[[Ref, Told], None] = lambda _ref, _told: None,
        working: Callable[[], Collection[TaskId]] = lambda: (),
        used: Callable[[Mapping[Ref, Usage], float], None] = lambda _usage, _now: None,
    ) -> None:
        """``patience`` is None where silence means nothing, such as for frozen attempts.

        ``working`` are the tasks of which a container works.
        """
        self._backend = backend
        self._clock = clock
        self._tails = tails
        self._living = living
        self._patience = patience
        self._submit = submit
        self._ask = ask
        self._progress = progress
        self._told = told
        self._working = working
        self._used = used
        self._watched: dict[Ref, _Watched] = {}
        self._shaken = False
        self._waits: dict[Ref, Wait] = {}
        """The last stated wait of each that was told."""

    async def run(self) -> None:
        """Look until cancelled; at the ends of logs more often, for they tell of progress."""
        looked_at = self._clock.now()
        while True:
            now, pause_s = self._clock.now(), self._pause_s()
            await self._clock.sleep_until(min(now + _TAILS_EVERY_S, looked_at + pause_s))
            try:
                now = self._clock.now()
                if not 0 <= now - looked_at < pause_s:
                    looked_at = now
                    await self.look()
                else:
                    await self._look_at_tails(self._living())
            except Exception:
                # A look that failed is no sign of anything; the night goes on.
                log.exception("activity is unknown")

    async def look(self) -> None:
        """Compare every living attempt with the last look and tell what flipped."""
        living = self._living()
        self._watched = {ref: one for ref in living if (one := self._watched.get(ref)) is not None}
        if not living:
            return
        tails = await self._look_at_tails(living)
        usage = await self._backend.usage(living)
        self._used(usage, self._clock.now())
        said = await self._asked(usage)
        now, shaken = self._clock.now(), self._shaken
        self._shaken = False
        working = self._working()
        for ref in living:
            look = _look(now, tails[ref], usage.get(ref), said.get(ref))
            look = replace(look, containers_work=ref.task in working)
            # Who says that it waits for a limit is silent with reason.
            excused = shaken or waits(tails[ref].told, now)
            await self._judge(ref, look, said.get(ref), shaken=excused)

    def rebase(self) -> None:
        """Count every silence from the next look: the clock jumped, or the machine slept."""
        self._shaken = True

    def _pause_s(self) -> float:
        patience = [one.quiet_s for ref in self._living() if (one := self._patience(ref))]
        return min(_EVERY_S, max(_LEAST_S, min(patience, default=_EVERY_S) / _LOOKS))

    async def _look_at_tails(self, living: Sequence[Ref]) -> Mapping[Ref, Tail]:
        tails = await self._tails.look(living, self._clock.now())
        for ref, tail in tails.items():
            if tail.counter is not None:
                self._progress(ref, *tail.counter)
            if tail.told is not None:
                self._told(ref, tail.told)
                await self._tell_wait(ref, tail.told)
        self._waits = {ref: one for ref, one in self._waits.items() if ref in tails}
        return tails

    async def _tell_wait(self, ref: Ref, told: Told) -> None:
        """Let a limit hold for everybody that one runner says it waits for."""
        found = limit_met(told, self._waits.get(ref))
        if found is not None and told.wait is not None:
            self._waits[ref] = told.wait
            await self._submit(Detected(task=ref.task, attempt=ref.attempt, detection=found))

    async def _asked(self, usage: Mapping[Ref, Usage]) -> dict[Ref, Said]:
        """Return what the runners say that can be asked, a few at a time."""
        answers: dict[Ref, Said] = {}
        question = self._ask
        if question is None:
            return answers
        doors = asyncio.Semaphore(_ASKED_AT_ONCE)

        async def ask(ref: Ref, pids: Sequence[int]) -> None:
            async with doors:
                said = await question(ref, pids)
            if said is not None:
                answers[ref] = said
                if said.done is not None and said.total is not None:
                    self._progress(ref, said.done, said.total)

        async with asyncio.TaskGroup() as group:
            for ref, used in usage.items():
                group.create_task(ask(ref, used.pids), name=f"ask {ref.task}")
        return answers

    async def _judge(self, ref: Ref, look: Look, said: Said | None, *, shaken: bool) -> None:
        known, patience = self._watched.get(ref), self._patience(ref)
        signs = looked(None if known is None else known.signs, look)
        if shaken or patience is None:
            # What stood still with the clock, or by order, was no silence.
            signs = rebased(signs, look.at)
        one = self._watched[ref] = _Watched(signs, known is not None and known.quiet)
        still = None if patience is None else silence(signs, patience.signals)
        quiet = (
            patience is not None and still is not None and look.at - still.since >= patience.quiet_s
        )
        if quiet == one.quiet:
            return
        one.quiet = quiet
        await self._submit(
            ActivityChanged(
                task=ref.task,
                attempt=ref.attempt,
                quiet_since=still.since if still is not None and quiet else None,
                signals=still.signals if still is not None and quiet else (),
                said=said.words if quiet and said is not None else "",
            )
        )


def _look(now: float, tail: Tail, used: Usage | None, said: Said | None) -> Look:
    return Look(
        at=now,
        heard_at=tail.heard_at,
        counter=tail.counter,
        work=tail.saying.marks if said is None else said.work,
        retries=0 if said is None else said.retries,
        cpu_s=None if used is None else used.cpu_s,
        pids=None if used is None else frozenset(used.pids),
    )
