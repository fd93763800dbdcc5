"""An edited batch file over a batch that runs."""

from dataclasses import replace

from supervisor.core.effects import Record, Reply, RunPreflight, RunRefresh, StartAttempt
from supervisor.core.events import PreflightEnded, RefreshEnded, Tick, Wanted
from supervisor.core.intents import Add, Cancel, Reload, SetParallel
from supervisor.core.models import (
    BatchSpec,
    BreakerPolicy,
    CommandSpec,
    ErrorClass,
    GroupId,
    Hours,
    InnerPolicy,
    LimitId,
    LimitSpec,
    TaskId,
)
from supervisor.core.phase import Aborted, Cancelled, Starting, Waiting
from supervisor.core.state import Batch, all_rows, fresh, spec_of
from supervisor.core.step import step
from tests.fakes.night import UUID, after, asked, batch_spec, begun, ended, failed, group, task

G = GroupId("g")


def reloaded(batch: Batch, spec: BatchSpec, now: float = 10) -> tuple[Batch, str]:
    batch, text, refused = asked(batch, Reload(spec=spec), now)
    assert not refused
    return batch, text


def test_the_same_file_changes_nothing() -> None:
    spec = batch_spec(["g/a", "g/b"])
    before = begun(["g/a", "g/b"])
    batch, text = reloaded(before, spec)
    assert text == "the batch file says what it said before"
    assert batch.tasks == before.tasks
    assert spec_of(batch) == spec


def test_a_preview_changes_nothing() -> None:
    before = begun(["g/a", "g/b"])
    edited = batch_spec(["g/a", "g/c"], [group(parallel=9)])
    batch, effects = step(before, Wanted(intent=Reload(spec=edited, preview=True), who="ann"), 5)
    assert all_rows(batch).tasks == all_rows(before).tasks
    assert spec_of(batch) == spec_of(before)
    assert effects == (
        Reply(text="~ g.parallel: 4 → 9"),
        Reply(text="+ g/c: run g/c"),
        Reply(text="- g/b"),
    )


def test_a_reload_is_written_down_once_with_what_it_changed() -> None:
    edited = batch_spec(["g/a"], [group(parallel=9)])
    batch, effects = step(begun(["g/a"]), Wanted(intent=Reload(spec=edited), who="ann"), 5)
    told = [one.text for one in effects if isinstance(one, Record) and one.kind == "reload"]
    assert told == ["by ann: g.parallel: 4 → 9"]
    _, effects = step(batch, Wanted(intent=Reload(spec=edited), who="bob"), 6)
    assert effects == (Reply(text="the batch file says what it said before"),)


def test_what_only_a_new_run_takes_over_stays() -> None:
    batch = begun(["g/a"], env_names=("HOME",), shell=("/bin/bash", "-c"))
    edited = replace(batch_spec(["g/a", "g/b"]), env_names=("X",), env_stored={"PATH": "/x"})
    batch, _ = reloaded(batch, edited)
    assert (batch.head.env_names, dict(batch.head.env_stored)) == (("HOME",), {})
    assert batch.head.shell == ("/bin/bash", "-c")


def limit(**keys: object) -> LimitSpec:
    return LimitSpec(name=LimitId("g"), **keys)  # type: ignore[arg-type]


def test_a_credential_that_is_there_is_not_asked_for_again() -> None:
    """A reload is no beginning of an engine: a login may ask a person."""
    login = CommandSpec(run="login", env=("TOKEN",), every_s=2700.0)
    ping = CommandSpec(run="ping")
    batch = begun(["g/a", "g/b"], [group(parallel=1)], [limit(refresh=login, preflight=ping)])
    batch = after(
        batch,
        (RefreshEnded(limit=LimitId("g"), cause=""), 1),
        (PreflightEnded(limit=LimitId("g"), cause=""), 2),
    )
    assert isinstance(batch.tasks[TaskId("g/a")].phase, Starting)

    def after_reload(refresh: CommandSpec | None, preflight: CommandSpec | None) -> list[type]:
        limits = [limit(refresh=refresh, preflight=preflight)]
        edited = batch_spec(["g/a", "g/b"], [group(parallel=2)], limits)
        _, effects = step(batch, Wanted(intent=Reload(spec=edited), who="ann"), 5)
        return [
            type(one)
            for one in effects
            if isinstance(one, RunRefresh | RunPreflight | StartAttempt)
        ]

    assert after_reload(login, ping) == [StartAttempt]
    assert after_reload(replace(login, every_s=60.0), ping) == [StartAttempt]
    assert after_reload(None, None) == [StartAttempt]
    assert after_reload(replace(login, run="other"), ping) == [RunRefresh]
    assert after_reload(login, replace(ping, run="other")) == [RunPreflight]
    assert after_reload(CommandSpec(run="no value"), ping) == [StartAttempt]


