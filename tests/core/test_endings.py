"""What each kind of end means for its task: the class table, row by row."""

from dataclasses import replace

import pytest

from supervisor.core.batch import Open
from supervisor.core.effects import EndEngine, Reply
from supervisor.core.endings import same_cause
from supervisor.core.events import DiskChanged, Ended, Tick, Wanted
from supervisor.core.intents import Cancel, Kill, Reload, Stop
from supervisor.core.models import (
    BreakerPolicy,
    ErrorClass,
    GiveUpPolicy,
    GroupId,
    RetryPolicy,
    TaskId,
    TimeoutPolicy,
)
from supervisor.core.phase import (
    Aborted,
    BackingOff,
    Cancelled,
    Failed,
    Held,
    Phase,
    Running,
    Starting,
    Succeeded,
    Waiting,
)
from supervisor.core.state import Batch
from supervisor.core.step import next_wakeup
from supervisor.core.wish import Wish
from tests.fakes.night import (
    after,
    asked,
    batch_spec,
    begun,
    ended,
    failed,
    group,
    play,
    start,
    started,
    stop,
    task,
)

A = TaskId("g/a")


def phase(batch: Batch, id_: str = "g/a") -> Phase:
    return batch.tasks[TaskId(id_)].phase


@pytest.mark.parametrize(
    "error_class",
    [
        ErrorClass.SERVER_ERROR,
        ErrorClass.NETWORK,
        ErrorClass.POOL_CRASH,
        ErrorClass.UNKNOWN,
        ErrorClass.CUDA_OOM,
        ErrorClass.CUDA_ERROR,
        ErrorClass.HOST_OOM,
    ],
)
def test_a_passing_fault_backs_off_and_costs_an_attempt(error_class: ErrorClass) -> None:
    batch = after(begun(["g/a"]), (failed("g/a", 1, 100, error_class), 100))
    assert phase(batch) == BackingOff(
        attempt=1, restart_at=130, error_class=error_class, cause=batch.tasks[A].history[0].cause
    )
    assert batch.tasks[A].failures == 1
    assert batch.tasks[A].history[0].counted
    assert next_wakeup(batch) == 130


def test_the_last_attempt_fails_the_task() -> None:
    batch = begun(["g/a"])
    now = 0.0
    for attempt, wait_s in enumerate((30, 60, 120), 1):
        now += 100
        batch = after(batch, (failed("g/a", attempt, now), now))
        assert next_wakeup(batch) == now + wait_s
        now += wait_s
        batch = play(batch, (Tick(), now, [start("g/a", attempt + 1)]))
    batch = play(batch, (failed("g/a", 4, now + 100), now + 100, [EndEngine(why="done")]))
    assert isinstance(phase(batch), Failed)
    assert batch.tasks[A].failures == 4


def test_a_class_with_its_own_budget_lasts_longer() -> None:
    own = group(attempts_by_class={ErrorClass.SERVER_ERROR: 1, ErrorClass.NETWORK: 8})
    batch = after(begun(["g/a", "g/b"], [own]), (failed("g/a", 1, 100), 100))
    assert isinstance(phase(batch), Failed)
    batch = after(batch, (failed("g/b", 1, 500, ErrorClass.NETWORK), 500))
    assert isinstance(phase(batch, "g/b"), BackingOff)


def test_a_class_with_its_own_waits_backs_off_in_its_own_way() -> None:
    slow = replace(group().retry, base_s=600, cap_s=3600)
    own = group(retry_by_class={ErrorClass.NETWORK: slow, ErrorClass.RATE_LIMIT: slow})
    classes = (ErrorClass.NETWORK, ErrorClass.RATE_LIMIT, ErrorClass.UNKNOWN)
    batch = begun(["g/a", "g/b", "g/c"], [own])
    names = ("g/a", "g/b", "g/c")
    batch = after(
        batch, *((failed(n, 1, 100, c), 100) for n, c in zip(names, classes, strict=True))
    )
    waits = [
        found.restart_at - 100
        for name in names
        if isinstance(found := phase(batch, name), BackingOff)
    ]
    assert waits == [600, 600, 30]


