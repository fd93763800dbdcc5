"""Servers that fail one task after another are waited out once; one that fails is a task's own."""

from itertools import pairwise

from supervisor.core.batch import Free, Holding, Limit, Probing, Ramping
from supervisor.core.events import PreflightEnded, Tick
from supervisor.core.models import CommandSpec, ErrorClass, LimitId, LimitSpec, TaskId
from supervisor.core.phase import BackingOff, Held, Phase, Running, Starting
from supervisor.core.state import Batch
from supervisor.core.why import why
from tests.fakes.night import after, begun, ended, failed, group, play, start, started, task

API = LimitId("api")


def night(count: int = 8, parallel: int = 4) -> Batch:
    """A group on one account, with its first attempts running since 0."""
    names = [f"g/{number}" for number in range(count)]
    batch = begun([task(name, limits=(API,)) for name in names], [group(parallel=parallel)])
    return after(batch, *((started(name, 1, 0), 0) for name in names[:parallel]))


def limit(batch: Batch) -> Limit:
    return batch.limits[API]


def phase(batch: Batch, number: int) -> Phase:
    return batch.tasks[TaskId(f"g/{number}")].phase


def test_one_failed_server_costs_its_task_an_attempt() -> None:
    batch = play(night(), (failed("g/0", 1, 100), 100, [start("g/4")]))
    assert isinstance(phase(batch, 0), BackingOff)
    assert limit(batch).phase == Free()


def test_two_tasks_in_a_row_hold_the_limit_and_the_second_pays_nothing() -> None:
    batch = play(
        night(),
        (failed("g/0", 1, 100), 100, [start("g/4")]),
        (failed("g/1", 1, 110, ErrorClass.NETWORK), 110, []),
        (failed("g/2", 1, 111), 111, []),
    )
    hold = limit(batch).phase
    assert isinstance(hold, Holding)
    assert (hold.until, hold.outage) == (110 + 30, True)
    assert isinstance(phase(batch, 2), Held)
    assert [batch.tasks[id_].failures for id_ in batch.tasks][:3] == [1, 0, 0]
    assert "waits for api after server_error" in why(batch, TaskId("g/2"), 111)[0]


def test_the_wait_grows_while_each_probe_meets_the_same() -> None:
    batch = after(night(4), (failed("g/0", 1, 100), 100), (failed("g/1", 1, 110), 110))
    batch = after(batch, (failed("g/2", 1, 111), 111), (failed("g/3", 1, 111), 111))
    batch = play(batch, (Tick(), 140, [start("g/2", 2)]))
    probing = limit(batch).phase
    assert isinstance(probing, Probing)
    batch = play(batch, (started("g/2", 2, 140), 140, []), (failed("g/2", 2, 180), 180, []))
    hold = limit(batch).phase
    assert isinstance(hold, Holding)
    assert hold.until == 180 + 60
    assert batch.tasks[next(iter(batch.tasks))].failures == 1
    batch = play(batch, (Tick(), 240, [start("g/3", 2)]))
    batch = after(batch, (started("g/3", 2, 240), 240), (ended("g/3", 2, 250), 250))
    assert isinstance(limit(batch).phase, Ramping)
    assert limit(batch).failing == ()


def test_a_task_that_always_fails_is_not_the_probe_again_while_others_wait() -> None:
    """It would hold the whole account back for its own sake."""
    batch = after(night(3), (failed("g/0", 1, 100), 100), (failed("g/1", 1, 110), 110))
    batch = after(batch, (failed("g/2", 1, 111), 111))
    tried = []
    now = 111.0
    for _ in range(6):
        hold = limit(batch).phase
        assert isinstance(hold, Holding)
        assert hold.until is not None
        now = hold.until
        batch = after(batch, (Tick(), now))
        (probe,) = (t for t in batch.tasks.values() if isinstance(t.phase, Starting))
        tried.append(probe.id)
        now += 10
        begun_at = (started(probe.id, probe.attempt, now - 10), now - 10)
        batch = after(batch, begun_at, (failed(probe.id, probe.attempt, now), now))
    assert all(before != then for before, then in pairwise(["g/1", *tried]))
    assert set(tried) == {"g/0", "g/1", "g/2"}


