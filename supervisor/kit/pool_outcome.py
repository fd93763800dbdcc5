"""What became of an item that a worker process was given: always a value of this kind, never a crash."""

import signal
from dataclasses import dataclass
from typing import Any, Literal

Status = Literal["done", "failed", "unpicklable", "crashed", "timed_out"]
"""``failed``: an exception, or an exit; ``unpicklable``: a value that cannot leave its process;
``crashed``: each worker that tried it died; ``timed_out``: killed when its time was over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolOutcome:
    """What became of one item."""

    index: int
    """Its place among the items given, counted from 0."""
    item: Any
    status: Status
    value: Any = None
    error: str = ""
    error_class: str = ""
    """In the supervisor's words, such as ``rate_limit``; empty where it is done."""
    trace: str = ""
    exit_code: int | None = None
    """Of a worker that ended, or what the function gave to ``sys.exit``."""
    signal: str = ""
    """That ended the worker, such as ``SIGKILL``."""
    tries: int = 1
    """Times it was begun; more than one after lost workers and limits."""
    seconds: float = 0.0
    """Its last try took."""

    @property
    def ok(self) -> bool:
        """Tell whether there is a value."""
        return self.status == "done"


def ended(exit_code: int | None) -> tuple[str, int | None, str]:
    """Return how a worker ended: in words, its exit code if it has one, and its signal's name."""
    if exit_code is None:
        return "its worker vanished", None, ""
    if exit_code >= 0:
        return f"its worker exited with {exit_code}", exit_code, ""
    name = signal_name(-exit_code)
    return f"its worker was ended by {name}", None, name


def signal_name(number: int) -> str:
    """Return a signal's name; its number where it has none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