def test_the_batch_file_says_what_is_done_about_a_class() -> None:
    own = group(
        action_by_class={
            ErrorClass.UNKNOWN: "fail",
            ErrorClass.NETWORK: "wait",
            ErrorClass.USAGE_WINDOW: "retry",
            ErrorClass.POOL_CRASH: "hold",
        }
    )
    names = [f"g/{one}" for one in "abcd"]
    batch = begun(names, [own])
    classes = (
        ErrorClass.UNKNOWN,
        ErrorClass.NETWORK,
        ErrorClass.USAGE_WINDOW,
        ErrorClass.POOL_CRASH,
    )
    events = [(failed(n, 1, 100, c), 100.0) for n, c in zip(names, classes, strict=True)]
    batch = after(batch, *events)
    kinds = [type(phase(batch, name)) for name in names]
    assert kinds == [Failed, BackingOff, BackingOff, Held]
    assert [batch.tasks[TaskId(name)].failures for name in names] == [1, 0, 1, 0]


@pytest.mark.parametrize("error_class", [ErrorClass.CONTENT_POLICY, ErrorClass.BAD_REQUEST])
def test_what_would_fail_again_fails_at_once(error_class: ErrorClass) -> None:
    batch = after(begun(["g/a"]), (failed("g/a", 1, 100, error_class), 100))
    assert phase(batch) == Failed(
        attempt=1, ended_at=100, error_class=error_class, cause=batch.tasks[A].history[0].cause
    )


def test_a_short_rate_limit_waits_as_stated_at_no_cost() -> None:
    event = failed("g/a", 1, 100, ErrorClass.RATE_LIMIT, retry_at=140)
    batch = after(begun(["g/a"]), (event, 100))
    backing_off = phase(batch)
    assert isinstance(backing_off, BackingOff)
    assert backing_off.restart_at == 100 + 40 + 4
    assert backing_off.stated
    assert batch.tasks[A].failures == 0
    assert batch.tasks[A].waited_s == 0


@pytest.mark.parametrize(("stated_s", "wait_s", "stated"), [(60, 65, True), (5, 30, False)])
def test_a_server_that_says_when_it_is_back_is_given_so_long(
    stated_s: float, wait_s: float, stated: bool
) -> None:
    event = failed("g/a", 1, 100, ErrorClass.SERVER_ERROR, retry_at=100 + stated_s)
    backing_off = phase(after(begun(["g/a"]), (event, 100)))
    assert isinstance(backing_off, BackingOff)
    assert (backing_off.restart_at, backing_off.stated) == (100 + wait_s, stated)


def test_an_unstated_rate_limit_backs_off_longer_each_time() -> None:
    batch = begun(["g/a"])
    now = 0.0
    for attempt, wait_s in enumerate((30, 60, 120, 240, 300, 300), 1):
        now += 10
        event = failed("g/a", attempt, now, ErrorClass.RATE_LIMIT)
        batch = after(batch, (event, now), (Tick(), now + wait_s))
        now += wait_s
        assert isinstance(phase(batch), Starting)
    assert batch.tasks[A].failures == 0
    assert batch.tasks[A].waited_s == 1050


def test_patience_ends_after_so_many_waits() -> None:
    patience = group(give_up=GiveUpPolicy(holds=2))
    batch = begun(["g/a"], [patience])
    for attempt in (1, 2, 3):
        now = attempt * 1000.0
        event = failed("g/a", attempt, now, ErrorClass.DOCKER)
        batch = after(batch, (event, now), (Tick(), now + 900))
    assert phase(batch) == Failed(
        attempt=3,
        ended_at=3000,
        error_class=ErrorClass.DOCKER,
        cause=batch.tasks[A].history[0].cause,
    )
    assert "gave up after 2 waits" in batch.tasks[A].history[-1].decision


