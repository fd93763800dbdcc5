"""The guess of what is left: work, holds and hours; none where nobody can know."""

from dataclasses import replace

import pytest

from supervisor.core.cards import GpuNeed
from supervisor.core.eta import left_s
from supervisor.core.intents import Pause
from supervisor.core.models import ErrorClass, GroupId, TaskId
from supervisor.core.pace import Pace
from supervisor.core.state import Batch
from tests.fakes.night import after, asked, begun, ended, failed, group, task

NAMES = [f"g/{letter}" for letter in "abcdef"]


def two_groups(error_class: ErrorClass, retry_at: float | None = None) -> Batch:
    """``g`` meets its limit; ``h`` has done one of two tasks in 100 s."""
    batch = begun(["g/a", "g/b", "h/a", "h/b"], [group(parallel=1), group("h", parallel=1)])
    return after(
        batch,
        (ended("h/a", 1, 100), 100),
        (failed("g/a", 1, 100, error_class, retry_at=retry_at), 100),
    )


def test_the_slowest_group_or_the_cap_counts() -> None:
    batch = begun([*NAMES, "h/a"], [group(parallel=2), group("h", parallel=1)])
    assert left_s(batch, 1) is None
    batch = after(batch, (ended("g/a", 1, 100), 100))
    assert left_s(batch, 100) == pytest.approx((3 + 1) * 100 / 2)
    capped = begun([*NAMES, "h/a"], [group(parallel=4)], parallel=1)
    capped = after(capped, (ended("g/a", 1, 100), 100))
    assert left_s(capped, 100) == pytest.approx(5.5 * 100)


def said(done: int, since: float, now: float, *, attempt: int = 1, began_with: int = 0) -> Pace:
    return Pace(
        attempt=attempt, began_with=began_with, began_at=since, done=done, total=100, at=now
    )


def test_one_that_says_how_far_it_is_needs_no_other_to_end() -> None:
    batch = begun(["g/a"], [group()])
    one = TaskId("g/a")
    assert left_s(batch, 60, {one: said(20, 0, 60)}) == pytest.approx(240)
    assert left_s(batch, 62, {one: said(20, 0, 60)}) == pytest.approx(238)
    # Sixty were done by an earlier attempt.
    assert left_s(batch, 60, {one: said(80, 0, 60, began_with=60)}) == pytest.approx(60)
    assert left_s(batch, 60, {one: said(20, 0, 60, attempt=2)}) is None
    assert left_s(batch, 3, {one: said(20, 0, 3)}) is None


def test_what_living_ones_say_counts_for_the_rest_of_their_group() -> None:
    batch = begun(NAMES, [group(parallel=1)])
    assert left_s(batch, 50, {TaskId("g/a"): said(50, 0, 50)}) == pytest.approx(50 + 5 * 100)
    batch = begun(NAMES[:2], [group(parallel=2)])
    batch = after(batch, (ended("g/a", 1, 100), 100))
    assert left_s(batch, 100, {TaskId("g/b"): said(10, 0, 100)}) == pytest.approx(900)


def test_who_waits_for_a_limit_is_waited_for() -> None:
    batch = begun(["g/a", "g/b"], [group(parallel=2)])
    batch = after(batch, (ended("g/a", 1, 100), 100))
    waiting = replace(said(0, 100, 100), rests_until=700.0)
    assert left_s(batch, 100, {TaskId("g/b"): waiting}) == pytest.approx(600)


def test_what_a_limit_holds_begins_when_it_is_released() -> None:
    batch = two_groups(ErrorClass.USAGE_WINDOW, retry_at=7300)
    left = left_s(batch, 100)
    assert left is not None
    assert left == pytest.approx(7200 + 60 + 2 * 100)
    assert left_s(batch, 200) == pytest.approx(left - 100)


def test_nobody_knows_when_a_person_comes() -> None:
    assert left_s(two_groups(ErrorClass.QUOTA), 100) is None
    batch = two_groups(ErrorClass.USAGE_WINDOW, retry_at=7300)
    paused, _, _ = asked(batch, Pause(group=GroupId("h")), 101)
    assert left_s(paused, 101) is not None
    paused, _, _ = asked(batch, Pause(group=GroupId("g")), 101)
    assert left_s(paused, 101) is None


def test_nobody_knows_when_a_gpu_is_free() -> None:
    tasks = [task("g/a"), task("h/a", gpus=GpuNeed(count=1))]
    batch = begun(tasks, [group(), group("h")])
    batch = after(batch, (ended("g/a", 1, 100), 100))
    assert left_s(batch, 100) is None


def test_closed_hours_come_first() -> None:
    batch = two_groups(ErrorClass.USAGE_WINDOW, retry_at=7300)
    left = left_s(batch, 100)
    assert left is not None
    closed = replace(batch, desk=replace(batch.desk, opens_at=4100.0))
    assert left_s(closed, 100) == pytest.approx(left + 4000)
