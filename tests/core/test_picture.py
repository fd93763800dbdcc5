"""The picture that clients draw tells the truth about every phase and state."""

from supervisor.core.board import TaskRow
from supervisor.core.events import ActivityChanged, DiskChanged, ReachChanged, RefreshEnded, Tick
from supervisor.core.intents import Cancel, Freeze, Kill, Pause, Reload, Resume, Stop
from supervisor.core.models import (
    BreakerPolicy,
    CommandSpec,
    ErrorClass,
    GroupId,
    LimitId,
    LimitSpec,
    TaskId,
    TimeoutPolicy,
)
from supervisor.core.options import RunOptions
from supervisor.core.phase import WORDS
from supervisor.core.picture import board, head, task_row
from supervisor.core.resume import plan
from supervisor.core.state import Batch
from supervisor.core.wish import Wish
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

G = GroupId("g")
NAMES = [f"g/{letter}" for letter in "abcdef"]


def row(batch: Batch, id_: str = "g/a", now: float = 100) -> TaskRow:
    return task_row(batch, TaskId(id_), now)


def test_the_whole_board() -> None:
    batch = begun(["g/a", "h/b"])
    found = board(batch, 5)
    assert list(found.tasks) == ["g/a", "h/b"]
    assert (found.seq, found.connected) == (1, True)
    assert found.head.batch == "night"
    assert found.head.uuid == UUID
    assert set(found.head.counts) == set(WORDS.values())
    assert found.head.counts["starting"] == 2
    assert [one.group for one in found.head.groups] == ["g", "h"]


def test_a_live_row() -> None:
    timed = group(timeout=TimeoutPolicy(first_s=600))
    batch = begun(["g/a"], [timed])
    assert row(batch) == TaskRow(
        task=TaskId("g/a"), group="g", phase="starting", attempt=1, attempts=4, since=0
    )
    batch = after(batch, (started("g/a", 1, 10), 10))
    assert row(batch) == TaskRow(
        task=TaskId("g/a"),
        group="g",
        phase="running",
        attempt=1,
        attempts=4,
        since=10,
        next_at=610,
        pid=100,
    )
    quiet = after(batch, (ActivityChanged(task=TaskId("g/a"), attempt=1, quiet_since=20), 50))
    assert row(quiet).note is None
    assert row(after(quiet, (Tick(), 20 + 1800))).note == "stopping: ran longer than 10m"
    frozen, _, _ = asked(batch, Freeze(), 30)
    assert (row(frozen).phase, row(frozen).since, row(frozen).next_at) == ("frozen", 30, None)
    gone = after(batch, (ReachChanged(task=TaskId("g/a"), attempt=1, reason="no answer"), 30))
    assert (row(gone).phase, row(gone).note) == ("unreachable", "no answer")
    killed, _, _ = asked(batch, Kill(targets=("g/a",)), 30)
    assert row(killed).note == "stopping: killed by ann"


def test_long_silence_is_noted() -> None:
    batch = after(
        begun(["g/a"]),
        (started("g/a", 1, 10), 10),
        (ActivityChanged(task=TaskId("g/a"), attempt=1, quiet_since=20), 50),
        (Tick(), 1820),
    )
    assert row(batch).note == "no sign of life"


def test_rows_at_rest() -> None:
    batch = begun(["g/a", task("g/b", needs=("g/a",)), task("g/c", not_before=900.0), "g/d"])
    assert row(batch, "g/b").note == "needs g/a"
    assert row(batch, "g/c").next_at == 900
    batch = after(batch, (failed("g/a", 1, 60), 60))
    backing = row(batch)
    assert (backing.phase, backing.since, backing.next_at) == ("backing_off", 60, 90)
    assert backing.error_class == "server_error"
    assert backing.cause
    batch = after(batch, (Tick(), 90))
    assert row(batch).error_class == "server_error", "the last bad end stays in sight"
    batch = after(batch, (failed("g/d", 1, 95, ErrorClass.USAGE_WINDOW, retry_at=700), 95))
    held = row(batch, "g/d")
    assert (held.phase, held.note, held.since) == ("held", "held by g", 95)
    assert held.next_at is not None
    assert held.next_at > 700