def test_patience_ends_after_so_long_a_wait() -> None:
    patience = group(give_up=GiveUpPolicy(waited_s=50))
    batch = begun(["g/a"], [patience])
    for attempt in (1, 2):
        now = attempt * 1000.0
        event = failed("g/a", attempt, now, ErrorClass.RATE_LIMIT)
        batch = after(batch, (event, now), (Tick(), now + 900))
    assert isinstance(phase(batch), Failed)


@pytest.mark.parametrize("error_class", [ErrorClass.QUOTA, ErrorClass.DISK_FULL])
def test_patience_with_holds_and_disks_ends_too(error_class: ErrorClass) -> None:
    patience = group(give_up=GiveUpPolicy(holds=0))
    batch = after(begun(["g/a"], [patience]), (failed("g/a", 1, 100, error_class), 100))
    assert isinstance(phase(batch), Failed)


def test_a_full_disk_stops_the_batch_until_there_is_space() -> None:
    batch = begun(["g/a", "g/b", "g/c"], [group(parallel=2)])
    batch = play(
        batch,
        (failed("g/a", 1, 10, ErrorClass.DISK_FULL), 10, []),
        (failed("g/b", 1, 11, ErrorClass.DISK_FULL), 11, []),
        (DiskChanged(reason=None), 50, [start("g/a", 2), start("g/b", 2, 2)]),
    )
    assert batch.tasks[A].failures == 0


def test_a_disk_that_nobody_watches_is_tried_again() -> None:
    batch = after(begun(["g/a"]), (failed("g/a", 1, 10, ErrorClass.DISK_FULL), 10))
    assert next_wakeup(batch) == 310
    play(batch, (Tick(), 310, [start("g/a", 2)]))


def test_a_lost_attempt_runs_again_but_not_for_ever() -> None:
    lost = {"preset": ErrorClass.LOST, "cause": "the machine was restarted"}
    batch = play(
        begun(["g/a"]),
        (ended("g/a", 1, 10, None, **lost), 10, [start("g/a", 2)]),
        (ended("g/a", 2, 20, None, **lost), 20, [start("g/a", 3)]),
        (ended("g/a", 3, 30, None, **lost), 30, [EndEngine(why="done")]),
    )
    assert isinstance(phase(batch), Failed)
    assert batch.tasks[A].failures == 0


def test_other_ends_between_make_losses_start_anew() -> None:
    lost = {"preset": ErrorClass.LOST, "cause": "the machine was restarted"}
    batch = after(
        begun(["g/a"]),
        (ended("g/a", 1, 10, None, **lost), 10),
        (ended("g/a", 2, 20, None, **lost), 20),
        (failed("g/a", 3, 30), 30),
        (Tick(), 60),
        (ended("g/a", 4, 70, None, **lost), 70),
    )
    assert batch.tasks[A].losses == 1
    assert isinstance(phase(batch), Starting)


def test_the_same_early_unknown_end_three_times_is_broken() -> None:
    batch = begun(["g/a"])
    for attempt in (1, 2, 3):
        now = attempt * 1000.0
        batch = after(
            batch, (started("g/a", attempt, now), now), (ended("g/a", attempt, now + 2, 3), now + 2)
        )
        batch = after(batch, (Tick(), now + 900))
    over = phase(batch)
    assert isinstance(over, Failed)
    assert over.error_class is ErrorClass.BROKEN
    assert over.attempt == 3


def test_two_tasks_that_fail_alike_three_times_pause_their_group() -> None:
    batch = begun(["g/a", "g/b", task("g/c", not_before=1e6)], [group(parallel=2)])
    for attempt in (1, 2, 3):
        now = attempt * 1000.0
        for name in ("g/a", "g/b"):
            words = f"12:0{attempt}: boom at 0x{attempt}f"
            batch = after(
                batch,
                (started(name, attempt, now), now),
                (ended(name, attempt, now + 2, 3, last_line=words), now + 2),
            )
        batch = after(batch, (Tick(), now + 900))
    assert batch.groups[GroupId("g")].breaker == Open(
        since=3002, probe_at=None, cause="the first 2 tasks are broken"
    )


