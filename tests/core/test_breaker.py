"""A group whose tasks fail one after another stops; the others go on."""

import pytest

from supervisor.core.batch import Breaker, Closed, HalfOpen, Open
from supervisor.core.effects import EndEngine
from supervisor.core.events import Event, Tick
from supervisor.core.intents import Kill, Resume, Retry
from supervisor.core.models import BreakerPolicy, ErrorClass, GroupId, TaskId
from supervisor.core.phase import Aborted, Waiting
from supervisor.core.state import Batch
from supervisor.core.step import next_wakeup
from tests.fakes.night import after, asked, begun, ended, failed, group, play, start, started

G = GroupId("g")
NAMES = [f"g/{letter}" for letter in "abcdef"]


def breaker(batch: Batch) -> Breaker:
    return batch.groups[G].breaker


def bad(id_: str, attempt: int, now: float) -> tuple[Event, float]:
    return failed(id_, attempt, now, ErrorClass.BAD_REQUEST), now


def tripped(then: str = "pause", consecutive: int = 2) -> Batch:
    """A group of six, one at a time, whose first tasks failed."""
    policy = BreakerPolicy(consecutive=consecutive, then=then)  # type: ignore[arg-type]
    batch = begun([*NAMES, "h/a", "h/b"], [group(parallel=1, breaker=policy)])
    return after(batch, *(bad(name, 1, 10.0 + n) for n, name in enumerate(NAMES[:consecutive])))


def test_failures_in_a_row_open_the_breaker_until_a_probe() -> None:
    batch = tripped()
    assert breaker(batch) == Open(
        since=11,
        probe_at=11 + 900,
        cause=f"2 consecutive failures, the last: {batch.tasks[TaskId('g/b')].history[0].cause}",
    )
    assert next_wakeup(batch) == 911
    play(batch, (Tick(), 500, []), (ended("h/a", 1, 501), 501, []))


def test_a_probe_that_succeeds_closes_the_breaker() -> None:
    batch = play(
        tripped(),
        (Tick(), 911, [start("g/c")]),
        (started("g/c", 1, 912), 912, []),
        (ended("g/c", 1, 950), 950, [start("g/d")]),
    )
    assert breaker(batch) == Closed()


def test_a_probe_that_fails_opens_the_breaker_again() -> None:
    batch = play(tripped(), (Tick(), 911, [start("g/c")]), (failed("g/c", 1, 950), 950, []))
    opened = breaker(batch)
    assert isinstance(opened, Open)
    assert opened.probe_at == 950 + 900


def test_a_probe_that_proves_nothing_hands_on_to_the_next() -> None:
    batch = play(tripped(), (Tick(), 911, [start("g/c")]))
    batch, _, _ = asked(batch, Kill(targets=("g/c",)), 920)
    batch = play(batch, (ended("g/c", 1, 921, 143), 921, [start("g/c", 2)]))
    half = breaker(batch)
    assert isinstance(half, HalfOpen)
    assert half.probe == "g/c"


def test_only_one_task_probes() -> None:
    policy = BreakerPolicy(consecutive=2)
    batch = begun(NAMES, [group(parallel=2, breaker=policy)])
    batch = after(batch, bad("g/a", 1, 10), bad("g/b", 1, 11))
    assert batch.slots[G].bit_count() == 1, "c was launched before b failed"
    play(batch, (Tick(), 911, [start("g/d", slot=2)]))


def test_a_success_of_a_task_launched_before_closes_the_breaker() -> None:
    batch = begun(NAMES, [group(parallel=2, breaker=BreakerPolicy(consecutive=2))])
    batch = after(batch, bad("g/a", 1, 10), bad("g/b", 1, 11), (ended("g/c", 1, 20), 20))
    assert breaker(batch) == Closed()
    assert len(batch.live) == 2


def test_late_failures_do_not_prolong_an_open_breaker() -> None:
    batch = begun(NAMES, [group(parallel=3, breaker=BreakerPolicy(consecutive=2))])
    batch = after(batch, bad("g/a", 1, 10), bad("g/b", 1, 11))
    opened = breaker(batch)
    assert breaker(after(batch, bad("g/c", 1, 20))) == opened