def test_rows_that_are_over() -> None:
    batch = begun(["g/a", "g/b", "g/c", task("g/d", needs=("g/b",))])
    batch = after(batch, (failed("g/a", 1, 5), 5), (Tick(), 35), (ended("g/a", 2, 40), 40))
    assert (row(batch).phase, row(batch).error_class, row(batch).since) == ("succeeded", None, 40)
    batch = after(batch, (failed("g/b", 1, 50, ErrorClass.BAD_REQUEST), 50))
    assert (row(batch, "g/b").phase, row(batch, "g/b").error_class) == ("failed", "bad_request")
    assert (row(batch, "g/d").phase, row(batch, "g/d").error_class) == ("aborted", None)
    batch, _, _ = asked(batch, Cancel(targets=("g/c",)), 60)
    batch = after(batch, (ended("g/c", 1, 61, 143), 61))
    assert (row(batch, "g/c").phase, row(batch, "g/c").since) == ("cancelled", 61)
    assert row(batch, "g/c").cause == "cancelled by ann"


def test_removed_and_left_out_rows_say_so() -> None:
    batch, _, _ = asked(begun(["g/a", "g/b"]), Reload(spec=batch_spec(["g/b"])), 5)
    assert row(batch).note == "removed from the batch file"
    found = plan(batch_spec(["g/a", "h/b"]), None, RunOptions(filter="h/*"), 0, UUID)
    assert row(found.batch).note == "not in this run"


def held() -> Batch:
    batch = begun(NAMES, [group(parallel=4)])
    return after(batch, *((failed(f"g/{one}", 1, 100, ErrorClass.QUOTA), 100) for one in "abcd"))


def test_the_state_of_the_batch() -> None:
    batch = begun(["g/a", "g/b"], [group(parallel=1)])
    assert head(batch, 1).state == "running"
    paused, _, _ = asked(batch, Pause(), 1)
    assert (head(paused, 1).state, head(paused, 1).reason) == (
        "paused",
        "the batch is paused by ann",
    )
    stopping, _, _ = asked(batch, Stop(), 1)
    assert head(stopping, 1).state == "running"
    stopped = after(stopping, (ended("g/a", 1, 2, 143), 2))
    assert head(stopped, 3).state == "stopped"
    assert head(held(), 101).state == "held"
    full = after(batch, (DiskChanged(reason="no space"), 1), (ended("g/a", 1, 2), 2))
    assert head(full, 3).state == "held"
    assert head(full, 3).reason == "no space: no space"
    waiting = begun([task("g/a", not_before=900.0)])
    assert head(waiting, 3).state == "running"
    done = after(begun(["g/a"]), (ended("g/a", 1, 2), 2))
    assert (head(done, 3).state, head(done, 3).reason) == ("done", None)


def test_a_full_cap_is_no_news() -> None:
    batch = begun(["g/a", "g/b"], parallel=1)
    assert head(batch, 1).reason is None
    paused, _, _ = asked(batch, Pause(), 1)
    assert head(paused, 1).reason == "the batch is paused by ann"


def group_state(batch: Batch, now: float = 200) -> tuple[str, str, str | None]:
    (found,) = (one for one in head(batch, now).groups if one.group == "g")
    return found.state, found.breaker, found.reason


def test_the_state_of_a_group() -> None:
    batch = begun(["g/a", "g/b"], [group(parallel=1)])
    assert group_state(batch) == ("running", "closed", None)
    paused, _, _ = asked(batch, Pause(group=G), 1)
    assert group_state(paused) == ("paused", "closed", "g is paused by ann")
    done = after(batch, (ended("g/a", 1, 2), 2), (ended("g/b", 1, 3), 3))
    assert group_state(done) == ("done", "closed", None)
    assert group_state(begun([task("g/a", not_before=900.0)]))[0] == "waiting"


