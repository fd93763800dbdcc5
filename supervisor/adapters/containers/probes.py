"""Reads signs of life: out of the kernel where a container is in its reach, else by its engine."""

from collections.abc import Callable
from dataclasses import replace

from supervisor.adapters.containers import remote, signs
from supervisor.adapters.containers.gauges import Gauges
from supervisor.adapters.containers.inside import HiddenError
from supervisor.adapters.docker.client import Docker
from supervisor.core.containers import Container, Sentinels, Signals, Traces


class Probes:
    """What was learnt of each container while it was asked stays until ``forget``."""

    def __init__(self, docker: Docker, now: Callable[[], float]) -> None:
        self._docker = docker
        self._now = now
        self._hidden: set[str] = set()
        """Their files must be asked for."""
        self._items: dict[str, tuple[str, ...]] = {}

    async def signals(
        self, container: Container, gauges: Gauges | None, wanted: Sentinels
    ) -> Signals:
        """Return the signs of a container that runs. ``gauges`` None: it is not to be read here.

        Raises:
            DaemonUnreachableError: its engine was needed and did not answer.
        """
        if gauges is None or container.pid is None:
            used = await remote.usage(self._docker, container.id, self._now())
            alive = await remote.life(self._docker, container, used.pids if used else None)
            found = await self._files(container, None, wanted)
            return signs.together(self._now(), alive, found, None)
        alive = signs.life(container, gauges.members())
        found = await self._files(container, container.pid, wanted)
        open_ = None if container.host_network else signs.connections(container.pid)
        return signs.together(self._now(), alive, found, open_)

    def forget(self, id_: str) -> None:
        """Know nothing of a container any more: it ended, or began anew."""
        self._hidden.discard(id_)
        self._items.pop(id_, None)

    async def _files(self, container: Container, pid: int | None, wanted: Sentinels) -> Traces:
        """Return what its files tell; what it works on never changes and is read once."""
        items = self._items.get(container.id, ())
        if items:
            wanted = replace(wanted, id_file=None)
        found = await self._read_files(container, pid, wanted)
        if found.items:
            self._items[container.id] = found.items
        return replace(found, items=found.items or items)

    async def _read_files(self, container: Container, pid: int | None, wanted: Sentinels) -> Traces:
        if pid is not None and container.id not in self._hidden:
            try:
                return signs.files(pid, wanted)
            except HiddenError:
                self._hidden.add(container.id)
        return await remote.files(self._docker, container, wanted)
