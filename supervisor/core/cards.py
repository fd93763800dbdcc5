"""The facts about GPUs: what a task needs, what was seen, and what the batch keeps of each."""

from dataclasses import dataclass

from supervisor.core.names import TaskId


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuNeed:
    """What a task needs: so many GPUs that nobody uses."""

    count: int = 1
    free_bytes: int = 0
    """At least so much free memory on each."""
    of: tuple[int, ...] | None = None
    """Only of these indexes; None: of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuSeen:
    """One GPU as it was seen."""

    index: int
    """As NVML counts them, which is the order of the PCI bus."""
    bus: str = ""
    """Its PCI address, such as ``0000:65:00``."""
    busy: bool = False
    """Somebody's process uses it, be it ours."""
    free_bytes: int = 0
    lost: str = ""
    """Why it cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpu:
    """What the batch knows of one GPU."""

    seen: GpuSeen
    by: TaskId | None = None
    """The task whose attempt has it."""
    stale: bool = True
    """What was seen is from before its last attempt ended, or another engine's."""
    faults: tuple[TaskId, ...] = ()
    """Different tasks in a row that met a CUDA error on it."""
    out: str | None = None
    """Why nothing is launched on it until the operator brings it back."""
    out_at: float = 0.0
