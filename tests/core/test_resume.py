"""A run skips, repeats, keeps or refuses what earlier runs left."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from supervisor.core.batch import Closed, Open, Rows
from supervisor.core.effects import EndEngine
from supervisor.core.events import ActivityChanged, Tick
from supervisor.core.intents import Add, Cancel, Pause, SetParallel, Stop
from supervisor.core.models import (
    BatchSpec,
    BreakerPolicy,
    ErrorClass,
    GroupId,
    TaskId,
    TaskSpec,
    TimeoutPolicy,
)
from supervisor.core.options import RunOptions
from supervisor.core.phase import Aborted, Failed, Running, Starting, Succeeded, Waiting
from supervisor.core.resume import Plan, plan
from supervisor.core.state import Batch, all_rows, spec_of
from supervisor.core.step import effects_in_force, step
from tests.fakes.night import (
    UUID,
    after,
    asked,
    batch_spec,
    begun,
    check_indexes,
    ended,
    failed,
    group,
    play,
    start,
    started,
    task,
)

NAMES = [f"g/{letter}" for letter in "abcd"]
G = GroupId("g")
NOW = 1000.0


@dataclass(frozen=True)
class Stored:
    spec: BatchSpec
    rows: Rows


def stored(batch: Batch) -> Stored:
    return Stored(spec=spec_of(batch), rows=all_rows(batch))


def planned(batch: Batch, spec: BatchSpec | None = None, **options: Any) -> Plan:
    missing = options.pop("missing_env", ())
    found = plan(
        spec or spec_of(batch), stored(batch), RunOptions(**options), NOW, "new-uuid", missing
    )
    check_indexes(found.batch)
    return found


def left() -> Batch:
    """a succeeded, b failed, c ran while the engine was stopped, d never ran."""
    batch = begun(NAMES, [group(parallel=1)])
    batch = after(batch, (ended("g/a", 1, 5), 5), (failed("g/b", 1, 6, ErrorClass.BAD_REQUEST), 6))
    batch, _, _ = asked(batch, Stop(), 7)
    return after(batch, (ended("g/c", 1, 8, 143), 8))


def kinds(batch: Batch) -> list[str]:
    return [type(one.phase).__name__ for one in batch.tasks.values()]


def test_a_first_run_is_a_fresh_batch() -> None:
    found = plan(batch_spec(NAMES), None, RunOptions(), NOW, UUID)
    assert (found.refused, found.nothing_to_do, found.messages) == (None, False, ())
    assert found.batch.desk.uuid == UUID
    empty = plan(batch_spec(NAMES), Stored(batch_spec(NAMES), Rows()), RunOptions(), NOW, UUID)
    assert empty.batch == found.batch


def test_a_resumed_run_skips_what_is_over_and_goes_on_with_the_rest() -> None:
    found = planned(left())
    assert found.refused is None
    assert not found.nothing_to_do
    assert found.messages == (
        "1 task succeeded earlier, skipped",
        "1 task failed or aborted earlier, skipped: g/b; to run them again: "
        "overnight run /home/eva/night.yaml --retry-errors",
    )
    assert found.batch.desk.uuid == UUID
    assert found.batch.desk.stopping is None
    play(found.batch, (Tick(), NOW, [start("g/c", 2)]))


def test_retry_errors_runs_failed_and_aborted_ones_with_a_new_budget() -> None:
    strict = group(parallel=1, breaker=BreakerPolicy(consecutive=1, then="abort"))
    batch = after(begun(NAMES, [strict]), (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5))
    found = planned(batch)
    assert found.nothing_to_do
    assert found.exit_hint == 1
    found = planned(batch, retry_errors=True)
    assert kinds(found.batch) == ["Waiting"] * 4
    assert found.batch.groups[G].aborted is None
    assert found.batch.tasks[TaskId("g/a")].failures == 0


def test_retry_errors_resets_breakers_that_stand_open() -> None:
    policy = group(parallel=1, breaker=BreakerPolicy(consecutive=1))
    batch = after(begun(NAMES, [policy]), (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5))
    assert isinstance(planned(batch).batch.groups[G].breaker, Open)
    assert planned(batch, retry_errors=True).batch.groups[G].breaker == Closed()


def test_force_with_a_filter_runs_even_what_succeeded() -> None:
    found = planned(left(), force=True, filter="g/[ad]")
    assert kinds(found.batch) == ["Waiting", "Failed", "Waiting", "Waiting"]
    batch = play(
        found.batch,
        (Tick(), NOW, [start("g/a", 2)]),
        (ended("g/a", 2, NOW + 1), NOW + 1, [start("g/d")]),
        (ended("g/d", 1, NOW + 2), NOW + 2, [EndEngine(why="done")]),
    )
    assert isinstance(batch.tasks[TaskId("g/c")].phase, Waiting), "not asked for, and still there"
    assert kinds(planned(left(), force=True).batch) == ["Waiting"] * 4
    assert not planned(batch).nothing_to_do


def test_nothing_to_do_says_which_command_would_do_something() -> None:
    batch = after(begun(["g/a"]), (ended("g/a", 1, 5), 5))
    found = planned(batch)
    assert (found.nothing_to_do, found.exit_hint) == (True, 0)
    assert found.messages == (
        "nothing to do: 1 task succeeded earlier; to run them again: "
        "overnight run /home/eva/night.yaml --force --filter GLOB",
    )
    found = planned(batch, filter="x*")
    assert (found.nothing_to_do, found.exit_hint) == (True, 1)
    assert found.messages == ("nothing to do: no task matches the filter",)


def test_cancelled_tasks_stay_cancelled_unless_forced() -> None:
    batch, _, _ = asked(begun(["g/a", "g/b"], [group(parallel=1)]), Cancel(targets=("g/b",)), 1)
    batch = after(batch, (ended("g/a", 1, 5), 5))
    assert planned(batch, retry_errors=True).nothing_to_do
    assert kinds(planned(batch, force=True).batch) == ["Waiting", "Waiting"]


def changed() -> BatchSpec:
    return batch_spec(
        [task("g/a", run="new"), task("g/b", run="new"), "g/c", "g/d"], [group(parallel=1)]
    )


def test_finished_work_with_another_command_is_not_silently_done() -> None:
    found = planned(left(), changed())
    assert found.refused == (
        "1 task succeeded with another command than the batch file has now: g/a. "
        "--keep counts them as done, --force runs them again"
    )
    assert "changed since they failed: g/b" in found.messages
    kept = planned(left(), changed(), changed="keep")
    assert kept.refused is None
    assert isinstance(kept.batch.tasks[TaskId("g/a")].phase, Succeeded)
    assert planned(kept.batch, changed()).refused is None, "asked once, not each time"
    again = planned(left(), changed(), changed="force")
    assert isinstance(again.batch.tasks[TaskId("g/a")].phase, Waiting)
    assert planned(left(), changed(), force=True, filter="g/a").refused is None
    assert planned(left(), changed(), filter="g/d").refused is None


def test_tasks_that_the_file_lost_are_kept_as_removed() -> None:
    found = planned(left(), batch_spec(["g/a", "g/c", "g/e"], [group(parallel=1)]))
    assert found.messages[:2] == ("added: 1 task: g/e", "removed: 2 tasks: g/b, g/d")
    assert found.batch.tasks[TaskId("g/b")].removed
    assert isinstance(found.batch.tasks[TaskId("g/b")].phase, Failed)
    assert sum(found.batch.counts[G].values()) == 3
    assert not planned(found.batch, batch_spec(["g/a"]), retry_errors=True).batch.open


def test_missing_names_of_the_environment_are_refused() -> None:
    found = planned(left(), missing_env=("AZURE_TOKEN", "HF_HOME"))
    assert found.refused is not None
    assert "2 variables" in found.refused
    assert "AZURE_TOKEN, HF_HOME" in found.refused
    one = planned(left(), missing_env=("HF_HOME",))
    assert one.refused is not None
    assert "1 variable in its environment that is not set" in one.refused
    assert planned(left(), missing_env=("A",), missing_env_ok=True).refused is None


def test_an_operators_pause_of_a_group_stays_and_is_said() -> None:
    batch, _, _ = asked(begun(NAMES, [group(parallel=1)]), Pause(group=G), 1)
    batch, _, _ = asked(batch, Pause(), 1)
    batch, _, _ = asked(batch, SetParallel(group=G, parallel=3), 2)
    found = planned(batch)
    assert found.batch.groups[G].paused
    assert not found.batch.desk.paused
    assert found.messages == (
        "still paused: g (overnight resume GROUP)",
        "g runs 3 at once, as set last; the file says 1",
    )


def test_a_cap_for_this_run() -> None:
    assert planned(left(), parallel=7).batch.desk.parallel == 7
    assert planned(left()).batch.desk.parallel is None


def test_live_attempts_keep_their_phase_and_get_time() -> None:
    timed = group(timeout=TimeoutPolicy(first_s=100))
    batch = after(
        begun(["g/a", "g/b"], [timed]),
        (started("g/a", 1, 1), 1),
        (ActivityChanged(task=TaskId("g/a"), attempt=1, quiet_since=5), 35),
    )
    found = planned(batch)
    running = found.batch.tasks[TaskId("g/a")].phase
    assert isinstance(running, Running)
    assert (running.deadline, running.quiet_since, running.stall_at) == (NOW + 60, None, None)
    assert effects_in_force(found.batch) == (start("g/b", slot=2),)
    assert isinstance(found.batch.tasks[TaskId("g/b")].phase, Starting)
    untimed = after(begun(["g/a"]), (started("g/a", 1, 1), 1))
    assert planned(untimed).batch.tasks == untimed.tasks


def chain() -> list[TaskSpec | str]:
    return ["g/a", task("h/x", needs=("g/a",)), task("k/y", needs=("h",))]


def test_a_filter_that_leaves_out_what_is_needed_is_refused() -> None:
    found = plan(batch_spec(chain()), None, RunOptions(filter="k/*"), NOW, UUID)
    assert found.refused == (
        "not selected, but needed: k/y needs h. --ignore-needs runs them all the same"
    )
    found = plan(batch_spec(chain()), None, RunOptions(filter="h/*"), NOW, UUID)
    assert found.refused is not None
    found = plan(batch_spec(chain()), None, RunOptions(filter="k/*", ignore_needs=True), NOW, UUID)
    assert found.refused is None
    play(found.batch, (Tick(), NOW, [start("k/y")]))


def test_ignored_needs_stay_ignored() -> None:
    found = plan(batch_spec(chain()), None, RunOptions(ignore_needs=True), NOW, UUID)
    batch = play(found.batch, (Tick(), NOW, [start("g/a"), start("h/x"), start("k/y")]))
    batch = after(batch, (failed("g/a", 1, NOW, ErrorClass.BAD_REQUEST), NOW))
    assert kinds(batch) == ["Failed", "Starting", "Starting"]
    check_indexes(after(begun(chain()), (ended("g/a", 1, 5), 5)))
    batch = plan(batch_spec(chain()), None, RunOptions(ignore_needs=True), NOW, UUID).batch
    after(batch, (Tick(), NOW), (ended("g/a", 1, NOW), NOW))


def test_a_filter_may_take_in_what_depends_on_it() -> None:
    spec = batch_spec([*chain(), "g/z"])
    found = plan(spec, None, RunOptions(filter="g/a", with_dependents=True), NOW, UUID)
    assert found.refused is None
    batch = play(
        found.batch,
        (Tick(), NOW, [start("g/a")]),
        (ended("g/a", 1, NOW + 1), NOW + 1, [start("h/x")]),
        (ended("h/x", 1, NOW + 2), NOW + 2, [start("k/y")]),
        (ended("k/y", 1, NOW + 3), NOW + 3, [EndEngine(why="done")]),
    )
    assert isinstance(batch.tasks[TaskId("g/z")].phase, Waiting)


def test_what_was_given_up_for_a_need_comes_back_with_it() -> None:
    batch = after(begun(chain()), (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5))
    assert kinds(batch) == ["Failed", "Aborted", "Aborted"]
    found = planned(batch, force=True, filter="[gh]/*")
    assert kinds(found.batch) == ["Waiting", "Waiting", "Aborted"]
    assert kinds(planned(batch, retry_errors=True).batch) == ["Waiting"] * 3


def test_tasks_left_out_of_a_group_that_was_given_up_are_given_up_later() -> None:
    strict = group(parallel=1, breaker=BreakerPolicy(consecutive=1, then="abort"))
    spec = batch_spec(NAMES, [strict])
    found = plan(spec, None, RunOptions(filter="g/[abc]"), NOW, UUID)
    batch, _ = step(found.batch, Tick(), NOW)
    batch = after(batch, (failed("g/a", 1, NOW, ErrorClass.BAD_REQUEST), NOW))
    assert isinstance(batch.tasks[TaskId("g/d")].phase, Waiting)
    later = planned(batch)
    assert later.nothing_to_do
    assert isinstance(later.batch.tasks[TaskId("g/d")].phase, Aborted)


@pytest.mark.parametrize("retry_errors", [False, True])
def test_a_plan_does_not_forget_history(retry_errors: bool) -> None:
    batch = left()
    found = planned(batch, retry_errors=retry_errors)
    for id_, one in batch.tasks.items():
        assert found.batch.tasks[id_].history == one.history
        assert found.batch.tasks[id_].attempt == one.attempt
    assert replace(found.batch.desk) == found.batch.desk


def test_what_lives_belongs_to_the_run_whatever_it_was_asked_for() -> None:
    batch = begun(["g/a", task("h/b", needs=("g/a",))])
    found = planned(batch, filter="h/*")
    assert found.refused is None
    play(
        found.batch,
        (Tick(), NOW, []),
        (failed("g/a", 1, NOW), NOW, []),
        (Tick(), NOW + 30, [start("g/a", 2)]),
        (ended("g/a", 2, NOW + 40), NOW + 40, [start("h/b")]),
    )


def test_a_task_added_for_one_that_is_left_out_is_given_up() -> None:
    found = plan(batch_spec(["g/a", "h/b"]), None, RunOptions(filter="h/*"), NOW, UUID)
    batch = after(found.batch, (Tick(), NOW))
    batch, _, _ = asked(batch, Add(task=task("h/c", needs=("g/a",))), NOW + 1)
    assert isinstance(batch.tasks[TaskId("h/c")].phase, Aborted)


def test_a_group_that_is_left_out_in_part_cannot_be_waited_for() -> None:
    found = plan(batch_spec(["h/x", "h/y"]), None, RunOptions(filter="h/y"), NOW, UUID)
    batch = after(found.batch, (Tick(), NOW))
    batch, _, _ = asked(batch, Add(task=task("k/z", needs=("h",))), NOW)
    assert isinstance(batch.tasks[TaskId("k/z")].phase, Waiting)
    batch = play(batch, (ended("h/y", 1, NOW + 2), NOW + 2, [EndEngine(why="done")]))
    assert isinstance(batch.tasks[TaskId("k/z")].phase, Aborted)
    assert isinstance(batch.tasks[TaskId("h/x")].phase, Waiting)


def test_after_a_fault_of_the_engine_all_is_as_the_operator_left_it() -> None:
    batch = begun(NAMES, [group(parallel=2)])
    batch, _, _ = asked(batch, SetParallel(parallel=1), 5)
    batch, _, _ = asked(batch, Pause(), 5)
    other = replace(spec_of(batch), tasks=())
    found = planned(batch, other, again=True, parallel=8, filter="x/*", missing_env=("TOKEN",))
    assert (found.batch.desk.parallel, found.batch.desk.paused) == (1, True)
    assert kinds(found.batch) == kinds(batch)
    assert not any(task.skipped or task.removed for task in found.batch.tasks.values())
    assert (found.refused, found.messages, found.nothing_to_do) == (None, (), False)


def test_an_end_that_was_cut_off_by_a_fault_is_told_again() -> None:
    batch = after(begun(["g/a"]), (ended("g/a", 1, 5), 5))
    assert batch.desk.ended_at == 5
    found = planned(batch, again=True)
    _, effects = step(found.batch, Tick(), NOW)
    assert effects[-1] == EndEngine(why="done")


def test_a_sample_runs_a_few_tasks_and_tells_how_the_rest_runs() -> None:
    names = [f"g/{number}" for number in range(50)]
    found = plan(batch_spec(names), None, RunOptions(sample=0.04), NOW, UUID)
    chosen = {one.id for one in found.batch.tasks.values() if not one.skipped}
    assert len(chosen) == 2
    assert found.batch.desk.fail_fast
    assert found.messages == (
        "a sample of 2 tasks out of 50, until the first failure; "
        "the rest: overnight run /home/eva/night.yaml",
    )
    batch, _ = step(found.batch, Tick(), NOW)
    assert batch.live
    later = planned(batch, sample=0.04)
    assert {one.id for one in later.batch.tasks.values() if not one.skipped} == chosen
    rest = planned(batch)
    assert not any(one.skipped for one in rest.batch.tasks.values())
    assert not rest.batch.desk.fail_fast


def test_a_run_goes_on_after_one_that_failed_fast() -> None:
    batch = plan(batch_spec(NAMES), None, RunOptions(fail_fast=True), NOW, UUID).batch
    batch = after(batch, (Tick(), NOW), (failed("g/a", 1, NOW, ErrorClass.BAD_REQUEST), NOW))
    assert batch.desk.aborted is not None
    again = planned(batch, retry_errors=True).batch
    assert (again.desk.aborted, again.desk.fail_fast) == (None, False)
