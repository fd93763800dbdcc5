"""The batch API of Anthropic, for ``run_batch_stage`` and retries.

Written against https://docs.anthropic.com/en/api/creating-message-batches; the SDK is the caller's.
"""

from collections.abc import Sequence
from typing import Any

from supervisor.kit.batches_types import (
    BatchRequest,
    BatchResult,
    BatchStatus,
    UncertainSubmissionError,
)

_SLACK_S = 300
"""Clocks differ: batches made so long before are looked at, too."""


class AnthropicBatches:
    """Implements ``BatchProvider`` and ``FindsBatches`` with an ``anthropic.AsyncAnthropic`` client.

    The body of a request is what ``messages.create`` takes. Batches bear no key there: one is known
    by its time, how many requests it has, and as soon as it has ended by their ids.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    async def submit(self, requests: Sequence[BatchRequest], key: str) -> str:
        """Send a batch and return its id."""
        del key
        # The SDK repeats by itself what got no answer, and a batch would be sent twice.
        once = self._client.with_options(max_retries=0)
        batch = await once.messages.batches.create(
            requests=[{"custom_id": one.custom_id, "params": dict(one.body)} for one in requests]
        )
        return str(batch.id)

    async def find(self, requests: Sequence[BatchRequest], key: str, since: float) -> str | None:
        """Return the id of the batch that has just these requests.

        Raises:
            UncertainSubmissionError: several that run now may be it.
        """
        del key
        running: list[str] = []
        async for batch in self._client.messages.batches.list(limit=100):
            if batch.created_at.timestamp() < since - _SLACK_S:
                break
            counts = batch.request_counts.model_dump().values()
            if sum(many for many in counts if isinstance(many, int)) != len(requests):
                continue
            if batch.processing_status != "ended":
                running.append(str(batch.id))
            elif await self._ids(batch.id) == {one.custom_id for one in requests}:
                return str(batch.id)
        if len(running) > 1:
            raise UncertainSubmissionError(
                f"the batches {', '.join(running)} have {len(requests)} requests each; run again"
                " when they have ended: then their ids tell which is this one's"
            )
        return running[0] if running else None

    async def poll(self, batch_id: str) -> BatchStatus:
        """Return how far a batch is; whole batches do not fail there."""
        batch = await self._client.messages.batches.retrieve(batch_id)
        return BatchStatus(state="ended" if batch.processing_status == "ended" else "running")

    async def download(self, batch_id: str) -> Sequence[BatchResult]:
        """Return the results of a batch that ended."""
        rows = await self._client.messages.batches.results(batch_id)
        return [_result(row) async for row in rows]

    async def _ids(self, batch_id: str) -> set[str]:
        return {one.custom_id for one in await self.download(batch_id)}


def _result(row: Any) -> BatchResult:
    """Return the result in a line of the results file."""
    result = row.result
    if result.type == "succeeded":
        message = result.message.model_dump(mode="json")
        return BatchResult(custom_id=row.custom_id, success=True, response=message)
    told = str(result.type)  # canceled, expired
    if told == "errored":
        told = f"{result.error.error.type}: {result.error.error.message}"
    return BatchResult(custom_id=row.custom_id, success=False, error=told)
