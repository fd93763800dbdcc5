"""The batch API of Anthropic: its real SDK against a local server that speaks it."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from supervisor.kit.batches_types import BatchRequest, UncertainSubmissionError
from supervisor.kit.providers_anthropic import AnthropicBatches
from tests.kit.provider_rig import SENT, entry, night
from tests.sdk.batch_server import Batches, batch_server

anthropic = pytest.importorskip("anthropic")


@pytest.fixture
async def rig() -> AsyncGenerator[tuple[AnthropicBatches, Batches]]:
    with batch_server() as (base, state):
        async with anthropic.AsyncAnthropic(api_key="k", base_url=base) as client:
            yield AnthropicBatches(client), state


async def test_failed_requests_are_sent_again_until_they_succeed_or_cannot(
    tmp_path: Path, rig: tuple[AnthropicBatches, Batches]
) -> None:
    provider, state = rig
    results = await night(provider, tmp_path)
    assert state.sent == SENT
    assert {one.custom_id: one.error for one in results} == {
        "s-fine": None,
        "s-flaky": None,
        "s-stubborn": "api_error: no",
        "s-policy": "invalid_request_error: no",
        "s-expires": None,
    }
    assert entry(tmp_path)["retry_status"] == "exhausted"
    assert entry(tmp_path)["recovered_by_retry"] == 2
    assert await night(provider, tmp_path) == results
    assert state.sent == SENT


async def test_a_batch_that_was_taken_without_an_answer_is_found_again(
    tmp_path: Path, rig: tuple[AnthropicBatches, Batches]
) -> None:
    provider, state = rig
    state.vanish = 1
    await night(provider, tmp_path)
    assert state.sent == SENT


async def test_a_refused_batch_is_sent_later(
    tmp_path: Path, rig: tuple[AnthropicBatches, Batches]
) -> None:
    provider, state = rig
    state.refuse = 2
    await night(provider, tmp_path)
    assert state.sent == SENT


def request(custom_id: str) -> BatchRequest:
    return BatchRequest(custom_id=custom_id, body={"model": "fine", "messages": []})


async def test_a_batch_is_known_by_its_requests(rig: tuple[AnthropicBatches, Batches]) -> None:
    provider, _ = rig
    mine, other = [request("a")], [request("b")]
    first = await provider.submit(mine, "")
    assert await provider.find(mine, "", 9e9) is None, "made long before"
    assert await provider.find([*mine, *other], "", 0.0) is None
    second = await provider.submit(other, "")
    with pytest.raises(UncertainSubmissionError, match=f"{second}, {first}"):
        await provider.find(mine, "", 0.0)
    for batch in (first, second):
        while (await provider.poll(batch)).state != "ended":
            continue
    assert await provider.find(mine, "", 0.0) == first
    assert await provider.find([request("c")], "", 0.0) is None
