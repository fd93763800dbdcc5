"""Fields and headers that tell when to go on."""

import pytest

from supervisor.core.cues import Says
from supervisor.core.keyed import Field, epoch_s, fields


def only(text: str) -> Field:
    (found,) = fields(text)
    return found


@pytest.mark.parametrize(
    ("text", "seconds", "says"),
    [
        ("Retry-After: 7", 7, Says.ASKED),
        ("'retry-after': ['7']", 7, Says.ASKED),
        ("(b'retry-after', b'7')", 7, Says.ASKED),
        ("retry_after_ms=1500", 1.5, Says.ASKED),
        ('"retryAfterMs": 1500', 1.5, Says.ASKED),
        ("retry after 7", 7, Says.ASKED),
        ('"retryDelay": "7.5s"', 7.5, Says.ASKED),
        ("retry_delay { seconds: 7 }", 7, Says.ASKED),
        ("  seconds: 7", 7, Says.ASKED),
        ("cooldown_seconds: 7", 7, Says.ASKED),
        ('"resets_in_seconds": 7', 7, Says.RESET),
        ('"seconds_until_reset": 7', 7, Says.RESET),
        ("x-ratelimit-reset-tokens: 6m0s", 360, Says.HEADER),
        ("X-RateLimit-Reset: 7", 7, Says.HEADER),
        ('RateLimit: "default";r=0;t=7', 7, Says.HEADER),
        ("backoff_seconds: 7", 7, Says.OURS),
    ],
)
def test_spans(text: str, seconds: float, says: Says) -> None:
    """The unit is in the name, in the value, or seconds."""
    found = only(text)
    assert found.seconds == pytest.approx(seconds)
    assert (found.says, found.epoch) == (says, None)


@pytest.mark.parametrize("digits", ["1770970000", "1770970000000", "1770970000000000"])
def test_epochs(digits: str) -> None:
    """Seconds, or a thousandth or millionth part of them."""
    assert only(f'"resets_at": {digits}').epoch == 1_770_970_000
    assert only(f"Retry-After: {digits}").epoch == 1_770_970_000
    assert epoch_s("1e400") == float("inf")


def test_dates_are_left_to_the_reader_of_dates() -> None:
    """The place of the value is told."""
    text = "blocked_until: 2026-03-01T00:00:00Z"
    found = only(text)
    assert (found.seconds, found.epoch) == (None, None)
    assert text[found.value_at :] == "2026-03-01T00:00:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "max_retry_delay: 60",
        "retry_count: 3",
        "preset: 5",
        "password_reset_at: 5",
        "last_reset: 5",
        "timeout: 30",
        "RateLimit-Policy: 100;w=60",
        "retry_policy: 5",
    ],
)
def test_settings_and_counts(text: str) -> None:
    """They say nothing about when to go on."""
    assert list(fields(text)) == []


def test_which_budget_is_used_up() -> None:
    """By what remains, by the percentage used, or by the status of a window."""
    text = (
        "x-ratelimit-remaining-requests: 0 x-ratelimit-remaining-tokens: 12 "
        "x-ratelimit-reset-requests: 8s x-ratelimit-reset-tokens: 30s"
    )
    assert [one.exhausted for one in fields(text)] == [True, False]
    text = (
        '"a-ratelimit-5h-status": "rejected", "a-ratelimit-5h-reset": "1770970000", '
        '"a-ratelimit-7d-status": "allowed", "a-ratelimit-7d-reset": "1771970000"'
    )
    assert [one.exhausted for one in fields(text)] == [True, False]
    text = '"X-One-Used-Percent":"100","X-One-Reset-After-Seconds":"9"'
    assert [one.exhausted for one in fields(text)] == [True]
