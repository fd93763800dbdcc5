"""The way of one container task, from its making to its end, over every death on the way."""

import asyncio
import errno
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from supervisor.adapters.docker.attempt import Attempt
from supervisor.adapters.docker.copying import Copying
from supervisor.adapters.docker.facts import Facts, end_of, refusal
from supervisor.adapters.docker.images import ImageError
from supervisor.adapters.docker.making import ForeignContainerError, Maker
from supervisor.adapters.docker.reach import Reach
from supervisor.adapters.docker.records import Claim, read_claim, read_end, write_end
from supervisor.adapters.local.environment import EnvFileError
from supervisor.core.models import ErrorClass
from supervisor.ports import (
    Alive,
    DaemonRefusedError,
    DaemonUnreachableError,
    Gone,
    Report,
    Try,
    Unknown,
)

log = logging.getLogger(__name__)

_LOOK_S = 30.0
"""A running container is looked at so often even if nothing is heard of it."""
_AWAY_S = 15.0
"""An engine that shuts down ends its containers within about this time."""
_AGAIN_S = 5.0
_TERM = 143
_FULL = {errno.ENOSPC, errno.EDQUOT}


class Life:
    """Leads attempts through. Whatever it is in the middle of may be cut off: it looks, then goes on."""

    def __init__(
        self,
        *,
        maker: Maker,
        reach: Reach,
        copying: Copying,
        tell: Callable[[Report], None],
        now: Callable[[], float],
        at_once: int,
        local: Callable[[], bool],
    ) -> None:
        self._maker = maker
        self._reach = reach
        self._copying = copying
        self._tell = tell
        self._now = now
        self._doors = asyncio.Semaphore(at_once)
        self._local = local

    async def run(self, attempt: Attempt) -> None:
        """Lead the attempt to its end and tell it."""
        while not attempt.gone.is_set():
            try:
                await self._reach.check()
                end = await self._ended(attempt)
                await asyncio.to_thread(_note_end, attempt.directory, end)
            except DaemonUnreachableError as error:
                self._reach.lost(str(error))
                self._doubt(attempt, self._reach.reason or str(error))
                await self._reach.back()
            except DaemonRefusedError as error:
                # It answers, but not this question; that says nothing about the container.
                self._doubt(attempt, str(error))
                await asyncio.sleep(_AGAIN_S)
            except OSError as error:
                log.warning("records cannot be written", exc_info=error)
                self._doubt(attempt, f"{attempt.directory}: {error.strerror}")
                await asyncio.sleep(_AGAIN_S)
            else:
                self._conclude(attempt, end)

    def _doubt(self, attempt: Attempt, reason: str) -> None:
        """Say once that nobody knows."""
        attempt.announced = False
        if attempt.doubt != reason:
            attempt.doubt = reason
            self._tell(Unknown(ref=attempt.ref, reason=reason))

    async def _ended(self, attempt: Attempt) -> Gone:
        """Return how the attempt ended, once it has."""
        known = await asyncio.to_thread(read_end, attempt.directory, attempt.ref)
        while known is None:
            attempt.poke.clear()
            try:
                facts = await self._maker.find(attempt)
            except ForeignContainerError as error:
                return self._gone(attempt, ErrorClass.BROKEN, str(error))
            if facts is None:
                known = await self._without_container(attempt)
            elif facts.never_ran:
                known = await self._unstarted(attempt, facts)
            elif facts.ended:
                known = await self._over(attempt, facts)
            else:
                await self._alive(attempt, facts)
        return known

    async def _without_container(self, attempt: Attempt) -> Gone | None:
        claim = await asyncio.to_thread(read_claim, attempt.directory)
        if claim is not None and claim.state == "start":
            cause = "its container is gone: somebody else removed it"
            return self._gone(attempt, ErrorClass.LOST, cause)
        if attempt.plan is None or claim == Claim("buried"):
            await self._maker.bury(attempt)
            cause = "the engine died before its container was made"
            return self._gone(attempt, ErrorClass.LOST, cause)
        if attempt.stopping:
            return await self._never(attempt)
        return await self._make(attempt, attempt.plan)

    async def _make(self, attempt: Attempt, plan: Try) -> Gone | None:
        try:
            _prepare(attempt.directory, plan)
            # Not behind the doors: a long pull of one image must not keep others from starting.
            body = await self._maker.prepare(attempt, plan)
            async with self._doors:
                await self._maker.create(attempt, body)
        except (EnvFileError, NotADirectoryError) as error:
            return self._gone(attempt, ErrorClass.BROKEN, str(error))
        except ImageError as error:
            return await self._sure(attempt, self._gone(attempt, error.error_class, str(error)))
        except DaemonRefusedError as error:
            return await self._sure(attempt, refusal(attempt.ref, error, self._now()))
        except DaemonUnreachableError:
            raise
        except OSError as error:
            full = error.errno in _FULL
            words = f"cannot prepare {attempt.directory}: {error.strerror}"
            return self._gone(attempt, ErrorClass.DISK_FULL if full else ErrorClass.BROKEN, words)
        return None

    async def _unstarted(self, attempt: Attempt, facts: Facts) -> Gone | None:
        if attempt.stopping:
            return await self._never(attempt)
        try:
            async with self._doors:
                attempt.began_here = True
                await self._maker.start(attempt, facts)
        except DaemonRefusedError as error:
            again = await self._maker.find(attempt)
            if again is None or not again.never_ran:
                return None
            end = await self._sure(attempt, refusal(attempt.ref, error, self._now()))
            if end is not None:
                await self._maker.bury(attempt)
                await asyncio.to_thread(_say, attempt.directory, error.words)
            return end
        return None

    async def _sure(self, attempt: Attempt, end: Gone) -> Gone | None:
        """Return the end if it is believed; None: try once more.

        An engine that is shutting down refuses what nothing is wrong with, in words like any others.
        """
        if end.preset is not ErrorClass.BROKEN or attempt.refused == end.cause:
            return end
        attempt.refused = end.cause
        log.info("refused; tried once more", extra={"task": attempt.ref.task, "why": end.cause})
        await asyncio.sleep(self._maker.settle_s)
        return None

    async def _never(self, attempt: Attempt) -> Gone | None:
        """It was stopped before it began: now it never does."""
        await self._maker.bury(attempt)
        again = await self._maker.find(attempt)
        if again is not None:
            return None  # it had begun after all
        return Gone(
            ref=attempt.ref, code=_TERM, ended_at=self._now(), cause="stopped before it began"
        )

    async def _alive(self, attempt: Attempt, facts: Facts) -> None:
        """Say that it lives, and wait until there is something new about it.

        Raises:
            DaemonUnreachableError: the engine stopped answering meanwhile.
        """
        await self._maker.seen_running(attempt)
        self._announce(attempt, facts)
        self._copying.follow(attempt)
        try:
            async with asyncio.timeout(_LOOK_S):
                await attempt.poke.wait()
        except TimeoutError:
            pass
        if self._reach.reason is not None:
            raise DaemonUnreachableError(self._reach.reason)

    async def _over(self, attempt: Attempt, facts: Facts) -> Gone:
        claim = await asyncio.to_thread(read_claim, attempt.directory)
        if attempt.began_here:
            self._announce(attempt, facts)
        await self._copying.finish(attempt)
        began_in = claim.daemon if claim else ""
        restarted = not attempt.stopping and (
            (began_in != self._reach.daemon and bool(began_in and self._reach.daemon))
            or self._reach.was_away(facts.finished_at, _AWAY_S)
        )
        return end_of(attempt.ref, facts, restarted=restarted, now=self._now())

    def _announce(self, attempt: Attempt, facts: Facts) -> None:
        attempt.doubt = ""
        attempt.known.set()
        if not attempt.announced:
            attempt.announced = True
            pid = facts.pid if self._local() else None
            self._tell(Alive(ref=attempt.ref, pid=pid, started_at=facts.started_at))

    def _gone(self, attempt: Attempt, preset: ErrorClass, cause: str) -> Gone:
        return Gone(ref=attempt.ref, code=None, ended_at=self._now(), preset=preset, cause=cause)

    def _conclude(self, attempt: Attempt, end: Gone) -> None:
        if end.preset is ErrorClass.LOST:
            end = replace(end, ended_at=self._now())
        attempt.known.set()
        attempt.gone.set()
        self._tell(end)


def _prepare(directory: Path, plan: Try) -> None:
    """Make the attempt's directory and its empty logs.

    Raises:
        NotADirectoryError: the task's ``cwd`` is none.
        OSError: they cannot be made.
    """
    if not Path(plan.cwd).is_dir():
        raise NotADirectoryError(f"cwd {plan.cwd}: no directory")
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("stdout.log", "stderr.log"):
        (directory / name).touch(mode=0o600)


def _note_end(directory: Path, end: Gone) -> None:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_end(directory, end)


def _say(directory: Path, words: str) -> None:
    """Put what kept the command from starting where a shell would have said it."""
    with (directory / "stderr.log").open("a", encoding="utf-8", errors="replace") as file:
        file.write(f"{words}\n")
