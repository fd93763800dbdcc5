"""An attempt on its way: alive, frozen, out of reach, silent, told to stop."""

from dataclasses import replace

import pytest

from supervisor.core import lifecycle
from supervisor.core.draft import Draft
from supervisor.core.effects import FreezeAttempt, Record, ThawAttempt
from supervisor.core.events import ActivityChanged, ReachChanged, Started, Tick, Wanted
from supervisor.core.intents import Cancel, Freeze, Kill, Thaw
from supervisor.core.models import ErrorClass, StallPolicy, TaskId, TimeoutPolicy
from supervisor.core.phase import Frozen, Phase, Running, Unreachable
from supervisor.core.state import Batch
from supervisor.core.step import next_wakeup, step
from tests.fakes.night import after, asked, begun, ended, group, play, started, stop

A = TaskId("g/a")
TIMED = group(timeout=TimeoutPolicy(first_s=100))


def phase(batch: Batch) -> Phase:
    return batch.tasks[A].phase


def running(*, ending: bool = False) -> Batch:
    batch = after(begun(["g/a"], [TIMED]), (started("g/a", 1, 10), 10))
    return asked(batch, Kill(targets=("g/a",)), 20)[0] if ending else batch


def test_a_confirmed_attempt_runs_under_its_time_out() -> None:
    assert phase(running()) == Running(attempt=1, since=10, slot=1, pid=100, deadline=110)


def test_an_attempt_is_never_older_than_its_order() -> None:
    batch = after(begun(["g/a"]), (Started(task=A, attempt=1, started_at=-5, pid=1), 3))
    assert phase(batch) == Running(attempt=1, since=0, slot=1, pid=1)


def test_an_adopted_attempt_keeps_its_start_and_takes_its_pid() -> None:
    batch = running()
    same, effects = step(batch, started("g/a", 1, 50), 50)
    assert (same, effects) == (batch, ())
    batch = after(batch, (Started(task=A, attempt=1, started_at=50, pid=7), 50))
    assert phase(batch) == Running(attempt=1, since=10, slot=1, pid=7, deadline=110)


def test_out_of_reach_is_no_failure() -> None:
    batch = play(running(), (ReachChanged(task=A, attempt=1, reason="no answer"), 20, []))
    assert phase(batch) == Unreachable(
        attempt=1, since=10, slot=1, reason="no answer", unreachable_at=20, pid=100, deadline=110
    )
    assert next_wakeup(batch) is None, "no time-out for what cannot be seen"
    back = after(batch, (ReachChanged(task=A, attempt=1, reason=None), 60))
    assert phase(back) == phase(running())
    batch = play(batch, (started("g/a", 1, 10), 200, [stop("g/a", 1, "ran longer than 1m40s")]))


def test_an_attempt_may_be_out_of_reach_before_it_was_confirmed() -> None:
    batch = after(begun(["g/a"], [TIMED]), (ReachChanged(task=A, attempt=1, reason="silence"), 5))
    same, _ = step(batch, ReachChanged(task=A, attempt=1, reason="silence"), 6)
    assert same is batch
    batch = after(batch, (started("g/a", 1, 10), 10))
    assert phase(batch) == Running(attempt=1, since=10, slot=1, pid=100, deadline=110)
    same, _ = step(batch, ReachChanged(task=A, attempt=1, reason=None), 11)
    assert same is batch


def test_frozen_clocks_stand_still() -> None:
    batch, _, _ = asked(running(), Freeze(), 60)
    assert phase(batch) == Frozen(attempt=1, since=10, slot=1, frozen_at=60, pid=100, left_s=50)
    assert next_wakeup(batch) is None
    batch = after(batch, (Started(task=A, attempt=1, started_at=10, pid=8), 70))
    batch, _, _ = asked(batch, Thaw(targets=("g/a",)), 1000)
    assert phase(batch) == Running(attempt=1, since=10, slot=1, pid=8, deadline=1050)


def test_freezing_gives_the_orders_and_without_a_time_out_nothing_is_left() -> None:
    batch = after(begun(["g/a"]), (started("g/a", 1, 10), 10))
    batch, effects = step(batch, _wanted(Freeze()), 20)
    assert FreezeAttempt(task=A, attempt=1) in effects
    batch, effects = step(batch, _wanted(Thaw()), 30)
    assert ThawAttempt(task=A, attempt=1) in effects
    assert phase(batch) == Running(attempt=1, since=10, slot=1, pid=100)


