"""What limits and operators make of the knobs of a group; part of its row."""

from dataclasses import dataclass

from supervisor.core.names import TaskId
from supervisor.core.rungs import Rung


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """How the parallelism of a group follows the rate limits that its attempts meet."""

    fixed: bool = False
    """The operator gave the number: nothing else changes it."""
    ceiling: int | None = None
    """With more the machine ran out of memory."""
    coming_down: bool = False
    """More run yet than should: what they meet is known."""
    calm_at: float = 0.0
    """What is met before this belongs to the episode that is known."""
    clean_s: float = 0.0
    """So long all slots were in use and met nothing, up to the last time that one was free."""
    rises_at: float | None = None
    """When one more may run, if all slots are in use until then."""
    met: int = 0
    """Rate limits of late that only the operator can do something about."""
    met_since: float = 0.0
    cause: str = ""
    """What the last of them said."""
    forgotten_at: float | None = None
    """When they are no reason for advice any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """What the inner parallelism of a group's runners is set to."""

    value: int
    fixed: bool = False
    """The operator gave the number: nothing else changes it."""
    trouble: str = ""
    """Why a running attempt could not be told."""
    trouble_at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """A task could not run on a rung."""

    task: TaskId
    rung: Rung
