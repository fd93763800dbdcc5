"""What looks at containers and ends them, whoever made them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from supervisor.core.containers import Container, ContainerUsage, Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class Daemon:
    """The container engine that answered."""

    endpoint: str
    """Where, in words: ``unix:///run/docker.sock``."""
    version: str = ""
    cores: int | None = None
    """Of its machine."""
    local: bool = False
    """Its containers' processes are of this machine."""
    cpu_s: float | None = None
    """Used by the engine itself so far; None: cannot be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Every container of the machine at one moment, created and exited ones too."""

    at: float
    daemon: Daemon
    containers: tuple[Container, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What became of one container that was to be ended."""

    id: str
    name: str
    how: str
    """``stopped``, ``killed``, ``removed``, ``gone`` (it was already), or ``unkillable``."""
    kept: tuple[Path, ...] = ()
    """Files that were saved out of it first."""
    trouble: str = ""
    """What did not work, in one line."""

    @property
    def ok(self) -> bool:
        """Whether it is out of the way."""
        return self.how != "unkillable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftovers:
    """What a batch left with the daemon, by the labels alone."""

    containers: tuple[Container, ...] = ()
    networks: tuple[tuple[str, str], ...] = ()
    """Id and name."""
    volumes: tuple[str, ...] = ()
    """Anonymous ones of those containers, and labelled ones."""


class Containers(Protocol):
    """The containers of one machine.

    Every method that asks the daemon raises ``DaemonUnreachableError`` when it does not answer in
    time: that says nothing about any container.
    """

    async def look(self) -> Seen:
        """Return every container there is."""
        ...

    async def usage(self, ids: Sequence[str]) -> Mapping[str, ContainerUsage]:
        """Return what each running one of the last look uses; those that are gone are left out.

        Asks the kernel where it can be read here, and then not the daemon.
        """
        ...

    async def signals(self, ids: Sequence[str]) -> Mapping[str, Signals]:
        """Return the other signs of life of each running one of the last look."""
        ...

    async def end(self, ids: Sequence[str], keep: Path) -> Sequence[Ended]:
        """End and remove containers, each in time; what explains them is saved under ``keep``."""
        ...

    async def leftovers(self, uuid: str) -> Leftovers:
        """Return what the batch ``uuid`` left."""
        ...

    async def remove(self, leftovers: Leftovers) -> Sequence[str]:
        """Remove them; return what could not be, a line each."""
        ...

    async def close(self) -> None:
        """Let go of connections and descriptors."""
        ...
