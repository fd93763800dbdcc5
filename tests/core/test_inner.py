"""The inner knob of a group's runners: who begins with what, and who is told."""

from dataclasses import replace

import pytest

from supervisor.core import inner
from supervisor.core.effects import Effect, StopAttempt, TurnKnob
from supervisor.core.events import KnobTurned, Tick, Wanted
from supervisor.core.intents import Reload, SetParallel
from supervisor.core.models import GroupId, InnerPolicy, TaskId
from supervisor.core.needs_you import needs_you
from supervisor.core.state import Batch, all_rows, assemble, spec_of
from supervisor.core.step import step
from supervisor.core.why import why
from tests.fakes.night import after, batch_spec, begun, ended, group, orders, started

A, B, G = TaskId("g/a"), TaskId("g/b"), GroupId("g")
BY_FILE = InnerPolicy(knob="capsules", start=20, apply="file")
BY_RESTART = replace(BY_FILE, apply="restart")
BY_COMMAND = replace(BY_FILE, apply="run", run="tell {n}")


def night(policy: InnerPolicy = BY_FILE) -> Batch:
    batch = begun(["g/a", "g/b"], [group(parallel=1, inner=policy)])
    return after(batch, (started("g/a", 1, 1), 1))


def turned(value: int, cause: str = "", id_: str = "g/a", attempt: int = 1) -> KnobTurned:
    return KnobTurned(task=TaskId(id_), attempt=attempt, value=value, cause=cause)


def wanted(batch: Batch, value: int, now: float = 5) -> tuple[Batch, list[Effect]]:
    return orders(batch, Wanted(intent=SetParallel(group=G, parallel=value), who="ann"), now)


@pytest.mark.parametrize("policy", [BY_FILE, BY_COMMAND])
def test_who_runs_is_told_and_who_comes_begins_with_it(policy: InnerPolicy) -> None:
    batch = night(policy)
    assert inner.settings(batch, A)[0] == {"capsules": "20"}
    batch, effects = wanted(batch, 5)
    assert TurnKnob(task=A, attempt=1, value=5) in effects
    assert why(batch, A, 6)[1] == "It runs with capsules 20, later ones with capsules 5."
    batch = after(batch, (turned(5), 6))
    assert why(batch, A, 6)[1] == "It runs with capsules 5."
    batch = after(batch, (ended("g/a", 1, 9), 9))
    assert inner.settings(batch, B)[0] == {"capsules": "5"}


def test_the_place_of_the_file_is_in_the_environment() -> None:
    assert inner.settings(night(), A)[1] == {
        "OVERNIGHT_CAPSULES_FILE": "/home/eva/.overnight/night/tasks/g/a/capsules"
    }
    assert inner.settings(night(BY_COMMAND), A)[1] == {}
    assert inner.settings(begun(["g/a"]), A) == ({}, {})


def test_by_restart_nobody_is_told_and_nobody_ended_unasked() -> None:
    batch, effects = wanted(night(BY_RESTART), 5)
    assert not [one for one in effects if isinstance(one, TurnKnob | StopAttempt)]
    assert inner.behind(batch, G) == (A,)
    intent = SetParallel(group=G, parallel=5, restart=True)
    batch, effects = orders(batch, Wanted(intent=intent, who="ann"), 6)
    assert [one.reason for one in effects if isinstance(one, StopAttempt)] == [
        "restarted with capsules 5 by ann"
    ]
    assert inner.behind(batch, G) == (), "it ends already"
    batch = after(batch, (ended("g/a", 1, 8, 143), 8))
    assert batch.tasks[A].attempt == 2
    assert batch.tasks[A].failures == 0
    assert inner.settings(batch, A)[0] == {"capsules": "5"}


def test_a_failure_needs_the_operator_until_it_works() -> None:
    batch, _ = wanted(night(BY_COMMAND), 5)
    batch = after(batch, (turned(5, "exit 1: no server"), 7))
    (need,) = needs_you(batch, 8)
    assert need.why == "capsules 5 could not be told to all that run: exit 1: no server"
    assert (need.what, need.since, need.command) == ("g", 7, "overnight parallel g 5")
    batch, effects = wanted(batch, 5, 9)
    assert TurnKnob(task=A, attempt=1, value=5) in effects
    batch = after(batch, (turned(5, "exit 1"), 10), (turned(5), 11))
    assert needs_you(batch, 12) == ()


def test_a_failure_is_forgotten_with_the_attempt() -> None:
    batch, _ = wanted(night(BY_COMMAND), 5)
    batch = after(batch, (turned(5, "exit 1"), 7), (ended("g/a", 1, 9), 9))
    assert needs_you(batch, 12) == ()


def test_a_failure_before_anybody_set_it() -> None:
    batch = after(night(BY_COMMAND), (turned(20, "exit 1"), 7))
    assert inner.value(batch.group_specs[G], batch.groups[G]) == 20
    state = batch.groups[G].inner
    assert state is not None
    assert state.trouble == "exit 1"


def test_news_of_other_attempts_and_of_groups_without_a_knob_are_nothing() -> None:
    batch = night()
    for event in (turned(5, attempt=2), turned(5, id_="g/b"), turned(5, id_="g/nobody")):
        assert step(batch, event, 5)[0] is batch
    plain = begun(["g/a"])
    assert step(plain, turned(5, "exit 1"), 5)[0] is plain


def test_a_new_engine_tells_who_was_not_told() -> None:
    batch, _ = wanted(night(), 5)
    again = assemble(spec_of(batch), all_rows(batch))
    assert TurnKnob(task=A, attempt=1, value=5) in orders(again, Tick(), 9)[1]


def test_another_batch_file_tells_those_who_run() -> None:
    batch, _ = wanted(night(), 5)
    spec = batch_spec(["g/a", "g/b"], [group(parallel=1, inner=replace(BY_FILE, start=12))])
    batch, effects = orders(batch, Wanted(intent=Reload(spec=spec), who="ann"), 9)
    assert TurnKnob(task=A, attempt=1, value=12) in effects
    assert batch.groups[G].inner is None
    spec = batch_spec(["g/a", "g/b"], [group(parallel=1)])
    batch = after(batch, (Wanted(intent=Reload(spec=spec), who="ann"), 10))
    assert inner.settings(batch, A) == ({}, {})
    assert inner.behind(batch, G) == ()
