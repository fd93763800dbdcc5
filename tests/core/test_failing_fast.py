"""The first failed task ends the batch, where that is wanted; what runs, runs on."""

from dataclasses import replace

from supervisor.core.effects import EndEngine
from supervisor.core.intents import Add, Reload, Retry
from supervisor.core.models import ErrorClass, TaskId
from supervisor.core.phase import Aborted, BackingOff
from supervisor.core.state import Batch, fresh, spec_of
from tests.fakes.night import UUID, after, asked, batch_spec, ended, failed, group, play, task

NAMES = ["g/a", "g/b", "g/c", "g/d", "h/a"]
CAUSE = "aborted: g/a failed, and the run was to stop then (--fail-fast)"


def strict(fail_fast: bool = True) -> Batch:
    """Two of g at once, and one of h, before anything happened."""
    batch = fresh(batch_spec(NAMES, [group(parallel=2)], parallel=3), UUID, 0.0)
    batch = replace(batch, desk=replace(batch.desk, fail_fast=fail_fast))
    return after(batch, (ended("g/none", 1, 0), 0))


def stopped() -> Batch:
    return after(strict(), (failed("g/a", 1, 10, ErrorClass.BAD_REQUEST), 10))


def test_the_first_failure_gives_up_what_has_not_begun() -> None:
    batch = stopped()
    assert batch.desk.aborted == CAUSE
    assert batch.tasks[TaskId("g/c")].phase == Aborted(attempt=0, ended_at=10, cause=CAUSE)
    assert len(batch.live) == 2
    play(
        batch,
        (ended("g/b", 1, 20), 20, []),
        (ended("h/a", 1, 21), 21, [EndEngine(why="done")]),
    )


def test_what_runs_on_is_not_run_again() -> None:
    batch = after(stopped(), (failed("g/b", 1, 20), 20))
    assert batch.tasks[TaskId("g/b")].phase == Aborted(attempt=1, ended_at=20, cause=CAUSE)
    again = after(stopped(), (failed("g/b", 1, 20, ErrorClass.BAD_REQUEST), 20))
    assert again.desk.aborted == CAUSE, "the first failure is the reason"


def test_retries_are_no_failures() -> None:
    batch = after(strict(), (failed("g/a", 1, 10), 10))
    assert isinstance(batch.tasks[TaskId("g/a")].phase, BackingOff)
    assert batch.desk.aborted is None


def test_nothing_ends_unless_it_is_wanted() -> None:
    batch = after(strict(fail_fast=False), (failed("g/a", 1, 10, ErrorClass.BAD_REQUEST), 10))
    assert batch.counts[task("g/a").group]["aborted"] == 0


def test_whoever_retries_or_adds_wants_more_of_it() -> None:
    batch, _, _ = asked(stopped(), Retry(targets=("g/c",)), 30)
    assert batch.desk.aborted is None
    batch, _, _ = asked(stopped(), Add(task=task("g/new")), 30)
    assert batch.desk.aborted is None
    more = batch_spec([*NAMES, "g/more"], [group(parallel=2)], parallel=3)
    batch, _, _ = asked(stopped(), Reload(spec=more), 30)
    assert batch.desk.aborted is None
    batch, _, _ = asked(stopped(), Reload(spec=spec_of(stopped())), 30)
    assert batch.desk.aborted == CAUSE
