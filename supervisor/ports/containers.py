"""What looks at containers and ends them, whoever made them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from supervisor.core.containers import Container, ContainerUsage, Sentinels, Signals


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
    host_cpu_s: float | None = None
    """Used on its machine so far, by whomever; None: cannot be seen."""


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
    """What a batch left with the container engine."""

    containers: tuple[Container, ...] = ()
    networks: tuple[tuple[str, str], ...] = ()
    """Id and name."""
    volumes: tuple[str, ...] = ()
    """Labelled ones; what the containers have of their own, without a name, goes with them."""
    anonymous: int = 0
    """How many such volumes without a name the containers have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One line of ``docker system df``."""

    name: str
    count: int
    active: int
    size_bytes: int
    free_bytes: int
    """What could be had back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DockerDisk:
    """How full the container engine's disk is."""

    root: str
    """Its directory there."""
    free_bytes: int | None
    """None: it is on another machine, or cannot be seen."""
    shares: tuple[Share, ...] = ()
    """Nothing where the engine did not say in time: it counts file by file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One container in full, for a person to read; secrets are masked."""

    inspection: str
    output: str
    """The last lines that it wrote, both streams together; then of its error files."""


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

    async def signals(self, wanted: Mapping[str, Sentinels]) -> Mapping[str, Signals]:
        """Return the other signs of life of each running one of the last look, by id."""
        ...

    async def save(self, ids: Sequence[str], keep: Path, files: Sequence[str] = ()) -> None:
        """Save under ``keep`` what explains containers that go on; what cannot be is passed over."""
        ...

    async def end(
        self, ids: Sequence[str], keep: Path, files: Sequence[str] = ()
    ) -> Sequence[Ended]:
        """End and remove containers, each in time; what explains them is saved under ``keep``.

        With it ``files`` inside of them, or where runners usually leave their errors.
        """
        ...

    async def describe(self, id_: str, lines: int, files: Sequence[str] = ()) -> Described:
        """Return one container in full, with the last ``lines`` that it wrote, and of ``files``.

        Raises:
            NoSuchContainerError: it is gone.
        """
        ...

    async def leftovers(self, uuid: str, containers: Sequence[Container]) -> Leftovers:
        """Return what the batch ``uuid`` left: ``containers``, and all that is of them or labelled."""
        ...

    async def remove(self, leftovers: Leftovers, keep: Path) -> Sequence[str]:
        """Remove them, containers as by ``end``; return what could not be, a line each."""
        ...

    async def disk(self) -> DockerDisk:
        """Return how full the engine's disk is, and with what; takes up to half a minute."""
        ...

    async def free_bytes(self) -> int | None:
        """Return the space that is free on the engine's disk; None: it cannot be seen from here."""
        ...

    async def close(self) -> None:
        """Let go of connections and descriptors."""
        ...
