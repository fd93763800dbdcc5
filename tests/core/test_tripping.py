"""Failures are counted in a row, and as a share of the last ends."""

import pytest

from supervisor.core.batch import Closed
from supervisor.core.models import BreakerPolicy, TaskId
from supervisor.core.tripping import failed, succeeded, tripped

SHARE = BreakerPolicy(consecutive=0, share=0.5, window=4)


def counted(policy: BreakerPolicy, ends: str) -> Closed:
    """The count after these ends, each of a task of its own."""
    closed = Closed()
    for number, end in enumerate(ends):
        id_ = TaskId(f"g/{number}")
        closed = succeeded(policy, closed) if end == "s" else failed(policy, closed, id_)
    return closed


@pytest.mark.parametrize(
    ("ends", "cause"),
    [
        ("fsss", None),
        ("fssf", "2 failures among the last 4 ends"),
        ("ff", "2 failures among the last 2 ends"),
        ("fsssf", None),
        ("ssssfsf", "2 failures among the last 4 ends"),
    ],
)
def test_a_share_of_the_last_ends_is_too_much(ends: str, cause: str | None) -> None:
    closed = counted(SHARE, ends)
    assert tripped(SHARE, closed) == cause
    assert len(closed.ends) <= 4


def test_so_many_in_a_row_are_too_many() -> None:
    policy = BreakerPolicy(consecutive=3)
    assert tripped(policy, counted(policy, "ffsff")) is None
    assert tripped(policy, counted(policy, "fff")) == "3 consecutive failures"


def test_a_row_and_a_share_may_both_count() -> None:
    policy = BreakerPolicy(consecutive=3, share=1.0, window=20)
    assert tripped(policy, counted(policy, "sfff")) == "3 consecutive failures"


def test_one_task_counts_once_in_a_row() -> None:
    policy = BreakerPolicy(consecutive=2)
    closed = failed(policy, failed(policy, Closed(), TaskId("g/a")), TaskId("g/a"))
    assert closed == Closed(failed=(TaskId("g/a"),))


def test_nothing_is_too_much_for_a_breaker_that_is_off() -> None:
    policy = BreakerPolicy(consecutive=1, then="off")
    assert tripped(policy, counted(policy, "ffff")) is None


def test_a_share_of_next_to_nothing_needs_a_failure() -> None:
    policy = BreakerPolicy(consecutive=0, share=0.001, window=4)
    assert tripped(policy, counted(policy, "ssss")) is None
    assert tripped(policy, counted(policy, "sssf")) is not None
