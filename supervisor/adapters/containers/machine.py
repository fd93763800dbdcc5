"""The containers of one machine: listed by their engine, measured by the kernel where that is here."""

import asyncio
import resource
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from supervisor.adapters.clock import wall_now
from supervisor.adapters.containers import remote
from supervisor.adapters.containers.engine import Engine
from supervisor.adapters.containers.gauges import Gauges
from supervisor.adapters.containers.hierarchy import Hierarchies
from supervisor.adapters.containers.listing import inspected, listed
from supervisor.adapters.containers.probes import Probes
from supervisor.adapters.docker import ending, keeping
from supervisor.adapters.docker import leftovers as sweeping
from supervisor.adapters.docker.client import Docker
from supervisor.core.containers import Container, ContainerUsage, Sentinels, Signals
from supervisor.ports import DaemonRefusedError, Ended, Leftovers, Seen
from supervisor.ports.containers import Described, DockerDisk

_AT_ONCE = 16
"""Questions in flight: the engine answers them side by side, and must not drown in them."""
_T = TypeVar("_T")


class Machine:
    """Implements ``ports.Containers``; see there."""

    def __init__(
        self,
        docker: Docker,
        *,
        now: Callable[[], float] = wall_now,
        hierarchies: Hierarchies | None = None,
    ) -> None:
        self._docker = docker
        self._now = now
        self._hierarchies = hierarchies or Hierarchies()
        self._known: dict[str, Container] = {}
        self._gauges: dict[str, Gauges] = {}
        self._far: set[str] = set()
        """Running, but not to be read here."""
        self._probes = Probes(docker, now)
        self._doors = asyncio.Semaphore(_AT_ONCE)
        self._engine = Engine(docker)

    async def look(self) -> Seen:
        """Return every container there is; one question to the engine, and one for each new one."""
        entries = await self._docker.get("containers/json", {"all": True})
        at = self._now()
        found = {one.id: one for one in map(listed, entries)}
        self._forget(self._known.keys() - found.keys())
        fresh = [
            one
            for one in found.values()
            if one.running or one.status == "paused"
            if not self._is_known(one)
        ]
        await self._each(fresh, self._inspect)
        whole = tuple(
            known if (known := self._known.get(id_)) and known.status == one.status else one
            for id_, one in found.items()
        )
        for one in whole:
            if one.running or one.status == "paused":
                self._open(one)
            else:
                self._forget((one.id,))
        return Seen(at=at, daemon=await self._engine.look(), containers=whole)

    async def usage(self, ids: Sequence[str]) -> Mapping[str, ContainerUsage]:
        """See ``ports.Containers``."""
        at = self._now()
        found: dict[str, ContainerUsage] = {}
        for id_ in ids:
            gauges = self._gauges.get(id_)
            if gauges is None:
                continue
            used = gauges.read(at)
            if used is not None:
                found[id_] = used
            else:
                self._forget((id_,))  # it ended, or began anew: the next look tells which
        far = [id_ for id_ in ids if id_ in self._far] if self._far else []

        async def ask(id_: str) -> None:
            used = await remote.usage(self._docker, id_, self._now())
            if used is not None:
                found[id_] = used

        await self._each(far, ask)
        return found

    async def signals(self, wanted: Mapping[str, Sentinels]) -> Mapping[str, Signals]:
        """See ``ports.Containers``."""
        found: dict[str, Signals] = {}

        async def ask(id_: str) -> None:
            known = self._known.get(id_)
            if known is not None and known.pid is not None:
                gauges = self._gauges.get(id_)
                found[id_] = await self._probes.signals(known, gauges, wanted[id_])

        await self._each(list(wanted), ask)
        return found

    async def save(self, ids: Sequence[str], keep: Path, files: Sequence[str] = ()) -> None:
        """See ``ports.Containers``."""
        await ending.save_all(self._docker, ids, keep, files or keeping.ERROR_FILES)

    async def end(
        self, ids: Sequence[str], keep: Path, files: Sequence[str] = ()
    ) -> Sequence[Ended]:
        """See ``ports.Containers``."""
        return await ending.end(self._docker, ids, keep, files or keeping.ERROR_FILES)

    async def describe(self, id_: str, lines: int, files: Sequence[str] = ()) -> Described:
        """See ``ports.Containers``."""
        return await keeping.describe(self._docker, id_, lines, files)

    async def leftovers(self, uuid: str, containers: Sequence[Container]) -> Leftovers:
        """See ``ports.Containers``."""
        return await sweeping.leftovers(self._docker, uuid, containers)

    async def remove(self, leftovers: Leftovers, keep: Path) -> Sequence[str]:
        """See ``ports.Containers``."""
        return await sweeping.remove(self._docker, leftovers, keep)

    async def disk(self) -> DockerDisk:
        """See ``ports.Containers``."""
        return await sweeping.disk(self._docker)

    async def free_bytes(self) -> int | None:
        """See ``ports.Containers``."""
        return await sweeping.free_bytes(self._docker)

    async def close(self) -> None:
        """Let go of connections and descriptors."""
        self._forget(list(self._known))
        await self._docker.close()

    def _is_known(self, container: Container) -> bool:
        known = self._known.get(container.id)
        return known is not None and known.status == container.status

    async def _inspect(self, container: Container) -> None:
        with suppress(DaemonRefusedError):  # gone since it was listed
            said = await self._docker.get(f"containers/{container.id}/json")
            self._known[container.id] = inspected(container, said)

    def _open(self, container: Container) -> None:
        id_, pid = container.id, container.pid
        if pid is None or id_ in self._gauges or id_ in self._far:
            return
        # A pid is the engine's own: another machine behind a socket of this one has others.
        places = self._hierarchies.places(pid, of=id_)
        net = None if container.host_network else f"/proc/{pid}/net/dev"
        gauges = Gauges(places, net, turn=len(self._gauges))
        if gauges.readable and len(self._gauges) < _most_gauges():
            self._gauges[id_] = gauges
        else:
            gauges.close()
            self._far.add(id_)

    def _forget(self, ids: Iterable[str]) -> None:
        for id_ in tuple(ids):
            self._known.pop(id_, None)
            self._far.discard(id_)
            self._probes.forget(id_)
            if (gauges := self._gauges.pop(id_, None)) is not None:
                gauges.close()

    async def _each(self, things: Sequence[_T], do: Callable[[_T], Awaitable[Any]]) -> None:
        """Do it for all of them, a few at a time; the first engine that does not answer ends it."""

        async def one(thing: _T) -> None:
            async with self._doors:
                await do(thing)

        try:
            async with asyncio.TaskGroup() as group:
                for thing in things:
                    group.create_task(one(thing), name="container")
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None


def _most_gauges() -> int:
    """Return for how many containers descriptors may stay open: half of what this process may have."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft // 2 // Gauges.MOST_FILES if soft != resource.RLIM_INFINITY else 1 << 20