def test_a_reload_before_the_first_step_leaves_the_beginning_to_it() -> None:
    login = CommandSpec(run="login", env=("TOKEN",))
    batch = fresh(batch_spec(["g/a"]), UUID, 0.0)
    edited = batch_spec(["g/a"], limits=[limit(refresh=login)])
    batch, effects = step(batch, Wanted(intent=Reload(spec=edited), who="ann"), 0)
    assert RunRefresh(limit=LimitId("g")) in effects


def test_needs_hours_and_knobs_of_the_new_file_hold_at_once() -> None:
    batch = begun(["g/a", "g/b"], [group(parallel=1)])
    batch, _, _ = asked(batch, Cancel(targets=("g/a",)), 1)
    batch = after(batch, (ended("g/a", 1, 2, 143), 2))
    edited = batch_spec(
        ["g/a", "g/b", task("g/c", needs=("g/a",))],
        [group(parallel=1)],
        hours=Hours(opens=600, closes=660),
    )
    batch, _ = reloaded(batch, edited, 3)
    assert isinstance(batch.tasks[TaskId("g/c")].phase, Aborted)
    assert batch.desk.opens_at == 36_000.0


def test_what_nobody_has_read_is_refused() -> None:
    _, text, refused = asked(begun(["g/a"]), Reload(), 5)
    assert (text, refused) == ("nobody has read the batch file", True)


def test_tasks_come_and_go() -> None:
    batch = begun(["g/a", "g/b", "h/c"], [group(parallel=1)])
    batch, text = reloaded(batch, batch_spec(["g/n", "g/a"], [group(parallel=1)]))
    assert text == "added: 1 task: g/n; removed: 2 tasks: g/b, h/c"
    assert batch.tasks[TaskId("g/b")].phase == Cancelled(
        attempt=0, ended_at=10, cause="no longer in the batch file"
    )
    assert batch.tasks[TaskId("h/c")].removed
    assert isinstance(batch.tasks[TaskId("h/c")].phase, Starting), "what runs, runs on"
    assert GroupId("h") in batch.groups
    assert LimitId("h") in batch.limits
    assert list(batch.tasks)[:2] == ["g/n", "g/a"]


def test_what_was_added_by_hand_stays() -> None:
    batch = begun(["g/a"])
    batch, _, refused = asked(batch, Add(task=task("evals/x")), 5)
    assert not refused
    batch, text = reloaded(batch, batch_spec(["g/a", "g/b"]))
    assert text == "added: 1 task: g/b"
    assert not batch.tasks[TaskId("evals/x")].removed
    assert GroupId("evals") in batch.groups


def test_a_task_that_comes_back_goes_on() -> None:
    full = batch_spec(["g/a", "g/b", "g/c"], [group(parallel=1)])
    batch = after(begun(["g/a", "g/b", "g/c"], [group(parallel=1)]), (ended("g/a", 1, 5), 5))
    batch, _ = reloaded(batch, batch_spec(["g/b"], [group(parallel=1)]))
    assert batch.counts[G]["succeeded"] == 0, "removed tasks are counted no more"
    again, text = reloaded(batch, batch_spec(["g/b"], [group(parallel=1)]))
    assert text == "the batch file says what it said before"
    batch, text = reloaded(again, full)
    assert batch.counts[G]["succeeded"] == 1
    assert isinstance(batch.tasks[TaskId("g/c")].phase, Waiting)


