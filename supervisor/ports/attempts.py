"""What runs attempts: local processes, containers, cluster jobs."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from supervisor.core.models import ErrorClass, TaskId, Wish


@dataclass(frozen=True, slots=True)
class Ref:
    """Our own name for an attempt; no backend's id ever takes its place."""

    task: TaskId
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """An attempt to launch: everything is rendered, nothing is left to decide."""

    ref: Ref
    argv: tuple[str, ...]
    cwd: str
    env: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Laid over the engine's own environment and ``env_file``."""
    env_file: str | None = None
    """Read anew for this attempt."""
    leave_leftovers: bool = False
    container: Wish | None = None
    """Where it runs, if not as a process of this machine. Such an attempt gets ``env`` only, and
    nothing of the engine's own environment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """The attempt runs (launched now, or adopted)."""

    ref: Ref
    pid: int | None
    started_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The attempt is over. Exactly one per ref. ``code`` as the shell would show it; None: unknown."""

    ref: Ref
    code: int | None
    ended_at: float
    preset: ErrorClass | None = None
    """``lost``: no trace of an end, and it can never run; ``broken``, ``disk_full``: never began."""
    cause: str = ""
    oom_killed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The backend cannot say at the moment; that is neither alive nor gone."""

    ref: Ref
    reason: str


@dataclass(frozen=True, slots=True)
class Outage:
    """The backend as a whole stopped answering (``reason``), or answers (None)."""

    reason: str | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What is under way before something can start, such as a long pull; ``text`` None: it is over."""

    key: str
    text: str | None


Report = Alive | Gone | Unknown | Outage | Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What an attempt's processes use."""

    cpu_s: float
    """CPU seconds used so far by all of them."""
    rss_bytes: int
    processes: int
    pids: tuple[int, ...] = ()
    waited_s: float | None = None
    """How long they have been ready to run without a core; None: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a backend can do."""

    name: str
    freezes: bool
    survives_engine: bool


class Backend(Protocol):
    """Runs attempts: local processes, containers, Slurm jobs alike."""

    @property
    def traits(self) -> Traits:
        """What this backend can do."""
        ...

    def directory(self, ref: Ref) -> Path:
        """Where the attempt's ``stdout.log``, ``stderr.log``, ``exit`` and ``spec.json`` lie."""
        ...

    async def submit(self, tries: Sequence[Try]) -> None:
        """Launch what nobody has launched yet; a ref that is known already is left alone.

        What becomes of each comes out of ``reports``; a launch that cannot be is a ``Gone``.
        """
        ...

    async def adopt(self, refs: Sequence[Ref]) -> None:
        """Take over attempts of an earlier engine; each yields a report, none is launched.

        No attempt is called lost before it is certain that it can never run.
        """
        ...

    def reports(self) -> AsyncGenerator[Report, None]:
        """Yield news of all attempts as they happen, until closed. One reader."""
        ...

    async def stop(self, refs: Sequence[Ref], grace_s: float) -> None:
        """End attempts: politely, then after ``grace_s`` by force, every process of each.

        Returns when each is gone or proved unkillable; repeatable; ends come out of ``reports``.
        """
        ...

    async def freeze(self, refs: Sequence[Ref]) -> None:
        """Stop every process of these attempts in mid-run; repeatable."""
        ...

    async def thaw(self, refs: Sequence[Ref]) -> None:
        """Let frozen attempts run on; repeatable."""
        ...

    async def usage(self, refs: Sequence[Ref]) -> Mapping[Ref, Usage]:
        """What each still running attempt uses; those unknown are left out."""
        ...

    def forget(self, refs: Sequence[Ref]) -> None:
        """Drop what is kept in memory about ended attempts."""
        ...

    async def finish(self) -> None:
        """Return once what is left to tidy up after ended attempts is done, or cannot be done soon."""
        ...

    def close(self) -> None:
        """Watch no longer; what runs, runs on and can be adopted."""
        ...