def test_different_or_late_unknown_ends_are_not_broken() -> None:
    batch = begun(["g/a", "g/b"])
    for attempt in (1, 2, 3):
        now = attempt * 1000.0
        batch = after(
            batch,
            (started("g/a", attempt, now), now),
            (started("g/b", attempt, now), now),
            (ended("g/a", attempt, now + 2, attempt), now + 2),
            (ended("g/b", attempt, now + 200, 3), now + 200),
            (Tick(), now + 900),
        )
    assert isinstance(phase(batch), Starting)
    assert isinstance(phase(batch, "g/b"), Starting)


def test_memory_of_the_machine_lowers_the_groups_parallelism() -> None:
    batch = begun(["g/a", "g/b", "g/c"], [group(parallel=2)])
    batch = after(batch, (failed("g/a", 1, 10, ErrorClass.HOST_OOM), 10))
    assert batch.groups[GroupId("g")].parallel == 1
    batch = after(batch, (failed("g/b", 1, 10, ErrorClass.HOST_OOM), 10))
    assert batch.groups[GroupId("g")].parallel == 1


def test_a_time_out_is_stopped_retried_and_given_more_time() -> None:
    patient = group(timeout=TimeoutPolicy(first_s=100, growth=1.5))
    batch = play(
        begun(["g/a"], [patient]),
        (started("g/a", 1, 1), 1, []),
        (Tick(), 101, [stop("g/a", 1, "ran longer than 1m40s")]),
        (Tick(), 102, []),
        (ended("g/a", 1, 103, 143), 103, []),
        (Tick(), 133, [start("g/a", 2)]),
        (started("g/a", 2, 133), 133, []),
    )
    running = phase(batch)
    assert isinstance(running, Running)
    assert running.deadline == 133 + 150
    assert batch.tasks[A].timeouts == 1
    assert batch.tasks[A].history[0].error_class is ErrorClass.TIMEOUT


def test_a_kill_costs_nothing_and_the_task_runs_again_at_once() -> None:
    batch = play(
        after(begun(["g/a", "g/b"], [group(parallel=1)]), (started("g/a", 1, 1), 1)),
        (Wanted(intent=Cancel(targets=("g/b",)), who="ann"), 2, [Reply(text="cancelled: g/b")]),
        (
            Wanted(intent=Kill(targets=("a",)), who="ann"),
            5,
            [
                stop("g/a", 1, "killed by ann"),
                Reply(text="stopping g/a; they run again at no cost"),
            ],
        ),
        (ended("g/a", 1, 6, 0), 6, [start("g/a", 2)]),
    )
    assert batch.tasks[A].failures == 0
    assert batch.tasks[A].history[0].error_class is ErrorClass.OPERATOR


def test_an_attempt_that_succeeded_before_it_was_told_to_stop_has_succeeded() -> None:
    batch, _, _ = asked(begun(["g/a"]), Kill(targets=("g/a",)), 50)
    batch = after(batch, (ended("g/a", 1, 49), 51))
    assert phase(batch) == Succeeded(attempt=1, ended_at=49)


def test_an_attempt_that_failed_before_it_was_killed_has_failed() -> None:
    batch, _, _ = asked(begun(["g/a"]), Kill(targets=("g/a",)), 50)
    batch = after(batch, (failed("g/a", 1, 49), 51))
    assert batch.tasks[A].failures == 1


def test_a_cancelled_attempt_ends_the_task_for_good() -> None:
    batch, _, _ = asked(begun(["g/a"]), Cancel(targets=("g/a",)), 50)
    batch = after(batch, (ended("g/a", 1, 52, 0), 52))
    assert phase(batch) == Cancelled(attempt=1, ended_at=52, cause="cancelled by ann")


