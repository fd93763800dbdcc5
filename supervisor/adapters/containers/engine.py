"""Knows the container engine that is asked: who it is, and what it uses where it is here."""

import asyncio

from supervisor.adapters.containers import daemon
from supervisor.adapters.docker.client import Docker
from supervisor.ports import Daemon


class Engine:
    """Asks who the engine is once, and anew when it was started anew."""

    def __init__(self, docker: Docker) -> None:
        self._docker = docker
        self._known: Daemon | None = None
        self._pid: int | None = None

    async def look(self) -> Daemon:
        """Return what is known of it now.

        Raises:
            DaemonUnreachableError: it did not answer.
        """
        known = self._known or await self._ask()
        if self._pid is None:
            return known
        cpu_s = daemon.cpu_s_of(self._pid)
        if cpu_s is None:
            self._known = self._pid = None  # it was started anew
        return Daemon(
            endpoint=known.endpoint,
            version=known.version,
            cores=known.cores,
            local=True,
            cpu_s=cpu_s,
            host_cpu_s=daemon.host_cpu_s(),
        )

    async def _ask(self) -> Daemon:
        place = self._docker.place
        info = await self._docker.get("info")
        if place.socket is not None:
            self._pid = await asyncio.to_thread(daemon.daemon_pid, place.socket)
        self._known = Daemon(
            endpoint=str(place),
            version=str(info.get("ServerVersion", "")),
            cores=int(info.get("NCPU") or 0) or None,
            local=self._pid is not None,
        )
        return self._known
