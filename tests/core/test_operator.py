"""Every intent is taken in once and answered in clear words."""

from dataclasses import replace

import pytest

from supervisor.core.batch import Open
from supervisor.core.effects import EndEngine, Record
from supervisor.core.events import Wanted
from supervisor.core.intents import (
    Add,
    Cancel,
    Edit,
    First,
    Freeze,
    Intent,
    Kill,
    Pause,
    Refresh,
    Resume,
    Retry,
    SetParallel,
    Stop,
    Thaw,
)
from supervisor.core.models import (
    BreakerPolicy,
    CommandSpec,
    ErrorClass,
    GroupId,
    LimitId,
    LimitSpec,
    TaskId,
)
from supervisor.core.phase import Starting
from supervisor.core.state import all_rows
from supervisor.core.step import step
from tests.fakes.night import (
    after,
    asked,
    begun,
    ended,
    failed,
    group,
    play,
    start,
    started,
    task,
)

G = GroupId("g")


@pytest.mark.parametrize(
    "intent",
    [
        Pause(),
        Pause(group=G),
        Resume(),
        Resume(name="g"),
        SetParallel(parallel=3),
        SetParallel(group=G, parallel=4),
        Stop(mode="drain"),
        Stop(),
        Kill(targets=("g/a",)),
        Cancel(targets=("g/*",)),
        First(targets=("g/d", "g/c")),
        First(targets=("g/c",)),
        Freeze(),
        Thaw(),
        Retry(targets=("g/b",)),
        Add(task=task("h/x")),
        Edit(task="g/c", run="other"),
    ],
)
def test_saying_it_twice_changes_nothing_more(intent: Intent) -> None:
    batch = begun(["g/a", "g/b", "g/c", "g/d"], [group(parallel=2)])
    batch = after(batch, (started("g/a", 1, 0), 0), (failed("g/b", 1, 1), 1))
    once, _, _ = asked(batch, intent, 1)
    twice, effects = step(once, Wanted(intent=intent, who="bob"), 1)
    assert all_rows(replace(twice, desk=once.desk)) == all_rows(once)
    assert replace(twice.desk, seq=0) == replace(once.desk, seq=0)
    assert [one for one in effects if isinstance(one, Record)] == []


def test_a_credential_that_is_being_refreshed_is_not_asked_for_again() -> None:
    limit = LimitSpec(name=LimitId("g"), refresh=CommandSpec(run="az login"))
    batch = after(begun(["g/a"], limits=(limit,)), (failed("g/a", 1, 5, ErrorClass.AUTH), 5))
    again, text, _ = asked(batch, Refresh(limit=LimitId("g")), 6)
    assert text == "the credential of g is being refreshed already"
    assert again.limits == batch.limits
    checked = LimitSpec(name=LimitId("g"), refresh=CommandSpec(run="x", env=("TOKEN",)))
    _, text, _ = asked(begun(["g/a"], limits=(checked,)), Refresh(limit=LimitId("g")), 1)
    assert text.endswith("already")


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        (Pause(group=GroupId("corbench")), "there is no group 'corbench'; did you mean corebench?"),
        (Resume(name="capsule"), "there is no task, group or limit 'capsule'"),
        (Resume(name="corebnch/1"), "did you mean corebench/1"),
        (SetParallel(group=GroupId("x"), parallel=1), "there is no group 'x'"),
        (SetParallel(parallel=0), "parallel must be at least 1"),
        (Refresh(limit=LimitId("trapy")), "there is no limit 'trapy'"),
        (Refresh(limit=LimitId("corebench")), "has no refresh command"),
    ],
)
def test_what_cannot_be_is_refused_with_a_way_out(intent: Intent, words: str) -> None:
    _, text, refused = asked(begun(["corebench/1"]), intent, 1)
    assert refused
    assert words in text


def test_resuming_the_batch_names_what_stays_paused() -> None:
    batch, _, _ = asked(begun(["g/a", "g/b"]), Pause(group=G), 1)
    batch, _, _ = asked(batch, Pause(), 2)
    batch, text, _ = asked(batch, Resume(), 3)
    assert text == "the batch goes on; still paused: g (overnight resume GROUP)"
    _, text, _ = asked(batch, Resume(name="g"), 4)
    assert text == "g goes on"


