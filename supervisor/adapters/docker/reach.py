"""Whether the container engine answers, and since when: asked all the time, told when it changes."""

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from supervisor.adapters.docker.client import Docker
from supervisor.adapters.local.procfs import boot_id, start_of
from supervisor.ports import DaemonRefusedError, DaemonUnreachableError

_PING_S = 10.0
_CONNECT_S = 1.0
_SOON_S = 0.25
_PID_FILE = Path("/run/docker.pid")
_KEPT = 100


class Reach:
    """One engine's answering. ``changed(reason)`` is called when it stops (why) and begins (None)."""

    def __init__(
        self,
        docker: Docker,
        *,
        now: Callable[[], float],
        changed: Callable[[str | None], None],
        every_s: float = 5.0,
        limit_s: float = _PING_S,
    ) -> None:
        self._docker = docker
        self._now = now
        self._changed = changed
        self._every_s = every_s
        self._limit_s = limit_s
        self._answers = asyncio.Event()
        self._gone = asyncio.Event()
        self._outages: list[tuple[float, float]] = []
        self.reason: str | None = None
        """Why it does not answer; None while it does, or nobody has asked yet."""
        self.daemon = ""
        """Tells one life of the engine from the next; empty where that cannot be seen."""

    async def run(self) -> None:
        """Ask again and again until cancelled."""
        pause_s = self._every_s
        while True:
            await self.look()
            # One that has just gone may be back at once; one that stays away is not hurried.
            pause_s = self._every_s if self.reason is None else min(self._every_s, pause_s * 2)
            self._gone.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._gone.wait()
                pause_s = _SOON_S
                await asyncio.sleep(pause_s)

    async def check(self) -> None:
        """Return if the engine answers, as far as is known; ask if nobody has yet.

        Raises:
            DaemonUnreachableError: it does not.
        """
        if self.reason is None and not self._answers.is_set():
            await self.look()
        if self.reason is not None:
            raise DaemonUnreachableError(self.reason)

    async def look(self) -> None:
        """Ask once."""
        try:
            await self._docker.get("_ping", limit_s=self._limit_s)
        except DaemonUnreachableError as error:
            self.lost(str(error))
        except DaemonRefusedError as error:
            self.lost(f"the container engine is not well: {error.words}")
        else:
            self._answered()

    def lost(self, reason: str) -> None:
        """Take in that a call found nobody."""
        self._answers.clear()
        if self.reason is None:
            self.reason = reason
            self._outages = [*self._outages[-_KEPT:], (self._now(), 0.0)]
            self._gone.set()
            self._changed(reason)

    async def back(self) -> None:
        """Return once the engine answers; at once if it does."""
        await self._answers.wait()

    def was_away(self, at: float, slack_s: float) -> bool:
        """Tell whether the engine did not answer at about that time."""
        return any(
            begin - slack_s <= at <= (end or self._now()) + slack_s for begin, end in self._outages
        )

    def _answered(self) -> None:
        self.daemon = _daemon(self._docker.place.socket)
        if self._answers.is_set():
            return
        if self.reason is not None:
            self._outages[-1] = (self._outages[-1][0], self._now())
        self.reason = None
        self._answers.set()
        self._changed(None)


def _daemon(path: str | None) -> str:
    """Return pid and start time of the process that listens on the socket."""
    if path is None:
        return ""
    with suppress(OSError, ValueError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(_CONNECT_S)
        line.connect(path)
        told = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        pid: int = struct.unpack("3i", told)[0]
        if pid == 1:  # systemd listens on its behalf
            pid = int(_PID_FILE.read_text(encoding="ascii"))
        return f"{boot_id()}:{pid}:{start_of(pid)}"
    return ""
