"""The night as clients draw it over time."""

from dataclasses import dataclass

from supervisor.core.board import LimitCost


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A decision of the night."""

    at: float
    kind: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A time in which a limit held. ``until`` None: it still does."""

    limit: str
    since: float
    until: float | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One of many equal parts of the night."""

    running: float
    """Attempts at once, on average."""
    good: int
    """Attempts that succeeded in it."""
    bad: int
    """Attempts that ended badly in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The night so far, in ``slices`` of equal length from ``begin`` to ``end`` (Unix seconds)."""

    begin: float
    end: float
    as_of: float
    """When it was drawn; ``end`` is later while the night is young."""
    slices: tuple[Slice, ...]
    stretches: tuple[Stretch, ...]
    events: tuple[Event, ...]
    """The newest of them, oldest first."""
    costs: tuple[LimitCost, ...]
