"""Orders to containers that run: stop, freeze, thaw. Each may be repeated, and outlasts an outage."""

import asyncio
from collections.abc import Callable

from supervisor.adapters.docker.attempt import Attempt
from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.reach import Reach
from supervisor.ports import DaemonRefusedError, DaemonUnreachableError, Report, Unknown

_ANSWER_S = 20.0


class Ordering:
    """Gives orders; ``unkillable_s`` is how long a container may live on after KILL."""

    def __init__(
        self,
        docker: Docker,
        reach: Reach,
        tell: Callable[[Report], None],
        *,
        unkillable_s: float,
    ) -> None:
        self._docker = docker
        self._reach = reach
        self._tell = tell
        self._unkillable_s = unkillable_s

    async def stop(self, attempt: Attempt, grace_s: float) -> None:
        """TERM, then after ``grace_s`` KILL; return once it is gone, or proved unkillable."""
        attempt.stopping = True
        attempt.poke.set()
        await attempt.known.wait()
        await self.thaw(attempt)  # what is frozen hears no TERM
        await self._order(attempt, "kill", {"signal": "SIGTERM"})
        if await self._is_gone(attempt, grace_s):
            return
        await self._order(attempt, "kill", {"signal": "SIGKILL"})
        if not await self._is_gone(attempt, self._unkillable_s):
            self._tell(Unknown(ref=attempt.ref, reason="its container survives SIGKILL"))

    async def freeze(self, attempt: Attempt) -> None:
        """Stop every process of the container in mid-run."""
        await attempt.known.wait()
        await self._order(attempt, "pause", {})

    async def thaw(self, attempt: Attempt) -> None:
        """Let a frozen container run on."""
        await attempt.known.wait()
        await self._order(attempt, "unpause", {})

    async def _order(self, attempt: Attempt, verb: str, params: dict[str, str]) -> None:
        """Give one order, if need be when the engine answers again."""
        while not attempt.gone.is_set():
            try:
                await self._docker.post(
                    f"containers/{attempt.container}/{verb}", params, limit_s=_ANSWER_S
                )
            except DaemonUnreachableError as error:
                self._reach.lost(str(error))
                await self._reach.back()
            except DaemonRefusedError:
                return  # it is so already, or over: the container itself will tell
            else:
                return

    async def _is_gone(self, attempt: Attempt, within_s: float) -> bool:
        try:
            async with asyncio.timeout(within_s):
                await attempt.gone.wait()
        except TimeoutError:
            return False
        return True
