"""Who is launched next: order, fair turns, slots, stagger, caps."""

from supervisor.core.batch import Ramping
from supervisor.core.effects import Effect, StartAttempt
from supervisor.core.events import Tick
from supervisor.core.intents import First, Pause, Resume, SetParallel
from supervisor.core.models import ErrorClass, GroupId, LimitId, TaskId
from supervisor.core.phase import Waiting
from supervisor.core.state import Batch, fresh
from supervisor.core.step import next_wakeup, step
from tests.fakes.night import (
    UUID,
    after,
    asked,
    batch_spec,
    begun,
    ended,
    failed,
    group,
    orders,
    play,
    start,
    task,
)


def launches(effects: tuple[Effect, ...] | list[Effect]) -> list[str]:
    return [one.task for one in effects if isinstance(one, StartAttempt)]


def test_slots_are_the_lowest_that_are_free() -> None:
    batch = begun(["g/a", "g/b", "g/c", "g/d", "g/e"], [group(parallel=3)])
    play(
        batch,
        (ended("g/b", 1, 10), 10, [start("g/d", slot=2)]),
        (ended("g/a", 1, 11), 11, [start("g/e", slot=1)]),
    )


def test_groups_of_equal_order_take_turns() -> None:
    names = [f"{name}/{number}" for name in "gh" for number in range(3)]
    spec = batch_spec(names, [group("g"), group("h")], parallel=1)
    batch, effects = step(fresh(spec, UUID, 0), Tick(), 0)
    seen = launches(effects)
    for now in range(1, 6):
        batch, effects = step(batch, ended(seen[-1], 1, now), now)
        seen += launches(effects)
    assert seen == ["g/0", "h/0", "g/1", "h/1", "g/2", "h/2"]


def test_a_smaller_order_goes_first() -> None:
    names = [f"{name}/{number}" for name in "gh" for number in range(2)]
    spec = batch_spec(names, [group("g", order=2), group("h", order=1)], parallel=3)
    _, effects = step(fresh(spec, UUID, 0), Tick(), 0)
    assert launches(effects) == ["h/0", "h/1", "g/0"]


def test_a_group_that_cannot_launch_lets_others_pass() -> None:
    names = [f"{name}/{number}" for name in "gh" for number in range(3)]
    spec = batch_spec(names, [group("g", order=1, parallel=1), group("h", order=2)], parallel=3)
    _, effects = step(fresh(spec, UUID, 0), Tick(), 0)
    assert launches(effects) == ["g/0", "h/0", "h/1"]


def test_launches_of_a_group_are_staggered() -> None:
    batch = begun(["g/a", "g/b"], [group(stagger_low_s=2.0, stagger_high_s=7.0)])
    assert len(batch.live) == 1
    wakeup = next_wakeup(batch)
    assert wakeup is not None
    assert 2 <= wakeup < 7
    batch = play(batch, (Tick(), 1, []), (Tick(), wakeup, [start("g/b", slot=2)]))
    batch = after(batch, (Tick(), 20))
    assert next_wakeup(batch) is None


def test_a_task_waits_for_its_time() -> None:
    batch = begun([task("g/a", not_before=600.0)])
    assert next_wakeup(batch) == 600
    play(batch, (Tick(), 599, []), (Tick(), 600, [start("g/a")]))


def test_first_goes_first_and_keeps_the_order_given() -> None:
    batch = begun([f"g/{letter}" for letter in "abcde"], [group(parallel=1)])
    batch, text, _ = asked(batch, First(targets=("g/d", "g/e")), 5)
    assert text == "next: g/d, g/e"
    play(
        batch,
        (ended("g/a", 1, 10), 10, [start("g/d")]),
        (ended("g/d", 1, 11), 11, [start("g/e")]),
        (ended("g/e", 1, 12), 12, [start("g/b")]),
    )


def test_lanes_of_different_limits_share_one_queue() -> None:
    one, two = (LimitId("one"),), (LimitId("two"),)
    batch = begun(
        [
            task("g/a", limits=one),
            task("g/b", limits=two),
            task("g/c", limits=one),
            task("g/d", limits=two),
        ],
        [group(parallel=1)],
    )
    batch = play(batch, (ended("g/a", 1, 10), 10, [start("g/b")]))
    event = failed("g/b", 1, 20, ErrorClass.QUOTA)
    batch = play(batch, (event, 20, [start("g/c")]))
    batch = play(batch, (ended("g/c", 1, 30), 30, []))
    assert isinstance(batch.tasks[TaskId("g/d")].phase, Waiting)


def test_a_paused_batch_and_a_paused_group_launch_nothing() -> None:
    batch = begun(["g/a", "g/b", "h/a", "h/b"], [group(parallel=1), group("h", parallel=1)])
    batch, _, _ = asked(batch, Pause(group=GroupId("g")), 1)
    batch = play(batch, (ended("g/a", 1, 2), 2, []), (ended("h/a", 1, 2), 2, [start("h/b")]))
    batch, _, _ = asked(batch, Pause(), 3)
    batch, _, _ = asked(batch, Resume(name="g"), 4)
    assert len(batch.live) == 1
    batch, _, _ = asked(batch, Resume(), 5)
    assert len(batch.live) == 2


def test_more_parallelism_launches_at_once() -> None:
    batch = begun([f"g/{letter}" for letter in "abcd"], [group(parallel=1)])
    batch, text, _ = asked(batch, SetParallel(group=GroupId("g"), parallel=3), 1)
    assert len(batch.live) == 3
    assert text == "g runs 3 at once"
    batch, text, _ = asked(batch, SetParallel(group=GroupId("g"), parallel=1), 2)
    assert "3 run now, none is killed" in text
    assert len(batch.live) == 3


def test_a_ramp_counts_what_runs_on_the_limit_in_every_group() -> None:
    limits = (LimitId("trapi"),)
    names = [f"{name}/{number}" for name in "gh" for number in range(6)]
    batch: Batch = begun(
        [task(name, limits=limits) for name in names],
        [group("g", parallel=4), group("h", parallel=4)],
    )
    live = [f"{name}/{number}" for name in "gh" for number in range(4)]
    for name in live:
        batch = after(batch, (failed(name, 1, 50, ErrorClass.QUOTA), 50))
    batch, _, _ = asked(batch, Resume(name="trapi"), 60)
    assert len(batch.live) == 1
    probe = next(id_ for _, id_ in batch.live)
    batch, effects = orders(batch, ended(probe, 2, 70), 70)
    assert len(launches(effects)) == 2
    assert isinstance(batch.limits[limits[0]].phase, Ramping)
    assert batch.live_by_limit[limits[0]] == 2
