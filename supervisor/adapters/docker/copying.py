"""Keeps the log files of attempts in step with what their containers write."""

import asyncio
import logging
import time

from supervisor.adapters.docker.attempt import Attempt
from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.logs import LogCopy
from supervisor.adapters.docker.reach import Reach
from supervisor.adapters.docker.records import read_logs, write_logs
from supervisor.adapters.works import Works
from supervisor.core.models import Stream
from supervisor.ports import DaemonRefusedError, DaemonUnreachableError

log = logging.getLogger(__name__)

_STREAMS: tuple[Stream, ...] = ("stdout", "stderr")
_AGAIN_S = 0.5
_FULL_AGAIN_S = 5.0
_NOTE_S = 1.0


class Copying:
    """Follows both streams of each running container, and copies the rest when it is over."""

    def __init__(self, docker: Docker, reach: Reach, works: Works) -> None:
        self._docker = docker
        self._reach = reach
        self._works = works
        self._copies: dict[Attempt, dict[Stream, LogCopy]] = {}
        self._noted: dict[Attempt, float] = {}

    def follow(self, attempt: Attempt) -> None:
        """Copy what the container writes from now on, and wrote before."""
        for stream, copy in self._of(attempt).items():
            self._works.start(("log", attempt.ref, stream), self._follow(attempt, copy))

    async def finish(self, attempt: Attempt) -> None:
        """Copy what is missing of a container that is over.

        Raises:
            DaemonUnreachableError: the engine does not answer; call again.
        """
        await self._works.end(*(("log", attempt.ref, stream) for stream in _STREAMS))
        for copy in self._of(attempt).values():
            await self._rest(attempt, copy)
        self._note(attempt)
        self._copies.pop(attempt, None)
        self._noted.pop(attempt, None)

    def _of(self, attempt: Attempt) -> dict[Stream, LogCopy]:
        if attempt not in self._copies:
            positions = read_logs(attempt.directory)
            self._copies[attempt] = {
                stream: LogCopy(
                    self._docker,
                    attempt.directory / f"{stream}.log",
                    stream,
                    positions.get(stream, ("0.000000000", 0)),
                    lambda: self._note_soon(attempt),
                )
                for stream in _STREAMS
            }
        return self._copies[attempt]

    async def _follow(self, attempt: Attempt, copy: LogCopy) -> None:
        while True:
            pause_s = _AGAIN_S
            try:
                await copy.copy(attempt.container, follow=True)
            except DaemonUnreachableError:
                await self._reach.back()
            except DaemonRefusedError as error:
                log.info(
                    "log cannot be followed", extra={"task": attempt.ref.task, "why": str(error)}
                )
                pause_s = _FULL_AGAIN_S
            except OSError as error:
                log.warning("log cannot be written", exc_info=error)
                pause_s = _FULL_AGAIN_S
            # Its end may be the container's end. Whether it is, only the container can tell.
            attempt.poke.set()
            await asyncio.sleep(pause_s)

    async def _rest(self, attempt: Attempt, copy: LogCopy) -> None:
        while True:
            try:
                await copy.copy(attempt.container, follow=False)
            except DaemonRefusedError as error:
                # Removed by somebody: what was copied so far is all there is.
                why = {"task": attempt.ref.task, "why": str(error)}
                log.warning("log is incomplete", extra=why)
                return
            except OSError as error:
                log.warning("log cannot be written", exc_info=error)
                await asyncio.sleep(_FULL_AGAIN_S)
            else:
                return

    def _note_soon(self, attempt: Attempt) -> None:
        if time.monotonic() - self._noted.get(attempt, 0.0) >= _NOTE_S:
            self._note(attempt)

    def _note(self, attempt: Attempt) -> None:
        self._noted[attempt] = time.monotonic()
        positions: dict[str, tuple[str, int]] = {
            stream: copy.position for stream, copy in self._of(attempt).items()
        }
        try:
            write_logs(attempt.directory, positions)
        except OSError as error:
            # Only more will be read again.
            log.warning("log position cannot be noted", exc_info=error)
