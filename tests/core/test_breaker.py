"""A group whose tasks fail one after another stops; the others go on."""

from dataclasses import replace

import pytest

from supervisor.core.batch import Breaker, Closed, HalfOpen, Open, Part
from supervisor.core.blocks import part_reason, parts_reason
from supervisor.core.effects import EndEngine
from supervisor.core.events import ClockJumped, Event, Tick
from supervisor.core.intents import First, Kill, Resume, Retry
from supervisor.core.models import BreakerPolicy, ErrorClass, GroupId, TaskId
from supervisor.core.needs_you import needs_you
from supervisor.core.parts import part_state
from supervisor.core.phase import Aborted, Waiting
from supervisor.core.picture import group_row
from supervisor.core.state import Batch
from supervisor.core.step import next_wakeup
from supervisor.core.why import why
from tests.fakes.night import after, asked, begun, ended, failed, group, play, start, started, task

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


def test_what_is_tried_again_is_not_counted() -> None:
    batch = begun(NAMES, [group(parallel=1, breaker=BreakerPolicy(consecutive=1))])
    now = 0.0
    for attempt in (1, 2, 3):
        now += 1000
        batch = after(batch, (failed("g/a", attempt, now), now))
        assert breaker(batch) == Closed(), "it has attempts left"
        batch, _, _ = asked(batch, First(targets=("g/a",)), now)
        running = next(id_ for _, id_ in batch.live)
        batch = after(batch, (Tick(), now + 900), (ended(running, 1, now + 900), now + 900))
    assert [id_ for _, id_ in batch.live] == ["g/a"]
    assert isinstance(breaker(after(batch, (failed("g/a", 4, 5000), 5000))), Open)


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


MODELS = [f"g/{model}{seed}" for model in "xyz" for seed in range(4)]
PER = BreakerPolicy(consecutive=2, per=("model",))


def matrix(policy: BreakerPolicy = PER, parallel: int = 1) -> Batch:
    """Three models with four seeds each, in that order."""
    tasks = [task(id_, params={"model": id_[2], "seed": id_[3]}) for id_ in MODELS]
    return begun(tasks, [group(parallel=parallel, breaker=policy)])


def part(batch: Batch, model: str) -> Part:
    return part_state(batch.groups[G], f"model={model}")


def test_one_broken_model_does_not_stop_the_others() -> None:
    batch = play(
        after(matrix(), bad("g/x0", 1, 10)),
        (failed("g/x1", 1, 11, ErrorClass.BAD_REQUEST), 11, [start("g/y0")]),
    )
    assert isinstance(part(batch, "x").breaker, Open)
    assert breaker(batch) == Closed()
    assert next_wakeup(batch) == 11 + 900
    (first, *_) = why(batch, TaskId("g/x2"), 20)
    assert first == "g/x2 waits:"
    told = "\n".join(why(batch, TaskId("g/x2"), 20))
    assert "g/model=x stands still after 2 consecutive failures" in told
    (need,) = needs_you(batch, 20)
    assert (need.what, need.command) == ("g/model=x", "overnight resume g/model=x")
    assert "one task is tried" in need.why


def test_a_part_is_probed_by_one_of_its_own() -> None:
    batch = after(matrix(parallel=2), bad("g/x0", 1, 10), bad("g/x1", 1, 11))
    batch = play(
        batch,
        (ended("g/x2", 1, 20), 20, [start("g/x3", slot=1)]),
    )
    assert part(batch, "x") == Part(), "a success closes it"
    batch = after(matrix(), bad("g/x0", 1, 10), bad("g/x1", 1, 11))
    batch = play(
        batch,
        (Tick(), 911, []),
        (ended("g/y0", 1, 912), 912, [start("g/x2")]),
        (failed("g/x2", 1, 920), 920, [start("g/y1")]),
    )
    opened = part(batch, "x").breaker
    assert isinstance(opened, Open)
    assert opened.probe_at == 920 + 900