def test_a_stopped_engine_leaves_its_tasks_waiting_at_no_cost() -> None:
    batch, text, _ = asked(begun(["g/a", "g/b"], [group(parallel=1)]), Stop(), 50)
    assert "goes on later" in text
    batch = play(batch, (ended("g/a", 1, 52, 143), 52, [EndEngine(why="stopped")]))
    assert isinstance(phase(batch), Waiting)
    assert batch.tasks[A].failures == 0


def test_an_attempt_of_a_group_that_was_given_up_is_not_retried() -> None:
    strict = group(parallel=2, breaker=BreakerPolicy(consecutive=1, then="abort"))
    batch = after(
        begun(["g/a", "g/b", "g/c"], [strict]),
        (failed("g/a", 1, 10, ErrorClass.BAD_REQUEST), 10),
        (failed("g/b", 1, 20), 20),
    )
    assert phase(batch, "g/b") == Aborted(
        attempt=1, ended_at=20, cause="aborted: 1 consecutive failures"
    )


def test_a_removed_task_runs_out_and_is_not_retried() -> None:
    batch = begun(["g/a", "g/b"])
    batch, _, _ = asked(batch, Reload(spec=batch_spec(["g/b"])), 5)
    batch = after(batch, (failed("g/a", 1, 20), 20))
    assert isinstance(phase(batch), Cancelled)
    assert sum(batch.counts[GroupId("g")].values()) == 1


def test_an_end_found_late_is_due_at_once() -> None:
    play(begun(["g/a"]), (failed("g/a", 1, 100), 5000, [start("g/a", 2)]))


def test_a_held_task_waits_for_its_limit() -> None:
    batch = after(begun(["g/a"]), (failed("g/a", 1, 100, ErrorClass.QUOTA), 100))
    assert isinstance(phase(batch), Held)
    assert not isinstance(batch.groups[GroupId("g")].breaker, Open)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("exit 1: boom at 0x7f12ab", "exit 1: boom at 0x7f98cd", True),
        ("exit 1: 12:00:01 pid 4711 gave up", "exit 1: 12:03:59 pid 815 gave up", True),
        ("exit 1: run 3f2a9c1e7b failed", "exit 1: run 99ab12cd34 failed", True),
        ("exit 1: boom", "exit 1: bang", False),
        ("exit 1: deadbeaf facade", "exit 1: deadbeef facade", False),
    ],
)
def test_causes_are_the_same_but_for_times_and_addresses(one: str, other: str, same: bool) -> None:
    assert same_cause(one, other) is same


def test_a_limit_that_only_the_last_words_tell_of_costs_an_attempt() -> None:
    """Its exit code says success: it may have dealt with it."""
    batch = begun(["g/a"], [group(retry=RetryPolicy(attempts=2))])
    for attempt in (1, 2):
        now = attempt * 1000.0
        error = replace(
            failed("g/a", attempt, now, ErrorClass.RATE_LIMIT).end, code=0, ended_at=now
        )
        last = replace(error.detections[0], form="exception", place="traceback")
        end = replace(error, detections=(last,))
        batch = after(batch, (Ended(task=A, attempt=attempt, end=end), now), (Tick(), now + 500))
    over = phase(batch)
    assert isinstance(over, Failed)
    assert over.error_class is ErrorClass.RATE_LIMIT


def test_a_container_that_fills_its_own_memory_lowers_nothing() -> None:
    for wish, parallel in (
        (Wish(image="x", memory_bytes=1 << 30), 4),
        (Wish(image="x"), 3),
        (None, 3),
    ):
        batch = after(begun([task("g/a", container=wish)]), (started("g/a", 1, 0), 0))
        batch = after(batch, (ended("g/a", 1, 5, code=137, oom_killed=True), 5))
        assert batch.groups[GroupId("g")].parallel == parallel
