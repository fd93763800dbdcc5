"""``why`` speaks in plain words, in every phase."""

from supervisor.core.events import ActivityChanged, ReachChanged
from supervisor.core.intents import Cancel, Freeze, Kill, Pause
from supervisor.core.models import BreakerPolicy, ErrorClass, LimitId, TaskId, TimeoutPolicy
from supervisor.core.state import Batch, fresh
from supervisor.core.told import BadItem, Told
from supervisor.core.why import why
from tests.fakes.night import (
    UUID,
    after,
    asked,
    batch_spec,
    begun,
    ended,
    failed,
    group,
    started,
    task,
)

A = TaskId("g/a")


def lines(batch: Batch, now: float, id_: str = "g/a") -> tuple[str, ...]:
    return why(batch, TaskId(id_), now)


def test_waiting() -> None:
    batch = begun(["g/a", "g/b", task("g/c", not_before=900.0)], [group(parallel=1)])
    assert lines(batch, 5, "g/b") == ("g/b waits:", "- g runs 1 of 1 at once.")
    assert lines(batch, 300, "g/c") == ("g/c waits for its time, in 10m.",)
    paused, _, _ = asked(batch, Pause(), 1)
    assert lines(paused, 5, "g/b")[1] == "- the batch is paused by ann."


def test_a_task_that_nothing_stops_says_so() -> None:
    batch = begun(["g/a", "g/b"], [group(parallel=1)])
    assert lines(after(batch, (ended("g/a", 1, 5), 5)), 6, "g/a")[0] == "g/a succeeded 1s ago."
    new = fresh(batch_spec(["g/a"]), UUID, 0)
    assert lines(new, 0) == ("g/a is launched as soon as its turn comes.",)


def test_backing_off_tells_the_attempt_and_what_was_decided() -> None:
    batch = after(begun(["g/a"]), (started("g/a", 1, 1), 1), (failed("g/a", 1, 61), 61))
    first, attempt, found = lines(batch, 71)
    assert first.startswith("g/a is tried again in 20s after server_error: ")
    assert attempt.startswith("Attempt 1 ran 1m and ended 10s ago, server_error: ")
    assert attempt.endswith("failure 1 of 4 allowed; again in 30s.")
    assert found == "  Found by test, 9 points: +4 strong rule, +2 stderr, +3 its last words."


def test_held_names_the_limit_and_that_it_cost_nothing() -> None:
    event = failed("g/a", 1, 60, ErrorClass.USAGE_WINDOW, retry_at=3660)
    first, second, attempt, _ = lines(after(begun(["g/a"]), (event, 60)), 60)
    assert first.startswith("g/a waits for g after usage_window: ")
    assert second.startswith("g is held for another 1h1m: ")
    assert "(cost no attempt)" in attempt


def test_held_by_a_limit_that_is_free_by_now() -> None:
    both = (LimitId("one"), LimitId("two"))
    batch = begun([task("g/a", limits=both)])
    batch = after(batch, (failed("g/a", 1, 5, ErrorClass.QUOTA), 5))
    assert len(lines(batch, 6)) == 4


def test_what_the_runner_says_itself() -> None:
    said = Told(item="q4", errors=1, failed=(BadItem(id="q1", error_class="timeout", text="late"),))
    batch = after(begun(["g/a"], [group()]), (started("g/a", 1, 0), 0))
    assert why(batch, TaskId("g/a"), 10, said)[1:4] == (
        "It is at q4.",
        "1 item inside it failed:",
        "- q1: timeout: late",
    )
    batch = after(batch, (ended("g/a", 1, 20, told=said), 20))
    assert why(batch, TaskId("g/a"), 30)[1:3] == ("1 item inside it failed:", "- q1: timeout: late")


def test_live() -> None:
    timed = group(timeout=TimeoutPolicy(first_s=600))
    batch = begun(["g/a"], [timed])
    assert lines(batch, 3) == ("g/a was launched 3s ago (attempt 1).",)
    batch = after(batch, (started("g/a", 1, 10), 10))
    assert lines(batch, 70) == (
        "g/a has run for 1m (attempt 1).",
        "It may run for another 9m.",
    )
    missed = ActivityChanged(task=A, attempt=1, quiet_since=20, signals=("log", "cpu"))
    quiet = after(batch, (missed, 50))
    assert lines(quiet, 80)[1] == (
        "It has shown no sign of life for 1m (nothing new in its logs, no CPU)."
    )
    words = "inspect runs 6 samples, 72 HTTP retries"
    quiet = after(batch, (ActivityChanged(task=A, attempt=1, quiet_since=20, said=words), 50))
    assert lines(quiet, 80)[1] == f"It has shown no sign of life for 1m. Asked, {words}."
    killed, _, _ = asked(batch, Kill(targets=("g/a",)), 20)
    assert lines(killed, 25)[-1] == "It was told to stop 5s ago: killed by ann."
    frozen, _, _ = asked(batch, Freeze(), 20)
    assert lines(frozen, 25) == ("g/a is frozen in attempt 1, begun 15s ago.",)
    gone = after(batch, (ReachChanged(task=A, attempt=1, reason="no answer"), 20))
    assert lines(gone, 25) == (
        "g/a cannot be reached (attempt 1, begun 15s ago).",
        "That is no failure: no answer.",
    )


def test_over() -> None:
    batch = begun(["g/a", "g/b", "g/c", task("g/d", needs=("g/b",))], [group(parallel=2)])
    batch = after(
        batch,
        (ended("g/a", 1, 10), 10),
        (failed("g/b", 1, 20, ErrorClass.BAD_REQUEST), 20),
    )
    batch, _, _ = asked(batch, Cancel(targets=("g/c",)), 30)
    batch = after(batch, (ended("g/c", 1, 40, 143), 40))
    assert (
        lines(batch, 50)[1]
        == "Attempt 1 ran 10s and ended 40s ago, succeeded; succeeded after 10s."
    )
    assert lines(batch, 50, "g/b")[0].startswith("g/b failed 30s ago, bad_request: ")
    assert lines(batch, 50, "g/c")[0] == "g/c was cancelled 10s ago: cancelled by ann."
    assert lines(batch, 50, "g/d")[0] == (
        "g/d was given up 30s ago: needs g/b, which has not succeeded."
    )
    strict = group(parallel=1, breaker=BreakerPolicy(consecutive=1, then="abort"))
    batch = after(begun(["g/a", "g/b"], [strict]), (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5))
    assert lines(batch, 6, "g/b") == ("g/b was given up 1s ago: aborted: 1 consecutive failures.",)
