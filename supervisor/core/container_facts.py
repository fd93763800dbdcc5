"""Which container is meant to end, and what became of it."""

from dataclasses import dataclass

from supervisor.core.names import TaskId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerTarget:
    """A container that somebody wants to end."""

    id: str
    name: str
    task: TaskId | None = None
    attempt: int | None = None
    owned: bool = False
    """There is proof that it is of this batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerEnd:
    """What became of a container that was to end."""

    name: str
    task: TaskId | None = None
    how: str
    """stopped, killed, removed, gone or unkillable."""
    kept: tuple[str, ...] = ()
    """Names of the files that were saved of it first."""
    trouble: str = ""

    @property
    def ok(self) -> bool:
        """Whether it is out of the way."""
        return self.how != "unkillable"
