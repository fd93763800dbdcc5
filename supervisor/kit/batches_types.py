"""What batch APIs have in common, as far as retrying needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

from supervisor.kit.errors import KitError


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRequest:
    """One request. Its ``custom_id`` never changes, however often it is sent."""

    custom_id: str
    body: Mapping[str, Any]
    """As the provider wants it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What became of one request."""

    custom_id: str
    success: bool
    response: Any = None
    """Plain JSON values, where it succeeded."""
    error: str | None = None
    """Why it failed: the provider's code first, such as ``rate_limit_exceeded: Too many …``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchStatus:
    """How far a batch is. ``ended``: results can be had, though some requests may have failed."""

    state: Literal["running", "ended", "failed"]
    reason: str = ""
    """Why the whole batch failed."""


class BatchProvider(Protocol):
    """A batch API. Errors of its SDK may pass through; see ``batches`` for what becomes of them."""

    async def submit(self, requests: Sequence[BatchRequest], key: str) -> str:
        """Send a batch and return its id. ``key`` is unique; a batch keeps it if the API can."""
        ...

    async def poll(self, batch_id: str) -> BatchStatus:
        """Return how far a batch is."""
        ...

    async def download(self, batch_id: str) -> Sequence[BatchResult]:
        """Return the results of a batch that ended, in any order."""
        ...


@runtime_checkable
class FindsBatches(Protocol):
    """A provider that can look for a batch of which nobody knows whether it was accepted."""

    async def find(self, requests: Sequence[BatchRequest], key: str, since: float) -> str | None:
        """Return the id of the batch sent with ``key`` after ``since`` (Unix seconds); None: none was."""
        ...


class BatchFailedError(KitError):
    """A whole batch failed, so nobody knows anything about its requests."""

    def __init__(
        self,
        batch_id: str,
        reason: str,
        succeeded: Sequence[BatchResult],
        still_failed: Sequence[BatchResult],
    ) -> None:
        super().__init__(f"batch {batch_id} failed as a whole: {reason}; run again to send it anew")
        self.batch_id = batch_id
        self.reason = reason
        self.succeeded = succeeded
        """By the rounds before."""
        self.still_failed = still_failed


class UncertainSubmissionError(KitError):
    """Nobody knows whether a batch was accepted, and the provider cannot look for it."""


class BatchNotDoneError(KitError):
    """A batch ran on beyond the time that was given; running again goes on waiting for it."""
