"""What the words of an outcome say about limits that all workers share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from supervisor.kit.detector import Cause

Classify = Callable[[str], "Cause"]
"""Judges the words of an error, a log or a result."""

Evidence = Callable[[Any, Any], str | None]
"""Gets an item and its value (None: there is none); returns words to be judged with the outcome, such
as the stderr that an agent left in ``.failed/``; None: nothing was found."""

_KEPT = 1000


class Pause(NamedTuple):
    """Why all workers rest."""

    cause: "Cause"
    """Of the outcomes that told of the limit, the one that states the latest time."""
    number: int
    """Of the pauses for this list of items, counted from 1."""


def usual_classify(text: str) -> "Cause":
    """Judge as the supervisor's detector does."""
    # Loaded here: who never fails needs no rules.
    from supervisor.kit.detector import classify

    return classify(text)


def usual_wait(pause: Pause) -> None:
    """Wait until the limit is over, once for all runners under a supervisor.

    Raises:
        LimitWaitError: it lasts too long.
    """
    from supervisor.kit.limits import wait_for_limit

    wait_for_limit(pause.cause)


class Explainer:
    """Finds the cause of an outcome in its words."""

    def __init__(self, classify: Classify) -> None:
        self._classify = classify
        self._unexplained: set[str] = set()

    def cause(self, *texts: str | None) -> "Cause | None":
        """Return the cause that the first text tells of which tells any; None: none does."""
        for text in texts:
            if not text or text in self._unexplained:
                continue
            cause = self._classify(text)
            if cause.error_class != "unknown":
                return cause
            # A traceback takes some 30 ms to judge, and many items fail alike.
            if len(self._unexplained) < _KEPT:
                self._unexplained.add(text)
        return None
