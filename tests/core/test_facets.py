"""What a row adds to the indexes."""

from dataclasses import replace

import pytest

from supervisor.core import facets
from supervisor.core.batch import (
    Closed,
    Free,
    Group,
    HalfOpen,
    Holding,
    Limit,
    Open,
    Probing,
    Ramping,
    Task,
)
from supervisor.core.models import AttemptRecord, ErrorClass, GroupId, LimitId, TaskId
from supervisor.core.phase import BackingOff, Ending, Phase, Running, Starting, Succeeded, Waiting
from tests.fakes.night import task

A = TaskId("g/a")
SPEC = task("g/a", index=3)
STOP = Ending(error_class=ErrorClass.OPERATOR, cause="x", since=1, then="again")


@pytest.mark.parametrize(
    ("phase", "times"),
    [
        (Waiting(), ()),
        (Waiting(not_before=9), (9,)),
        (BackingOff(attempt=1, restart_at=7, error_class=ErrorClass.NETWORK, cause=""), (7,)),
        (Starting(attempt=1, since=1, slot=1), ()),
        (Running(attempt=1, since=1, slot=1), ()),
        (Running(attempt=1, since=1, slot=1, deadline=5, quiet_since=1, stall_at=8), (5, 8)),
        (Running(attempt=1, since=1, slot=1, deadline=5, ending=STOP), ()),
    ],
)
def test_deadlines_of_a_task(phase: Phase, times: tuple[float, ...]) -> None:
    one = Task(id=A, phase=phase)
    assert facets.of_task(one, SPEC).deadlines == tuple((at, "task", A) for at in times)


def test_a_task_left_out_neither_waits_nor_wakes() -> None:
    found = facets.of_task(Task(id=A, phase=Waiting(not_before=9), skipped=True), SPEC)
    assert (found.deadlines, found.queue, found.open) == ((), None, False)
    assert facets.of_task(Task(id=A, skipped=True), SPEC).queue is None
    assert facets.of_task(Task(id=A, priority=-2), SPEC).queue == (-2, 0, 3, A)
    assert facets.of_task(Task(id=A, expected_s=90.4), SPEC).queue == (0, -90, 3, A)


def test_what_was_removed_is_counted_until_it_is_over() -> None:
    one = Task(id=A, removed=True)
    assert facets.of_task(one, SPEC).word == "waiting"
    over = replace(one, phase=Succeeded(attempt=1, ended_at=1))
    assert facets.of_task(over, SPEC).word is None


def test_deadlines_of_groups_and_limits() -> None:
    one = Group(name=GroupId("g"), parallel=1)
    opened = Open(since=1, probe_at=50, cause="x")
    assert facets.of_group(one) == ()
    assert facets.of_group(replace(one, next_launch_at=4, breaker=opened)) == (
        (4, "group", "g"),
        (50, "group", "g"),
    )
    for breaker in (Closed(), HalfOpen(cause="x"), replace(opened, probe_at=None)):
        assert facets.of_group(replace(one, breaker=breaker)) == ()
    hold = Holding(since=1, until=9, reason="x")
    limit = Limit(name=LimitId("g"))
    for phase, times in (
        (Free(), ()),
        (hold, (9,)),
        (replace(hold, until=None), ()),
        (replace(hold, refreshing=True), ()),
        (Probing(since=1, probe=None, passes_at=None, reason="x"), ()),
        (Probing(since=1, probe=A, passes_at=6, reason="x"), (6,)),
        (Ramping(since=1, allowed=2, next_at=8, pace_s=1), (8,)),
    ):
        found = facets.of_limit(replace(limit, phase=phase))
        assert found == tuple((at, "limit", "g") for at in times)


def test_only_success_tells_how_long_a_task_takes() -> None:
    good = AttemptRecord(
        attempt=1,
        started_at=10,
        ended_at=12.5,
        code=0,
        error_class=None,
        cause="",
        counted=False,
        decision="",
    )
    bad = replace(good, error_class=ErrorClass.NETWORK)
    one = Task(id=A, history=(good, bad, replace(good, ended_at=5)))
    assert facets.spent_ms(one) == (2, 2500)
    assert facets.spent_ms(one, after=1) == (1, 0)