def test_resuming_takes_back_a_drain_but_not_a_stop() -> None:
    batch = begun(["g/a", "g/b"], [group(parallel=1)])
    batch, text, _ = asked(batch, Stop(mode="drain"), 1)
    assert "ends after 1 attempt" in text
    batch, text, refused = asked(batch, Resume(), 2)
    assert (batch.desk.stopping, refused) == (None, False)
    batch, _, _ = asked(batch, Stop(), 3)
    _, text, refused = asked(batch, Resume(), 4)
    assert refused
    assert "overnight run" in text


def test_resuming_a_group_releases_the_limit_of_its_name_too() -> None:
    batch = begun(["g/a", "g/b", "g/c"], [group(parallel=1, breaker=BreakerPolicy(consecutive=1))])
    batch = after(batch, (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5))
    assert isinstance(batch.groups[G].breaker, Open)
    batch, text, _ = asked(batch, Resume(name="g"), 6)
    assert text == "g goes on; its breaker is closed"
    batch = after(batch, (failed("g/b", 1, 7, ErrorClass.QUOTA), 7))
    batch, text, _ = asked(batch, Resume(name="g"), 8)
    assert text == "g goes on; limit g is released; one task is tried first"


def test_resuming_a_task_ends_its_own_wait() -> None:
    batch = begun(["g/a", task("g/b", not_before=900.0), "g/c", "g/d"], [group(parallel=1)])
    batch = after(batch, (failed("g/a", 1, 5), 5))
    for name in ("g/a", "g/b"):
        batch, text, _ = asked(batch, Resume(name=name), 6)
        assert text == f"{name} runs as soon as it may"
    batch, text, _ = asked(batch, Resume(name="g/d"), 7)
    assert "overnight why g/d" in text
    batch, text, _ = asked(batch, Resume(name="g/c"), 7)
    assert text == "g/c does not wait"
    play(batch, (ended("g/c", 1, 9), 9, [start("g/a", 2)]))


def test_a_held_task_that_is_resumed_still_waits_for_its_limit() -> None:
    batch = after(begun(["g/a"]), (failed("g/a", 1, 5, ErrorClass.QUOTA), 5))
    batch, _, _ = asked(batch, Resume(name="a"), 6)
    assert batch.counts[G]["waiting"] == 1
    batch, _, _ = asked(batch, Resume(name="g"), 7)
    assert isinstance(batch.tasks[TaskId("g/a")].phase, Starting)


def test_a_cap_over_all_groups() -> None:
    batch = begun(["g/a", "h/a"], parallel=1)
    assert len(batch.live) == 1
    batch, text, _ = asked(batch, SetParallel(parallel=2), 1)
    assert text == "at most 2 run at once over all groups"
    assert len(batch.live) == 2


def test_a_refresh_is_asked_for() -> None:
    limit = LimitSpec(name=LimitId("g"), refresh=CommandSpec(run="login"))
    _, text, _ = asked(begun(["g/a"], limits=[limit]), Refresh(limit=LimitId("g")), 1)
    assert text == "the credential of g is being refreshed"


def test_leaving_tasks_running_ends_the_engine_at_once() -> None:
    _, effects = step(begun(["g/a"]), Wanted(intent=Stop(mode="leave_running"), who="ann"), 1)
    assert effects[-1] == EndEngine(why="left_running")


def test_stopping_a_batch_that_is_done_ends_its_lingering_engine() -> None:
    batch = after(begun(["g/a"]), (ended("g/a", 1, 5), 5))
    for now in (6, 7):
        batch, effects = step(batch, Wanted(intent=Stop(), who="ann"), now)
        assert effects[-1] == EndEngine(why="done")


def test_stopping_while_attempts_end_waits_for_them() -> None:
    batch, _, _ = asked(begun(["g/a", "g/b"]), Stop(), 1)
    batch = play(
        batch,
        (ended("g/a", 1, 2, 143), 2, []),
        (ended("g/b", 1, 3, 143), 3, [EndEngine(why="stopped")]),
    )
    assert batch.counts[G]["waiting"] == 2
