"""What became of the items that an executor was given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["done", "failed", "aborted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOutcome:
    """What became of one item. An item of a streak may be told as failed first, then as aborted."""

    index: int
    """Its place among the items given, counted from 0."""
    item: Any
    status: Status
    value: Any = None
    error: str | None = None
    error_class: str | None = None
    """In the supervisor's words, such as ``cuda_error``."""
    trace: str = ""
    because: str | None = None
    """Why it was given up with the others, such as ``5 consecutive failures``, or the
    class of an error after which nothing can work."""

    @property
    def prediction(self) -> Any:
        """Return its value, or words in brackets for why there is none."""
        if self.status == "done":
            return self.value
        return prediction_of(self.recorded_error)[0]

    @property
    def recorded_error(self) -> str:
        """Return why there is no value, as it is recorded; ``prediction_of`` takes it apart."""
        return (
            str(self.error) if self.because is None else f"[ABORTED: {self.because}] {self.error}"
        )


def prediction_of(recorded_error: str) -> tuple[str, str]:
    """Return the words that stand for a missing prediction, and the error by itself."""
    head, ended, error = recorded_error.partition("] ")
    if ended and head.startswith("[ABORTED: "):
        return head + "]", error
    return f"[ERROR: {recorded_error}]", recorded_error


@dataclass(slots=True, kw_only=True)
class Report:
    """What an executor got out of its items; while it runs, and after an interrupt, so far."""

    total: int
    found: dict[int, ItemOutcome] = field(default_factory=dict[int, ItemOutcome])
    batch_size: int = 0
    """The size that would be tried next: begin a similar run with it."""
    calls: int = 0
    aborted_because: str | None = None
    last_error: str | None = None
    last_trace: str = ""
    cleanup_error: str | None = None
    """What the last clean-up that failed said; the run went on."""

    @property
    def outcomes(self) -> Sequence[ItemOutcome]:
        """Return the outcomes in the order of the items."""
        return [self.found[index] for index in sorted(self.found)]

    def of(self, status: Status) -> Sequence[ItemOutcome]:
        """Return the outcomes of one status."""
        return [one for one in self.outcomes if one.status == status]

    def predictions(self) -> list[dict[str, object]]:
        """Return a row for each item: ``idx``, ``prediction`` and ``error`` (None: it worked)."""
        return [
            {"idx": one.index, "prediction": one.prediction, "error": one.error}
            for one in self.outcomes
        ]
