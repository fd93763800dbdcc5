"""Which failed requests are worth sending again."""

import re

from supervisor.kit.batches_types import BatchResult
from supervisor.kit.faults import class_of

_AGAIN = re.compile(
    "rate_?limit|too_many_requests|time_?out|server_error|overloaded|unavailable|api_error"
    "|internal|expired|no_result|connection|cancel+ed|request_aborted",
    re.IGNORECASE,
)
"""Codes of the OpenAI and Anthropic APIs for requests that may succeed as they are, and ours."""
_NEVER = re.compile(
    "content_?(?:policy|filter)|invalid|not_found|context_length|too_large|too_long|authentication"
    "|permission|unsupported|safety|moderation|billing|insufficient_quota|refus|malformed|bad_request",
    re.IGNORECASE,
)
"""Codes for requests that fail again however often they are sent."""
_STATUS = re.compile(r"(?:HTTP |status(?:_code)?[ =:]+)?([45]\d\d)\b", re.IGNORECASE)
_WAITED_OUT = frozenset({408, 409, 425, 429})
_PERMANENT = frozenset({"auth", "bad_request", "broken", "content_policy", "quota"})


def is_permanent(result: BatchResult) -> bool:
    """Tell whether a failed request would fail again; what nobody knows is tried again."""
    code = (result.error or "").partition(":")[0].strip()
    if " " not in code:
        if _NEVER.search(code):
            return True
        if _AGAIN.search(code):
            return False
    if (status := _STATUS.match(code)) is not None:
        number = int(status[1])
        return number < 500 and number not in _WAITED_OUT
    return class_of(result.error or "") in _PERMANENT
