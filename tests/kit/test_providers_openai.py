"""The batch API of Openai: its real SDK against a local server that speaks it."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from supervisor.kit.batches_types import BatchFailedError, BatchRequest
from supervisor.kit.providers_openai import OpenAIBatches
from tests.kit.provider_rig import SENT, entry, night
from tests.sdk.batch_server import Batches, batch_server

openai = pytest.importorskip("openai")


@pytest.fixture
async def rig() -> AsyncGenerator[tuple[OpenAIBatches, Batches]]:
    with batch_server() as (base, state):
        async with openai.AsyncOpenAI(api_key="k", base_url=f"{base}/v1") as client:
            yield OpenAIBatches(client), state


async def test_failed_requests_are_sent_again_until_they_succeed_or_cannot(
    tmp_path: Path, rig: tuple[OpenAIBatches, Batches]
) -> None:
    provider, state = rig
    results = await night(provider, tmp_path)
    assert state.sent == SENT
    assert {one.custom_id: one.error for one in results} == {
        "s-fine": None,
        "s-flaky": None,
        "s-stubborn": "server_error: no",
        "s-policy": "content_policy_violation: no",
        "s-expires": None,
    }
    assert entry(tmp_path)["retry_status"] == "exhausted"
    assert entry(tmp_path)["recovered_by_retry"] == 2
    assert await night(provider, tmp_path) == results
    assert state.sent == SENT


async def test_a_batch_that_was_taken_without_an_answer_is_found_again(
    tmp_path: Path, rig: tuple[OpenAIBatches, Batches]
) -> None:
    provider, state = rig
    state.vanish = 1
    await night(provider, tmp_path)
    assert state.sent == SENT


async def test_a_refused_batch_is_sent_later(
    tmp_path: Path, rig: tuple[OpenAIBatches, Batches]
) -> None:
    provider, state = rig
    state.refuse = 2
    await night(provider, tmp_path)
    assert state.sent == SENT


async def test_a_batch_that_fails_whole_says_why(
    tmp_path: Path, rig: tuple[OpenAIBatches, Batches]
) -> None:
    provider, state = rig
    state.whole_failure = True
    with pytest.raises(BatchFailedError, match="token_limit_exceeded: Enqueued token limit"):
        await night(provider, tmp_path)


async def test_what_was_never_sent_is_not_found(rig: tuple[OpenAIBatches, Batches]) -> None:
    provider, _ = rig
    request = BatchRequest(custom_id="s", body={"model": "fine"})
    await provider.submit([request], "another")
    assert await provider.find([request], "key", 0.0) is None
    assert await provider.find([request], "key", 9e9) is None
