"""The phases of a task, each with exactly the data it needs, and the moves between them."""

from dataclasses import dataclass
from typing import Literal

from supervisor.core.models import ErrorClass, LimitId, Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """An attempt has been told to stop; this says why and what follows its end."""

    error_class: ErrorClass
    cause: str
    since: float
    then: Literal["retry", "again", "cancel", "hold"]
    """``retry``: as its class says; ``again``: back to waiting at no cost; ``cancel``: for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Not launched yet, or put back; ``not_before`` is a wish of the operator."""

    not_before: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Starting:
    """Attempt id is durable; the backend has not confirmed it."""

    attempt: int
    since: float
    slot: int
    ending: Ending | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Confirmed alive by its backend."""

    attempt: int
    since: float
    slot: int
    pid: int | None = None
    deadline: float | None = None
    """When the attempt times out."""
    ending: Ending | None = None
    quiet_since: float | None = None
    """Set while nothing at all seems to happen."""
    stall_at: float | None = None
    """When that silence is worth a mark; None while quiet: it is marked."""
    quiet_signals: tuple[Signal, ...] = ()
    """The signs of life that are missing."""
    quiet_said: str = ""
    """What the silent runner said of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """Stopped in mid-run by the operator; its clocks stand still."""

    attempt: int
    since: float
    slot: int
    frozen_at: float
    pid: int | None = None
    left_s: float | None = None
    """What was left of the time-out."""
    ending: Ending | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """Its backend does not answer; that is no failure."""

    attempt: int
    since: float
    slot: int
    reason: str
    unreachable_at: float
    pid: int | None = None
    deadline: float | None = None
    ending: Ending | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackingOff:
    """Failed; the next attempt may start at ``restart_at``."""

    attempt: int
    restart_at: float
    error_class: ErrorClass
    cause: str
    stated: bool = False
    """``restart_at`` is a time that somebody stated; a jump of the clock does not move it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Its own end waits on a limit; it goes on when the limit is released."""

    attempt: int
    limit: LimitId
    since: float
    error_class: ErrorClass
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeeded:
    """Done, and it stays done."""

    attempt: int
    ended_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Out of attempts, or hopeless."""

    attempt: int
    ended_at: float
    error_class: ErrorClass
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Aborted:
    """Never ran to an end because its group's breaker, or a need, said no."""

    attempt: int
    ended_at: float
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """Ended for good by the operator."""

    attempt: int
    ended_at: float
    cause: str


WAITING = Waiting()

Live = Starting | Running | Frozen | Unreachable
"""An attempt exists or may exist."""
Final = Succeeded | Failed | Aborted | Cancelled
Phase = (
    Waiting
    | Starting
    | Running
    | Frozen
    | Unreachable
    | BackingOff
    | Held
    | Succeeded
    | Failed
    | Aborted
    | Cancelled
)

_AFTER_AN_ATTEMPT: frozenset[type[Phase]] = frozenset(
    {Waiting, BackingOff, Held, Succeeded, Failed, Aborted, Cancelled}
)
_OUT_OF_REST: frozenset[type[Phase]] = frozenset({Waiting, Starting, Failed, Aborted, Cancelled})

ALLOWED: dict[type[Phase], frozenset[type[Phase]]] = {
    Waiting: _OUT_OF_REST,
    Starting: _AFTER_AN_ATTEMPT | {Starting, Running, Unreachable},
    Running: _AFTER_AN_ATTEMPT | {Running, Frozen, Unreachable},
    Frozen: _AFTER_AN_ATTEMPT | {Frozen, Running, Unreachable},
    Unreachable: _AFTER_AN_ATTEMPT | {Unreachable, Running, Frozen},
    BackingOff: _OUT_OF_REST | {BackingOff, Held},
    Held: _OUT_OF_REST | {BackingOff},
    Succeeded: frozenset({Waiting}),
    Failed: frozenset({Waiting}),
    Aborted: frozenset({Waiting}),
    Cancelled: frozenset({Waiting}),
}
"""Which phase may follow which. Out of a final phase only an operator's word leads, back to waiting."""

WORDS: dict[type[Phase], str] = {
    Waiting: "waiting",
    Starting: "starting",
    Running: "running",
    Frozen: "frozen",
    Unreachable: "unreachable",
    BackingOff: "backing_off",
    Held: "held",
    Succeeded: "succeeded",
    Failed: "failed",
    Aborted: "aborted",
    Cancelled: "cancelled",
}
"""The word for each phase in ``status --json``, the screen and the journal."""