def test_a_success_between_starts_the_count_anew() -> None:
    batch = begun(NAMES, [group(parallel=1, breaker=BreakerPolicy(consecutive=2))])
    batch = after(batch, bad("g/a", 1, 10), (ended("g/b", 1, 11), 11), bad("g/c", 1, 12))
    assert breaker(batch) == Closed(failed=(TaskId("g/c"),))


def test_a_retry_starts_the_count_anew() -> None:
    batch = begun(NAMES, [group(parallel=1, breaker=BreakerPolicy(consecutive=2))])
    batch = after(batch, bad("g/a", 1, 10))
    batch, _, _ = asked(batch, Retry(targets=("g/a",)), 11)
    assert breaker(batch) == Closed()


def test_what_nobody_is_to_blame_for_is_not_counted() -> None:
    batch = begun(NAMES, [group(parallel=1, breaker=BreakerPolicy(consecutive=1))])
    batch = after(batch, (failed("g/a", 1, 10, ErrorClass.CONTENT_POLICY), 10))
    assert breaker(batch) == Closed()


def test_a_breaker_that_is_off_never_opens() -> None:
    batch = tripped("off", 3)
    assert isinstance(breaker(batch), Closed)
    assert len(batch.live) == 3


def test_abort_gives_up_the_rest_and_leaves_what_runs() -> None:
    policy = BreakerPolicy(consecutive=2, then="abort")
    batch = begun([*NAMES, "h/a"], [group(parallel=3, breaker=policy)])
    batch = after(batch, bad("g/a", 1, 10))
    batch = after(batch, bad("g/b", 1, 11))
    assert batch.groups[G].aborted == "aborted: 2 consecutive failures"
    assert batch.tasks[TaskId("g/f")].phase == Aborted(
        attempt=0, ended_at=11, cause="aborted: 2 consecutive failures"
    )
    assert batch.counts[G]["running"] + batch.counts[G]["starting"] == 2
    batch = play(
        batch,
        (ended("g/c", 1, 20), 20, []),
        (ended("g/d", 1, 21), 21, []),
        (ended("h/a", 1, 22), 22, [EndEngine(why="done")]),
    )
    batch, text, _ = asked(batch, Resume(name="g"), 30)
    assert "overnight retry g" in text
    batch, text, _ = asked(batch, Retry(targets=("g/f",)), 31)
    assert batch.groups[G].aborted is None
    assert batch.tasks[TaskId("g/f")].phase.attempt == 1  # type: ignore[union-attr]


def test_a_breaker_with_nothing_left_to_stop_stays_closed() -> None:
    batch = begun(NAMES[:2], [group(parallel=1, breaker=BreakerPolicy(consecutive=2))])
    batch = after(batch, bad("g/a", 1, 10), bad("g/b", 1, 11))
    assert isinstance(breaker(batch), Closed)


def broken(id_: str, now: float) -> tuple[Event, float]:
    return ended(id_, 1, now, 127, last_line="sh: evall: not found"), now


def test_two_broken_tasks_at_the_start_of_a_group_stop_it_until_resumed() -> None:
    batch = begun(NAMES, [group(parallel=1)])
    batch = after(batch, broken("g/a", 1), broken("g/b", 2))
    assert breaker(batch) == Open(since=2, probe_at=None, cause="the first 2 tasks are broken")
    assert next_wakeup(batch) is None
    batch, text, _ = asked(batch, Resume(name="g"), 50)
    assert "its breaker is closed" in text
    assert len(batch.live) == 1


def test_broken_tasks_later_do_not_stop_their_group() -> None:
    batch = begun(NAMES, [group(parallel=1)])
    batch = after(batch, (ended("g/a", 1, 1), 1), broken("g/b", 2), broken("g/c", 3))
    assert isinstance(breaker(batch), Closed)


@pytest.mark.parametrize("name", ["g/a", "h/a"])
def test_an_unknown_mix_at_the_start_does_not_count_as_broken(name: str) -> None:
    batch = begun([*NAMES, "h/a"], [group(parallel=1)])
    batch = after(batch, bad("g/a", 1, 1), broken("g/b", 2))
    assert isinstance(breaker(batch), Closed)
    assert isinstance(batch.tasks[TaskId("g/d")].phase, Waiting)
