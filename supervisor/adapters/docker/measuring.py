"""What running container tasks use: out of the kernel's files where they are here, else asked for."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from supervisor.adapters.containers import remote
from supervisor.adapters.containers.gauges import Gauges
from supervisor.adapters.containers.hierarchy import Hierarchies
from supervisor.adapters.docker.attempt import Attempt
from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.facts import facts_of
from supervisor.core.containers import ContainerUsage
from supervisor.ports import DaemonRefusedError, DaemonUnreachableError, Ref, Usage


class Measuring:
    """Keeps the descriptors of each container's files open while it runs."""

    def __init__(self, docker: Docker, now: Callable[[], float]) -> None:
        self._docker = docker
        self._now = now
        self._hierarchies: Hierarchies | None = None
        self._gauges: dict[Attempt, Gauges | None] = {}

    async def usage(self, attempts: Sequence[Attempt]) -> Mapping[Ref, Usage]:
        """Return what each uses; those of which nothing can be learned are left out."""
        found: dict[Ref, Usage] = {}

        async def measure(attempt: Attempt) -> None:
            try:
                used = await self._of(attempt)
            except (DaemonUnreachableError, DaemonRefusedError):
                return
            if used is not None:
                found[attempt.ref] = Usage(
                    cpu_s=used.cpu_s,
                    rss_bytes=used.mem_bytes or 0,
                    processes=used.pids or 0,
                )

        async with asyncio.TaskGroup() as group:
            for attempt in attempts:
                group.create_task(measure(attempt), name=f"measure {attempt.name}")
        return found

    def forget(self, attempt: Attempt) -> None:
        """Let go of what is kept about one."""
        gauges = self._gauges.pop(attempt, None)
        if gauges is not None:
            gauges.close()

    def close(self) -> None:
        """Let go of everything."""
        for attempt in tuple(self._gauges):
            self.forget(attempt)

    async def _of(self, attempt: Attempt) -> ContainerUsage | None:
        if attempt not in self._gauges:
            self._gauges[attempt] = await self._opened(attempt)
        gauges = self._gauges[attempt]
        if gauges is None:
            return await remote.usage(self._docker, attempt.container, self._now())
        return gauges.read(self._now())

    async def _opened(self, attempt: Attempt) -> Gauges | None:
        facts = facts_of(await self._docker.get(f"containers/{attempt.container}/json"))
        if facts.pid is None:
            return None
        if self._hierarchies is None:
            self._hierarchies = Hierarchies()
        places = self._hierarchies.places(facts.pid, of=attempt.container)
        gauges = Gauges(places, None)
        if gauges.readable:
            return gauges
        gauges.close()
        return None