def test_policy_follows_the_file_but_live_parallelism_stays_unless_the_file_changed() -> None:
    batch, _, _ = asked(begun(["g/a"], [group(parallel=4)]), SetParallel(group=G, parallel=2), 1)
    batch, text = reloaded(batch, batch_spec(["g/a"], [group(parallel=4, order=3)]))
    assert text == "other settings: g"
    assert batch.groups[G].parallel == 2
    assert batch.group_specs[G].order == 3
    batch, _ = reloaded(batch, batch_spec(["g/a"], [group(parallel=6)], parallel=3))
    assert batch.groups[G].parallel == 6
    assert batch.desk.parallel == 3


def test_a_changed_command_of_finished_work_is_said_not_repeated() -> None:
    batch = begun(["g/a", "g/b"], [group(parallel=1)])
    batch = after(batch, (ended("g/a", 1, 5), 5))
    edited = batch_spec([task("g/a", run="new"), task("g/b", run="new")], [group(parallel=1)])
    batch, text = reloaded(batch, edited)
    assert text == (
        "changed: 2 tasks: g/a, g/b; succeeded with another command; to run them again: "
        "overnight retry g/a"
    )
    assert batch.counts[G]["succeeded"] == 1


def test_limits_and_the_head_count_as_other_settings() -> None:
    limit = LimitSpec(name=LimitId("g"), refresh=CommandSpec(run="login"))
    batch, text = reloaded(begun(["g/a"]), batch_spec(["g/a"], limits=[limit], timezone="UTC"))
    assert text == "other settings: g, the batch"
    assert batch.limit_specs[LimitId("g")].refresh is not None


def test_new_tasks_wake_a_batch_that_was_done_and_a_group_that_was_given_up() -> None:
    strict = group(parallel=1, breaker=BreakerPolicy(consecutive=1, then="abort"))
    batch = after(begun(["g/a", "g/b"], [strict]), (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5))
    assert batch.desk.ended_at == 5
    batch, _ = reloaded(batch, batch_spec(["g/a", "g/b", "g/c"], [strict]))
    assert batch.desk.ended_at is None
    assert isinstance(batch.tasks[TaskId("g/c")].phase, Starting)


def test_a_time_given_anew_counts_and_one_that_has_come_stays_come() -> None:
    batch = begun(
        [task("g/a", not_before=50.0), "g/b", task("g/c", not_before=9000.0)], [group(parallel=1)]
    )
    batch = after(batch, (Tick(), 60))
    edited = batch_spec(
        [task("g/a", not_before=80_000.0), task("g/b"), task("g/c", not_before=80_000.0)],
        [group(parallel=1)],
    )
    batch, _ = reloaded(batch, edited, 70)
    assert batch.tasks[TaskId("g/a")].phase == Waiting()
    assert batch.tasks[TaskId("g/c")].phase == Waiting(not_before=9000.0)
    batch, _ = reloaded(batch, batch_spec(["g/a", "g/b", "g/c"], [group(parallel=1)]), 71)
    assert batch.tasks[TaskId("g/c")].phase == Waiting()


def test_a_task_held_by_a_limit_that_it_no_longer_has_waits_anew() -> None:
    batch = after(begun(["g/a"]), (failed("g/a", 1, 5, ErrorClass.QUOTA), 5))
    batch, _ = reloaded(batch, batch_spec([task("g/a", limits=(LimitId("other"),))]))
    assert isinstance(batch.tasks[TaskId("g/a")].phase, Starting)
    assert LimitId("g") not in batch.limits


def test_a_knob_turned_stays_turned_unless_the_file_has_it_otherwise() -> None:
    def spec(least: int, start: int) -> BatchSpec:
        inside = InnerPolicy(knob="n", start=start)
        return batch_spec(["g/a"], [group(parallel=4, parallel_least=least, inner=inside)])

    batch = after(fresh(spec(1, 20), UUID, 0.0), (Tick(), 0.0))
    batch, _, _ = asked(batch, SetParallel(group=G, parallel=5), 1)
    batch, _, _ = asked(batch, SetParallel(group=G, parallel=3, knob="parallel"), 1)
    batch, _ = reloaded(batch, spec(1, 20))
    assert batch.groups[G].parallel == 3
    assert batch.groups[G].following.fixed
    assert batch.groups[G].inner is not None
    batch, _ = reloaded(batch, spec(2, 10))
    assert batch.groups[G].parallel == 4
    assert not batch.groups[G].following.fixed
    assert batch.groups[G].inner is None
