"""The batch API of OpenAI, and of servers that speak it, for ``run_batch_stage`` and retries.

Written against https://platform.openai.com/docs/api-reference/batch; the SDK is the caller's.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from supervisor.kit.batches_types import BatchRequest, BatchResult, BatchStatus

_KEY = "overnight_key"
_RUNNING = frozenset({"validating", "in_progress", "finalizing", "cancelling"})
_SLACK_S = 3600
"""Clocks differ: batches made so long before are looked at, too."""


class OpenAIBatches:
    """Implements ``BatchProvider`` and ``FindsBatches`` with an ``openai.AsyncOpenAI`` client.

    The body of a request is what the ``endpoint`` takes. A batch that expired or was cancelled has
    ended: its requests without an answer have failed, with that as their error.
    """

    def __init__(self, client: Any, *, endpoint: str = "/v1/chat/completions") -> None:
        self._client = client
        self._endpoint = endpoint

    async def submit(self, requests: Sequence[BatchRequest], key: str) -> str:
        """Send a batch and return its id."""
        lines = [
            json.dumps(
                {
                    "custom_id": one.custom_id,
                    "method": "POST",
                    "url": self._endpoint,
                    "body": dict(one.body),
                }
            )
            for one in requests
        ]
        # The SDK repeats by itself what got no answer, and a batch would be sent twice.
        once = self._client.with_options(max_retries=0)
        file = await once.files.create(
            file=("requests.jsonl", ("\n".join(lines) + "\n").encode()), purpose="batch"
        )
        batch = await once.batches.create(
            input_file_id=file.id,
            endpoint=self._endpoint,
            completion_window="24h",
            metadata={_KEY: key},
        )
        return str(batch.id)

    async def find(self, requests: Sequence[BatchRequest], key: str, since: float) -> str | None:
        """Return the id of the batch that bears ``key``."""
        del requests
        async for batch in self._client.batches.list(limit=100):
            metadata: dict[str, str] = batch.metadata or {}
            if metadata.get(_KEY) == key:
                return str(batch.id)
            if batch.created_at < since - _SLACK_S:
                return None
        return None

    async def poll(self, batch_id: str) -> BatchStatus:
        """Return how far a batch is."""
        batch = await self._client.batches.retrieve(batch_id)
        if batch.status in _RUNNING:
            return BatchStatus(state="running")
        if batch.status == "failed":
            errors: list[Any] = (batch.errors and batch.errors.data) or []
            reasons = [f"{one.code}: {one.message}" for one in errors[:3]]
            return BatchStatus(state="failed", reason="; ".join(reasons) or "failed")
        return BatchStatus(state="ended")

    async def download(self, batch_id: str) -> Sequence[BatchResult]:
        """Return the results of a batch that ended."""
        batch = await self._client.batches.retrieve(batch_id)
        results: list[BatchResult] = []
        for file_id in filter(None, (batch.output_file_id, batch.error_file_id)):
            content = await self._client.files.content(file_id)
            results += [_result(json.loads(line)) for line in content.text.split("\n") if line]
        return results


def _result(row: Mapping[str, Any]) -> BatchResult:
    """Return the result in a line of an output or error file."""
    response: Mapping[str, Any] = row.get("response") or {}
    status, body = response.get("status_code"), response.get("body")
    error = row.get("error")
    if error is None and status == 200:
        return BatchResult(custom_id=row["custom_id"], success=True, response=body)
    if error is None and isinstance(body, dict):
        error = cast("dict[str, Any]", body).get("error")
    return BatchResult(custom_id=row["custom_id"], success=False, error=_told(error, status))


def _told(error: object, status: object) -> str:
    if not isinstance(error, dict):
        return f"{status}: {error}" if error else str(status or "no answer")
    facts = cast("dict[str, object]", error)
    code = facts.get("code") or facts.get("type") or status or "unknown"
    return f"{code}: {facts.get('message') or ''}"
