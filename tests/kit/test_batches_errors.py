"""Which failed requests are sent again."""

import pytest

from supervisor.kit.batches_errors import is_permanent
from supervisor.kit.batches_types import BatchResult

AGAIN = [
    "rate_limit",
    "rate_limit_exceeded: Rate limit reached for gpt-4o in organization org-x",
    "timeout",
    "server_error: The server had an error while processing your request",
    "overloaded_error: Overloaded",
    "api_error: Internal server error",
    "batch_expired: This request could not be executed before the completion window expired.",
    "expired",
    "canceled",
    "no_result: the batch has none for it",
    "503: upstream connect error",
    "429",
    "HTTP 502",
    "something nobody has seen",
    "",
]
NEVER = [
    "content_policy_violation",
    "content_filter: The response was filtered",
    "invalid_request_error: messages: roles must alternate",
    "invalid_model",
    "model_not_found: The model `gpt-9` does not exist",
    "context_length_exceeded: maximum context length is 8192 tokens",
    "authentication_error: invalid x-api-key",
    "permission_error",
    "request_too_large",
    "400: malformed",
    "404",
]


@pytest.mark.parametrize("error", AGAIN)
def test_what_may_pass_is_sent_again(error: str) -> None:
    assert not is_permanent(BatchResult(custom_id="a", success=False, error=error))


@pytest.mark.parametrize("error", NEVER)
def test_what_cannot_pass_is_not(error: str) -> None:
    assert is_permanent(BatchResult(custom_id="a", success=False, error=error))


def test_no_error_at_all_is_tried_again() -> None:
    assert not is_permanent(BatchResult(custom_id="a", success=False))
