"""Runs attempts as processes of this machine that outlive the engine."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from supervisor.adapters.clock import wall_now
from supervisor.adapters.local import stop
from supervisor.adapters.local.adopt import Judgement, judge, leaves_leftovers
from supervisor.adapters.local.filesystem import allocates_at_once
from supervisor.adapters.local.inherit import Inherited, inherit
from supervisor.adapters.local.life import Life
from supervisor.adapters.local.members import Found, Target, look
from supervisor.adapters.local.procfs import waited_s
from supervisor.adapters.local.roster import Roster
from supervisor.adapters.local.spawn import Outcome, Spawner, Taken
from supervisor.adapters.local.stopping import Stopping
from supervisor.core.places import attempt_dir
from supervisor.ports import Ref, Report, Traits, Try, Usage

_Result = TypeVar("_Result")
_Launch = tuple[list[Outcome], dict[str, Judgement]]

_MOST_WAITS = 200
"""Processes of an attempt that are asked how long they waited for a core: each costs 10 µs."""
_AT_ONCE = 16
"""Attempts started before the loop hears of them; more would keep news waiting."""


class LocalBackend:
    """The attempts of one batch as local processes, each in its own session under a shim.

    ``leftovers_grace_s`` is how long processes that outlive their command get after TERM;
    ``record_s`` how long a shim may take to record the end once its command was killed;
    ``unkillable_s`` how long processes may survive KILL before they are called unkillable.
    """

    def __init__(
        self,
        state_dir: str | Path,
        uuid: str,
        *,
        now: Callable[[], float] = wall_now,
        inherited: Inherited | None = None,
        shell: tuple[str, ...] = ("/bin/sh",),
        leftovers_grace_s: float = 5.0,
        record_s: float = 2.0,
        unkillable_s: float = 10.0,
    ) -> None:
        state_dir = str(state_dir)
        self._state_dir = state_dir
        self._uuid = uuid
        self._now = now
        self._closed = False
        self._inherited = inherited or inherit()
        self._spawner = Spawner(
            state_dir=state_dir,
            uuid=uuid,
            inherited=self._inherited,
            shell=shell,
            flush=not allocates_at_once(state_dir),
        )
        self._roster = Roster(state_dir)
        self._leftovers_grace_s = leftovers_grace_s
        self._record_s = record_s
        self._unkillable_s = unkillable_s
        # Unbounded, but an attempt puts in only its beginning, its end, and rare doubts.
        self._news: asyncio.Queue[Report | BaseException] = asyncio.Queue()
        # Its own threads: a slow disk under a launch must not keep the journal waiting.
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="overnight-local")

    @property
    def traits(self) -> Traits:
        """What this backend can do."""
        return Traits(name="local", freezes=True, survives_engine=True)

    def directory(self, ref: Ref) -> Path:
        """Where the attempt's files lie."""
        return Path(attempt_dir(self._state_dir, ref.task, ref.attempt))

    async def submit(self, tries: Sequence[Try]) -> None:
        """Launch what nobody has launched yet."""
        new = [
            each
            for each in tries
            if self._roster.enter(each.ref, leave_leftovers=each.leave_leftovers)
        ]
        for first in range(0, len(new), _AT_ONCE):
            some = new[first : first + _AT_ONCE]
            launch = self._in_thread(partial(self._launch, some))
            # What was started is taken note of even if the caller does not wait for it.
            launch.add_done_callback(self._launched)
            await asyncio.shield(launch)

    async def adopt(self, refs: Sequence[Ref]) -> None:
        """Take over attempts of an earlier engine."""
        attempts = [attempt for ref in refs if (attempt := self._roster.enter(ref))]
        judging = self._in_thread(
            lambda: [(leaves_leftovers(each.directory), judge(each.directory)) for each in attempts]
        )
        for attempt, (leaves, judgement) in zip(attempts, await judging, strict=True):
            attempt.leave_leftovers = leaves
            self._life.judged(attempt, judgement)

    async def reports(self) -> AsyncGenerator[Report, None]:
        """Yield news of all attempts as they happen."""
        while True:
            news = await self._news.get()
            if isinstance(news, BaseException):
                raise news
            yield news

    async def stop(self, refs: Sequence[Ref], grace_s: float) -> None:
        """End attempts: TERM, then after ``grace_s`` KILL, every process of each."""
        attempts = self._roster.running(refs)
        for attempt in attempts:
            attempt.stopping = True
        for attempt in attempts:
            await attempt.known.wait()
        await self._stopping.stop(attempts, grace_s)

    async def freeze(self, refs: Sequence[Ref]) -> None:
        """Stop every process of these attempts in mid-run."""
        targets = await self._targets(refs)
        found = await self._in_thread(lambda: stop.freeze(self._looking(targets, thorough=True)))
        self._roster.remember(found)

    async def thaw(self, refs: Sequence[Ref]) -> None:
        """Let frozen attempts run on."""
        targets = await self._targets(refs)
        look_now = self._looking(targets, thorough=True)
        await self._in_thread(lambda: stop.thaw(look_now()))

    async def usage(self, refs: Sequence[Ref]) -> Mapping[Ref, Usage]:
        """What each still running attempt uses; also notes who belongs to it."""
        targets = await self._targets(refs)
        found = await self._in_thread(self._looking(targets, thorough=False))
        self._roster.remember(found)
        self._life.sweep()
        return {
            ref: Usage(
                cpu_s=sum(each.cpu_s for each in members),
                rss_bytes=sum(each.rss_bytes for each in members),
                processes=len(members),
                pids=tuple(each.ident.pid for each in members),
                waited_s=sum(waited_s(each.ident.pid) for each in members[:_MOST_WAITS]),
            )
            for ref, members in found.items()
            if members
        }

    def forget(self, refs: Sequence[Ref]) -> None:
        """Drop what is kept in memory about ended attempts."""
        self._roster.forget(refs)

    async def finish(self) -> None:
        """Return at once: ends are told when nothing is left of an attempt."""

    def close(self) -> None:
        """Watch no longer; the attempts live on and can be adopted."""
        self._closed = True
        if "_life" in self.__dict__:
            self._life.close()
        self._threads.shutdown(wait=False)

    @cached_property
    def _life(self) -> Life:
        # Made at the first use, because it needs the loop it will live in.
        return Life(
            self._roster,
            uuid=self._uuid,
            loop=asyncio.get_running_loop(),
            now=self._now,
            in_thread=self._in_thread,
            tell=self._news.put_nowait,
            launching=self._spawner.launching,
            leftovers_grace_s=self._leftovers_grace_s,
            unkillable_s=self._unkillable_s,
            adopts_orphans=self._inherited.adopts_orphans,
        )

    @cached_property
    def _stopping(self) -> Stopping:
        return Stopping(
            uuid=self._uuid,
            roster=self._roster,
            in_thread=self._in_thread,
            hurry=self._life.hurry,
            tell=self._news.put_nowait,
            record_s=self._record_s,
            unkillable_s=self._unkillable_s,
        )

    def _in_thread(self, work: Callable[[], _Result], /) -> "asyncio.Future[_Result]":
        return asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _launch(self, tries: Sequence[Try]) -> _Launch:
        outcomes = list(self._spawner.spawn(tries))
        taken = [self.directory(each.ref) for each in outcomes if isinstance(each, Taken)]
        return outcomes, {str(directory): judge(str(directory)) for directory in taken}

    def _launched(self, launch: "asyncio.Future[_Launch]") -> None:
        if self._closed:
            return  # what was launched will be adopted
        try:
            self._life.launched(*launch.result())
        except Exception as error:  # noqa: BLE001 - the loop would only log it; the reader must know
            self._news.put_nowait(error)

    async def _targets(self, refs: Sequence[Ref]) -> list[Target]:
        attempts = self._roster.running(refs)
        for attempt in attempts:
            await attempt.known.wait()
        return [each.target() for each in attempts if not each.gone.is_set()]

    def _looking(self, targets: Sequence[Target], *, thorough: bool) -> Callable[[], Found]:
        return lambda: look(targets, uuid=self._uuid, thorough=thorough)
