"""Containers of a machine that exists in memory only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from supervisor.core.containers import Container, ContainerUsage, Sentinels, Signals
from supervisor.ports import Daemon, DaemonUnreachableError, Ended, Leftovers, Seen
from supervisor.ports.containers import Described, DockerDisk

ASLEEP = Signals(at=0.0, extra_processes=0, sleeper=True, connections=0)
AT_WORK = Signals(at=0.0, extra_processes=1, sleeper=True, connections=0)


@dataclass
class Made:
    """One container, and what it does."""

    container: Container
    cores: float = 0.0
    signals: Signals = ASLEEP


@dataclass
class FakeContainers:
    """Implements ``ports.Containers``; a test puts in what there is. ``silent``: no answer."""

    made: dict[str, Made] = field(default_factory=dict[str, Made])
    at: float = 0.0
    silent: str = ""
    mute: bool = False
    """It does not answer about signs of life."""
    closed: bool = False
    asked: list[dict[str, Sentinels]] = field(default_factory=list[dict[str, Sentinels]])
    """The containers of each question for signals."""
    daemon: Daemon = field(default_factory=lambda: Daemon(endpoint="here", cores=8, local=True))
    ended: list[str] = field(default_factory=list[str])
    stubborn: set[str] = field(default_factory=set[str])
    """Ids that nothing ends."""
    kept_at: dict[str, Path] = field(default_factory=dict[str, Path])
    """Where what explains each was saved."""
    files: list[str] = field(default_factory=list[str])
    """The files inside of containers that were asked for."""
    networks: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()
    """What cannot be removed."""
    free: int | None = None
    """Bytes on the engine's disk."""

    def add(self, name: str, *, cores: float = 0.0, **more: object) -> str:
        """Put in a running container; return its id."""
        id_ = f"{len(self.made):064x}"
        facts: dict[str, object] = {
            "id": id_,
            "name": name,
            "image": "lab:1",
            "created_at": self.at,
            "status": "running",
            "pid": 100 + len(self.made),
        }
        container = Container(**(facts | more))  # type: ignore[arg-type]
        self.made[id_] = Made(container=container, cores=cores)
        return id_

    async def look(self) -> Seen:
        """See ``ports.Containers``."""
        self._answer()
        every = tuple(one.container for one in self.made.values())
        return Seen(at=self.at, daemon=self.daemon, containers=every)

    async def usage(self, ids: Sequence[str]) -> Mapping[str, ContainerUsage]:
        """See ``ports.Containers``: counters as the kernel keeps them, whatever the engine does."""
        return {
            id_: ContainerUsage(at=self.at, cpu_s=self.at * one.cores, mem_bytes=1 << 20, pids=1)
            for id_ in ids
            if (one := self.made.get(id_)) is not None and one.container.running
        }

    async def signals(self, wanted: Mapping[str, Sentinels]) -> Mapping[str, Signals]:
        """See ``ports.Containers``."""
        self.asked.append(dict(wanted))
        if self.mute:
            raise DaemonUnreachableError("no answer")
        return {
            id_: replace(self.made[id_].signals, at=self.at) for id_ in wanted if id_ in self.made
        }

    async def end(
        self,
        ids: Sequence[str],
        keep: Path,
        files: Sequence[str] = (),
    ) -> Sequence[Ended]:
        """See ``ports.Containers``."""
        await self.save(ids, keep, files)
        self.ended += ids
        ends: list[Ended] = []
        for id_ in ids:
            name = self.made[id_].container.name if id_ in self.made else id_[:12]
            if id_ in self.stubborn:
                ends.append(Ended(id=id_, name=name, how="unkillable", trouble="stop: no answer"))
            elif self.made.pop(id_, None) is None:
                ends.append(Ended(id=id_, name=name, how="gone"))
            else:
                kept = (keep / name / "error.log",)
                ends.append(Ended(id=id_, name=name, how="removed", kept=kept))
        return ends

    async def save(self, ids: Sequence[str], keep: Path, files: Sequence[str] = ()) -> None:
        """See ``ports.Containers``."""
        self._answer()
        self.kept_at |= dict.fromkeys(ids, keep)
        self.files += files

    async def describe(self, id_: str, lines: int, files: Sequence[str] = ()) -> Described:
        """See ``ports.Containers``."""
        self._answer()
        self.files += files
        return Described(inspection=self.made[id_].container.name, output="")

    async def leftovers(self, uuid: str, containers: Sequence[Container]) -> Leftovers:
        """See ``ports.Containers``."""
        self._answer()
        return Leftovers(containers=tuple(containers), networks=self.networks)

    async def remove(self, leftovers: Leftovers, keep: Path) -> Sequence[str]:
        """See ``ports.Containers``."""
        await self.end([one.id for one in leftovers.containers], keep)
        return self.problems

    async def disk(self) -> DockerDisk:
        """See ``ports.Containers``."""
        self._answer()
        return DockerDisk(root="/var/lib/docker", free_bytes=None)

    async def free_bytes(self) -> int | None:
        """See ``ports.Containers``."""
        self._answer()
        return self.free

    async def close(self) -> None:
        """See ``ports.Containers``."""
        self.closed = True

    def _answer(self) -> None:
        if self.silent:
            raise DaemonUnreachableError(self.silent)
