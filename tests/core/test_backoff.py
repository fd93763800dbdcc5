"""Waits and time-outs grow as told, are capped, and are the same each time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.backoff import delay_s, fraction, grown, jitter_s, slack_s, timeout_s
from supervisor.core.models import RetryPolicy, TaskId, TimeoutPolicy


def test_the_wait_doubles_up_to_its_cap() -> None:
    policy = RetryPolicy(base_s=30, factor=2, cap_s=300)
    assert [delay_s(policy, n) for n in range(1, 7)] == [30, 60, 120, 240, 300, 300]
    assert delay_s(policy, 100_000) == 300


def test_failures_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        delay_s(RetryPolicy(), 0)


@given(st.text(), st.text(), st.integers(0, 10_000))
def test_jitter_stays_in_its_range(uuid: str, task: str, attempt: int) -> None:
    policy = RetryPolicy(jitter_low_s=2, jitter_high_s=7)
    assert 2 <= jitter_s(policy, uuid, TaskId(task), attempt) < 7
    assert jitter_s(policy, uuid, TaskId(task), attempt) == jitter_s(
        policy, uuid, TaskId(task), attempt
    )


def test_attempts_and_batches_jitter_apart() -> None:
    found = {fraction(uuid, "g/a", attempt) for uuid in ("u", "v") for attempt in range(50)}
    assert len(found) == 100


def test_a_timeout_grows_with_each_one_met() -> None:
    policy = TimeoutPolicy(first_s=100, growth=1.5)
    assert [timeout_s(policy, n) for n in range(3)] == [100, 150, 225]
    assert timeout_s(TimeoutPolicy(), 3) is None


def test_slack_is_two_seconds_and_a_twentieth_up_to_a_minute() -> None:
    assert [slack_s(wait) for wait in (-5, 0, 100, 10_000)] == [2, 2, 7, 60]


def test_growth_never_overflows() -> None:
    assert grown(300, 2, 100_000, 3600) == 3600