def test_a_group_behind_a_limit_is_held() -> None:
    batch = held()
    state, _, reason = group_state(batch)
    assert state == "held"
    assert reason is not None
    assert reason.startswith("g is held until you release it")
    other = begun(
        [
            task("h/a", limits=(LimitId("g"),)),
            task("g/a", limits=(LimitId("g"),)),
            task("g/b", limits=(LimitId("g"),)),
        ],
        [group("h"), group("g", parallel=1)],
    )
    other = after(other, (failed("h/a", 1, 5, ErrorClass.QUOTA), 5), (ended("g/a", 1, 6), 6))
    assert group_state(other)[0] == "held"
    assert head(other, 7).groups[0].state == "held"


def test_a_group_with_an_open_breaker_is_held_and_an_aborted_one_aborted() -> None:
    policy = group(parallel=1, breaker=BreakerPolicy(consecutive=1))
    batch = after(begun(NAMES, [policy]), (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5))
    state, breaker, reason = group_state(batch)
    assert (state, breaker) == ("held", "open")
    assert reason is not None
    assert group_state(after(batch, (Tick(), 905)))[1] == "half-open"
    strict = group(parallel=1, breaker=BreakerPolicy(consecutive=1, then="abort"))
    batch = after(begun(NAMES, [strict]), (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5))
    assert group_state(batch)[0] == "aborted"


def test_limits_that_hold_probe_or_ramp_have_rows() -> None:
    batch = held()
    (one,) = head(batch, 101).limits
    assert (one.state, one.held_until, one.since) == ("held", None, 100)
    batch, _, _ = asked(batch, Resume(name="g"), 200)
    (one,) = head(batch, 201).limits
    assert one.state == "probing"
    batch = after(batch, (ended("g/a", 2, 210), 210))
    (one,) = head(batch, 211).limits
    assert (one.state, one.reason) == ("ramping", "2 at once")
    batch = after(batch, (Tick(), 410))
    assert head(batch, 411).limits == ()
    assert head(held(), 1).needs_you[0].what == "g"


def test_a_limit_whose_credential_is_refreshed_says_so() -> None:
    limit = LimitSpec(name=LimitId("g"), refresh=CommandSpec(run="login"))
    batch = after(begun(["g/a"], limits=[limit]), (failed("g/a", 1, 60, ErrorClass.AUTH), 60))
    (one,) = head(batch, 61).limits
    assert (one.state, one.held_until) == ("refreshing", None)


def test_a_limit_whose_commands_are_run_says_which() -> None:
    ping = CommandSpec(run="ping")
    login = CommandSpec(run="login", env=("TOKEN",))
    limit = LimitSpec(name=LimitId("g"), refresh=login, preflight=ping)
    batch = begun(["g/a"], limits=[limit])
    (one,) = head(batch, 1).limits
    assert (one.state, one.held_until) == ("refreshing", None)
    batch = after(batch, (RefreshEnded(limit=LimitId("g"), cause=""), 2))
    (one,) = head(batch, 3).limits
    assert (one.state, one.since) == ("checking", 2)
    assert head(batch, 3).state == "running", "nothing says yet that it must wait"


def test_a_container_task_tells_its_container_while_it_has_one() -> None:
    batch = begun([task("g/a", container=Wish(image="x")), task("g/b")], [group(parallel=1)])
    rows = board(batch, 0).tasks
    name = rows[TaskId("g/a")].container
    assert name is not None
    assert name.startswith("overnight-g-a-1-")
    assert rows[TaskId("g/b")].container is None
    over = after(batch, (ended("g/a", 1, 5), 5))
    assert board(over, 5).tasks[TaskId("g/a")].container is None