def test_a_part_may_be_given_up_alone() -> None:
    batch = after(
        matrix(replace(PER, then="abort"), parallel=2),
        bad("g/x0", 1, 10),
        bad("g/x1", 1, 11),
    )
    cause = "aborted: 2 consecutive failures of model=x"
    row = group_row(batch, G, 12)
    assert (row.breaker, dict(row.parts)) == ("closed", {"model=x": "aborted"})
    assert part(batch, "x").aborted == cause
    assert batch.tasks[TaskId("g/x2")].phase.attempt == 1  # type: ignore[union-attr]
    # What still runs of it is not run again.
    batch = after(batch, (failed("g/x2", 1, 12), 12))
    assert batch.tasks[TaskId("g/x2")].phase == Aborted(attempt=1, ended_at=12, cause=cause)
    assert batch.counts[G]["aborted"] == 2
    assert batch.groups[G].aborted is None
    batch, _, _ = asked(batch, Retry(targets=("g/x2",)), 13)
    assert part(batch, "x") == Part()


def test_the_rest_of_a_part_is_marked_with_the_reason() -> None:
    batch = after(matrix(replace(PER, then="abort")), bad("g/x0", 1, 10), bad("g/x1", 1, 11))
    phase = batch.tasks[TaskId("g/x3")].phase
    assert isinstance(phase, Aborted)
    assert phase.cause == "aborted: 2 consecutive failures of model=x"
    assert batch.counts[G]["aborted"] == 2
    assert len(batch.live) == 1


def test_a_part_with_nothing_left_to_stop_stays_closed() -> None:
    ids = ["g/x0", "g/x1", "g/y0", "g/y1"]
    tasks = [task(id_, params={"model": id_[2]}) for id_ in ids]
    batch = begun(tasks, [group(parallel=1, breaker=PER)])
    batch = after(batch, bad("g/x0", 1, 10), bad("g/x1", 1, 11))
    assert isinstance(part(batch, "x").breaker, Closed)
    assert len(batch.live) == 1


@pytest.mark.parametrize("name", ["g/model=x", "g"])
def test_an_operator_resets_a_part_or_all_of_them(name: str) -> None:
    batch = after(
        matrix(),
        *(bad(f"g/{one}", 1, 10 + n) for n, one in enumerate(("x0", "x1", "y0", "y1"))),
    )
    (need,) = needs_you(batch, 20)
    assert (need.what, need.command) == ("g", "overnight resume g")
    assert "1 other part as well" in need.why
    reason = parts_reason(batch, G, 20)
    assert reason is not None
    assert "1 other part as well" in reason
    batch, text, refused = asked(batch, Resume(name=name), 20)
    assert (text.startswith(f"{name} goes on"), refused) == (True, False)
    assert "breaker is closed" in text
    assert part(batch, "x") == Part()
    assert isinstance(part(batch, "y").breaker, Open) is (name != "g")
    batch, text, refused = asked(batch, Resume(name=name), 21)
    assert (text, refused) == (f"{name} goes on", False)


def test_a_part_that_was_given_up_is_told_how_to_run_again() -> None:
    batch = after(matrix(replace(PER, then="abort")), bad("g/x0", 1, 10), bad("g/x1", 1, 11))
    told = part_reason(batch, G, "model=x", 20)
    assert told == "g/model=x was given up (aborted: 2 consecutive failures of model=x)"
    batch, text, _ = asked(batch, Resume(name="g/model=x"), 20)
    assert "overnight retry" in text
    assert part(batch, "x") == Part()


def test_a_share_of_the_last_ends_opens_the_breaker() -> None:
    policy = BreakerPolicy(consecutive=0, share=0.5, window=4)
    batch = begun(NAMES, [group(parallel=1, breaker=policy)])
    batch = after(batch, bad("g/a", 1, 10), (ended("g/b", 1, 11), 11), bad("g/c", 1, 12))
    opened = breaker(batch)
    assert isinstance(opened, Open)
    assert opened.cause.startswith("2 failures among the last 3 ends")


def test_the_clock_moves_the_probe_of_a_part() -> None:
    batch = after(matrix(), bad("g/x0", 1, 10), bad("g/x1", 1, 11))
    batch = after(batch, (ClockJumped(by_s=3600.0), 3611.0))
    assert next_wakeup(batch) == 11 + 900 + 3600
