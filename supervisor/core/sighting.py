"""How much of a group was at work at a moment, as its containers show it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One look at the containers of a group."""

    at: float
    working: int
    """Attempts that were seen to work: a container of theirs is busy or waits for an answer."""
    most: int
    """The most containers of one attempt that work."""
    unknown: int = 0
    """Attempts that may work too: they began just now, or no container of theirs is known."""
