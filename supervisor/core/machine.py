"""What the machine has and what is used of it: as it was seen, and as clients draw it."""

from dataclasses import dataclass

from supervisor.core.names import TaskId


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskSeen:
    """A disk that something of the batch lies on."""

    path: str
    """Where it is mounted."""
    holds: tuple[str, ...]
    """What of the batch lies on it, such as ``state``."""
    total_bytes: int
    free_bytes: int
    """That an ordinary user may still write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSeen:
    """What one process uses, or several together."""

    cpu_s: float = 0.0
    """CPU seconds used so far."""
    rss_bytes: int = 0
    threads: int | None = None
    """None: not known."""
    files: int | None = None
    """Open descriptors. None: not known, as for processes of other users."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSeen:
    """How busy the machine was until a moment."""

    at: float
    busy_s: float | None = None
    """CPU seconds that it was not idle, over all its cores. None: the kernel does not say."""
    mem_share: float = 0.0
    """Of the memory, what is in use, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineSeen:
    """The machine at one moment."""

    at: float
    name: str = ""
    cores: int = 1
    busy_s: float | None = None
    """CPU seconds that it was not idle, over all its cores. None: the kernel does not say."""
    load: tuple[float, float, float] | None = None
    """Over 1, 5 and 15 minutes."""
    mem_bytes: int = 0
    available_bytes: int = 0
    """What new programs could have without swapping."""
    swap_bytes: int = 0
    swap_used_bytes: int = 0
    disks: tuple[DiskSeen, ...] = ()
    engine: ProcessSeen = ProcessSeen()
    """The process that looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuFigures:
    """What one GPU does at the moment."""

    index: int
    name: str = ""
    mem_bytes: int = 0
    used_bytes: int = 0
    busy_percent: int | None = None
    """Of the last second or so, the part in which anything computed. None: it does not say."""
    celsius: int | None = None
    watts: int | None = None
    processes: int | None = None
    lost: str = ""
    """Why it cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuRow:
    """One GPU as a client shows it."""

    figures: GpuFigures
    by: TaskId | None = None
    """The task whose attempt has it."""
    out: str | None = None
    """Why nothing is launched on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerRow:
    """What the processes of one living attempt use together."""

    task: TaskId
    attempt: int
    cores: float | None = None
    """None: seen once only."""
    mem_bytes: int = 0
    processes: int = 0
    threads: int | None = None
    files: int | None = None
    waits: float | None = None
    """Of the time they wanted a core, the share they waited for one, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """How busy the machine was for a while, until ``at``."""

    at: float
    cores: float
    """In use, on average."""
    mem_share: float
    """Of the memory, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What the machine has and what is used of it, as a client shows it."""

    machine: MachineSeen
    busy: float | None = None
    """Cores in use."""
    engine_cores: float | None = None
    """Cores that the engine of this batch uses itself."""
    gpus: tuple[GpuRow, ...] = ()
    gpu_trouble: str = ""
    """Why no GPU can be seen."""
    runners: tuple[RunnerRow, ...] = ()
    history: tuple[Sample, ...] = ()
    """The last ten minutes at most, oldest first."""


def cores_between(before: float | None, after: float | None, span_s: float) -> float | None:
    """Return the cores in use between two counts of CPU seconds; None where they do not tell."""
    if before is None or after is None or span_s <= 0 or after < before:
        return None
    return (after - before) / span_s


def sample(before: LoadSeen, after: LoadSeen) -> Sample | None:
    """Return how busy the machine was between two looks; None where they do not tell."""
    cores = cores_between(before.busy_s, after.busy_s, after.at - before.at)
    if cores is None:
        return None
    return Sample(at=after.at, cores=round(cores, 2), mem_share=round(after.mem_share, 3))
