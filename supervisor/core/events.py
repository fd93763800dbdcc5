"""Everything that can happen to a batch."""

from dataclasses import dataclass

from supervisor.core.cards import GpuSeen
from supervisor.core.container_facts import ContainerEnd
from supervisor.core.containers import ContainersNow
from supervisor.core.intents import Intent
from supervisor.core.models import Detection, End, ErrorClass, LimitId, Signal, TaskId


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """The clock reached a deadline the core had asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The backend confirmed that the attempt is alive (or was adopted alive)."""

    task: TaskId
    attempt: int
    started_at: float
    pid: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The attempt is over and its output has been read to the end."""

    task: TaskId
    attempt: int
    end: End


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """A running attempt wrote something strong."""

    task: TaskId
    attempt: int
    detection: Detection


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Something about an attempt that the operator may ask about; it decides nothing."""

    task: TaskId
    attempt: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityChanged:
    """All signs of life of an attempt stopped (``quiet_since`` set) or came back (None)."""

    task: TaskId
    attempt: int
    quiet_since: float | None
    signals: tuple[Signal, ...] = ()
    """Those that are missing."""
    said: str = ""
    """What the silent runner says of itself when it is asked; redacted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachChanged:
    """A backend stopped answering about an attempt (``reason``) or answers again (None)."""

    task: TaskId
    attempt: int
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonChanged:
    """The container engine stopped answering (``reason``), or answers (None)."""

    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshEnded:
    """A limit's refresh command is over; ``cause`` is empty when it worked."""

    limit: LimitId
    cause: str
    error_class: ErrorClass | None = None
    """What its output tells of the cause; None: nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightEnded:
    """A limit's preflight command is over; ``cause`` is empty when it passed."""

    limit: LimitId
    cause: str
    error_class: ErrorClass | None = None
    retry_at: float | None = None
    """The reset that its output states."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnobTurned:
    """A living attempt was told its group's inner parallelism; ``cause`` is empty when it worked."""

    task: TaskId
    attempt: int
    value: int
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskChanged:
    """Free space fell below the floor (``reason`` in words) or is above it again (None)."""

    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GpusSeen:
    """Somebody looked at the GPUs."""

    gpus: tuple[GpuSeen, ...] = ()
    fresh: tuple[int, ...] = ()
    """Indexes that were stale before this look began."""
    trouble: str | None = None
    """Why nothing could be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainersSeen:
    """What the batch's containers do; told when that differs, at most every 30 s."""

    now: ContainersNow


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainersEnded:
    """What became of containers that the operator, or the end of their attempt, wanted to end."""

    ends: tuple[ContainerEnd, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockJumped:
    """The wall clock moved by ``by_s`` without time passing, or the machine slept."""

    by_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An operator's intent, and who had it."""

    intent: Intent
    who: str


Event = (
    Tick
    | Started
    | Ended
    | Detected
    | Noted
    | ActivityChanged
    | ReachChanged
    | DaemonChanged
    | RefreshEnded
    | PreflightEnded
    | KnobTurned
    | DiskChanged
    | GpusSeen
    | ContainersSeen
    | ContainersEnded
    | ClockJumped
    | Wanted
)