def test_failures_far_apart_or_of_one_task_are_no_outage() -> None:
    batch = after(night(2), (failed("g/0", 1, 100), 100), (failed("g/1", 1, 300), 300))
    assert limit(batch).phase == Free()
    batch = after(batch, (Tick(), 330), (failed("g/1", 2, 340), 340))
    assert limit(batch).phase == Free()


def test_a_success_between_shows_that_the_servers_answer() -> None:
    batch = after(night(), (failed("g/0", 1, 100), 100), (ended("g/1", 1, 105), 105))
    batch = after(batch, (failed("g/2", 1, 110), 110))
    assert limit(batch).phase == Free()


def test_what_began_before_the_last_hold_says_nothing_new() -> None:
    batch = after(
        night(),
        (failed("g/0", 1, 100, ErrorClass.USAGE_WINDOW, retry_at=200), 100),
        (Tick(), 210),
        (ended("g/0", 2, 211), 211),
    )
    late = after(batch, (failed("g/1", 1, 220), 220), (failed("g/2", 1, 221), 221))
    assert isinstance(limit(late).phase, Ramping)
    assert isinstance(phase(late, 2), BackingOff)


def test_who_runs_on_through_an_outage_shows_that_the_servers_answer_others() -> None:
    """One endpoint of many is out: its tasks use up their attempts, the account goes on."""
    batch = after(night(), (failed("g/0", 1, 100), 100), (failed("g/1", 1, 110), 110))
    batch = play(batch, (Tick(), 140, [start("g/0", 2, 2)]))
    batch = after(batch, (started("g/0", 2, 140), 140), (failed("g/0", 2, 150), 150))
    batch = after(batch, (Tick(), 210))
    assert isinstance(limit(batch).phase, Probing), "so short a hold a runner outlives by retrying"
    batch = after(batch, (started("g/5", 1, 210), 210), (failed("g/5", 1, 220), 220), (Tick(), 340))
    assert limit(batch).phase == Free()
    assert isinstance(phase(batch, 3), Running)
    batch = after(batch, (failed("g/3", 1, 351), 351), (failed("g/2", 1, 352), 352))
    assert limit(batch).phase == Free()
    assert [one.failures for one in batch.tasks.values()][:4] == [1, 0, 1, 1]


def test_other_failures_are_no_outage() -> None:
    crash = ErrorClass.POOL_CRASH
    batch = after(night(), (failed("g/0", 1, 100, crash), 100), (failed("g/1", 1, 101, crash), 101))
    assert limit(batch).phase == Free()


def test_a_task_alone_on_its_limit_is_believed_once_where_a_preflight_can_tell() -> None:
    asking = LimitSpec(name=API, preflight=CommandSpec(run="ping"))
    batch = begun([task("g/0", limits=(API,))], [group()], [asking])
    passes = PreflightEnded(limit=API, cause="")
    batch = after(batch, (passes, 1), (started("g/0", 1, 1), 1), (failed("g/0", 1, 100), 100))
    hold = limit(batch).phase
    assert isinstance(hold, Holding)
    assert hold.outage
    batch = after(batch, (Tick(), 130))
    out = PreflightEnded(limit=API, cause="503", error_class=ErrorClass.SERVER_ERROR)
    batch = after(batch, (out, 131), (Tick(), 191))
    batch = play(batch, (passes, 192, [start("g/0", 2)]), (started("g/0", 2, 192), 192, []))
    batch = after(batch, (failed("g/0", 2, 500), 500))
    assert isinstance(phase(batch, 0), BackingOff), "its servers answer: it is the task"
    assert batch.tasks[TaskId("g/0")].failures == 1