def _wanted(intent: Freeze | Thaw) -> Wanted:
    return Wanted(intent=intent, who="ann")


def test_silence_is_marked_when_it_has_lasted() -> None:
    batch = after(
        begun(["g/a"], [group(stall=StallPolicy(quiet_s=1800))]), (started("g/a", 1, 1), 1)
    )
    quiet = ActivityChanged(task=A, attempt=1, quiet_since=100)
    batch = after(batch, (quiet, 130), (quiet, 160))
    assert next_wakeup(batch) == 1900
    batch, effects = step(batch, Tick(), 1900)
    assert effects == (Record(kind="stall", subject=A, text="no sign of life for 30m"),)
    assert phase(batch) == Running(attempt=1, since=1, slot=1, pid=100, quiet_since=100)
    batch = after(batch, (ActivityChanged(task=A, attempt=1, quiet_since=None), 2000))
    assert phase(batch) == Running(attempt=1, since=1, slot=1, pid=100)


def test_silence_restarts_an_attempt_where_that_is_wanted() -> None:
    policy = StallPolicy(action="restart")
    batch = after(begun(["g/a"], [group(stall=policy)]), (started("g/a", 1, 1), 1))
    quiet = ActivityChanged(
        task=A,
        attempt=1,
        quiet_since=100,
        signals=("log", "cpu"),
        said="6 samples, 72 HTTP retries",
    )
    cause = "no sign of life for 30m (nothing new in its logs, no CPU): 6 samples, 72 HTTP retries"
    batch = play(batch, (quiet, 1900, [stop("g/a", 1, cause)]))
    stopping = phase(batch)
    assert isinstance(stopping, Running)
    assert stopping.ending is not None
    assert (stopping.ending.error_class, stopping.ending.then) == (ErrorClass.STALLED, "retry")
    batch = after(batch, (ended("g/a", 1, 1905), 1905))
    assert batch.tasks[A].failures == 1
    assert batch.tasks[A].history[-1].cause == cause


def test_a_time_out_comes_before_the_mark_of_silence() -> None:
    batch = after(running(), (ActivityChanged(task=A, attempt=1, quiet_since=15), 45))
    assert next_wakeup(batch) == 110
    batch = play(batch, (Tick(), 2000, [stop("g/a", 1, "ran longer than 1m40s")]))
    assert next_wakeup(batch) is None


def test_told_to_stop_twice_is_told_once_unless_it_is_for_good() -> None:
    batch = running(ending=True)
    batch, _, _ = asked(batch, Kill(targets=("g/a",)), 21)
    batch, _, _ = asked(batch, Cancel(targets=("g/a",)), 22)
    stopping = phase(batch)
    assert isinstance(stopping, Running)
    assert stopping.ending is not None
    assert stopping.ending.then == "cancel"
    batch, _, _ = asked(batch, Cancel(targets=("g/a",)), 23)
    assert phase(batch) == stopping


def test_what_has_no_attempt_cannot_be_stopped() -> None:
    batch = after(begun(["g/a"]), (ended("g/a", 1, 5), 5))
    with pytest.raises(AssertionError, match="no attempt"):
        lifecycle.stop(Draft(batch, 6), batch.tasks[A], ErrorClass.OPERATOR, "x", "again")
    with pytest.raises(AssertionError, match="no deadline"):
        lifecycle.due(Draft(batch, 6), A)


def test_a_frozen_attempt_can_end_and_be_killed() -> None:
    batch, _, _ = asked(running(), Freeze(targets=("g",)), 60)
    batch, _, _ = asked(batch, Kill(targets=("g/a",)), 61)
    frozen = phase(batch)
    assert isinstance(frozen, Frozen)
    assert frozen.ending is not None
    thawed = after(batch, (_wanted(Thaw()), 62))
    assert phase(thawed) == Running(
        attempt=1, since=10, slot=1, pid=100, deadline=112, ending=frozen.ending
    )
    assert batch.tasks[A] == replace(batch.tasks[A])
