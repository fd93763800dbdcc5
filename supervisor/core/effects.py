"""Everything the core may ask the outside world to do. Each is safe to repeat."""

from dataclasses import dataclass
from typing import Literal

from supervisor.core.container_facts import ContainerTarget
from supervisor.core.models import LimitId, TaskId


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAttempt:
    """Launch an attempt whose id is already durable."""

    task: TaskId
    attempt: int
    slot: int
    """Counted from 1: the lowest that no other attempt of the group has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopAttempt:
    """Ask politely, then insist after ``grace_s`` seconds."""

    task: TaskId
    attempt: int
    grace_s: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeAttempt:
    """Stop every process of the attempt in mid-run."""

    task: TaskId
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThawAttempt:
    """Let every process of the attempt run on."""

    task: TaskId
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRefresh:
    """Run the limit's refresh command; its end comes back as ``RefreshEnded``."""

    limit: LimitId


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPreflight:
    """Run the limit's preflight command; its end comes back as ``PreflightEnded``."""

    limit: LimitId


@dataclass(frozen=True, slots=True, kw_only=True)
class EndContainers:
    """Save what explains these containers, then end and remove them; ``ContainersEnded`` tells."""

    targets: tuple[ContainerTarget, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepAway:
    """Remove what attempts left: containers as by ``EndContainers``, then the rest."""

    containers: tuple[ContainerTarget, ...]
    networks: tuple[tuple[str, str], ...]
    volumes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnKnob:
    """Tell a living attempt its group's inner parallelism; its end comes back as ``KnobTurned``."""

    task: TaskId
    attempt: int
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Call the operator, once for each incident."""

    event: Literal["needs_you", "done"]
    what: str
    """Limit, group, task or batch."""
    since: float
    why: str
    command: str
    """What cures it, or tells more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A decision and its reason, for the journal, ``why`` and the timeline."""

    kind: str
    """A short word: launch, succeeded, retry, failed, hold, release, breaker, pause, operator, …"""
    subject: str
    """A task id, group name, limit name, or the empty string for the batch."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to tell the operator whose intent was just taken in."""

    text: str
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EndEngine:
    """Nothing is left to do, or the operator said stop and nothing runs any more."""

    why: Literal["done", "stopped", "left_running"]


Effect = (
    StartAttempt
    | StopAttempt
    | FreezeAttempt
    | ThawAttempt
    | RunRefresh
    | RunPreflight
    | EndContainers
    | SweepAway
    | TurnKnob
    | Page
    | Record
    | Reply
    | EndEngine
)
