"""Containers are ended on the operator's word only, and only those of the batch unless named."""

from supervisor.core.container_facts import ContainerEnd, ContainerTarget
from supervisor.core.effects import EndContainers, Record, StopAttempt, SweepAway
from supervisor.core.events import ContainersEnded, Wanted
from supervisor.core.intents import KillContainers, Sweep
from supervisor.core.models import TaskId
from supervisor.core.state import Batch
from supervisor.core.step import step
from supervisor.core.wish import Wish
from tests.fakes.night import after, asked, begun, ended, started, task

A, B = TaskId("g/a"), TaskId("g/b")
OWN = ContainerTarget(id="1" * 64, name="agentrun--1", task=A, attempt=1, owned=True)
FOREIGN = ContainerTarget(id="2" * 64, name="agentrun--2")


def night() -> Batch:
    return after(begun(["g/a", "g/b"]), (started("g/a", 1, 1.0), 1.0))


def kill(*targets: ContainerTarget, unowned: bool = False) -> KillContainers:
    return KillContainers(ids=tuple(t.id for t in targets), unowned=unowned, targets=targets)


def test_an_own_container_is_ended_and_its_task_knows() -> None:
    _, effects = step(night(), Wanted(intent=kill(OWN), who="ann"), 2.0)
    assert EndContainers(targets=(OWN,)) in effects
    assert Record(kind="containers", subject=A, text="ended by ann: agentrun--1") in effects
    assert "saved first" in asked(night(), kill(OWN), 2.0)[1]


def test_one_that_nothing_proves_ours_is_refused_with_all_beside_it() -> None:
    batch, text, refused = asked(night(), kill(OWN, FOREIGN), 2.0)
    assert refused
    assert "agentrun--2" in text
    _, effects = step(batch, Wanted(intent=kill(OWN, FOREIGN), who="ann"), 2.0)
    assert not [one for one in effects if isinstance(one, EndContainers)]


def test_one_that_is_asked_for_by_name_is_ended() -> None:
    _, effects = step(night(), Wanted(intent=kill(FOREIGN, unowned=True), who="ann"), 2.0)
    assert EndContainers(targets=(FOREIGN,)) in effects


def test_the_container_of_a_container_task_is_its_attempt() -> None:
    boxed = task("g/a", container=Wish(image="x"))
    batch = after(begun([boxed, "g/b"]), (started("g/a", 1, 1.0), 1.0))
    other = ContainerTarget(id="4" * 64, name="made", task=B, attempt=1, owned=True)
    _, effects = step(batch, Wanted(intent=kill(OWN, other), who="ann"), 2.0)
    stops = [one for one in effects if isinstance(one, StopAttempt)]
    assert [(one.task, one.reason) for one in stops] == [(A, "killed by ann")]
    assert [one for one in effects if isinstance(one, EndContainers)] == [
        EndContainers(targets=(other,))
    ]
    over = after(batch, (ended("g/a", 1, 3.0), 3.0))
    assert asked(over, kill(OWN), 4.0)[1] == (
        "agentrun--1: over already; overnight sweep removes what is left"
    )


def test_none_is_refused() -> None:
    assert asked(night(), kill(), 2.0)[2]


def test_what_became_of_them_is_written_down() -> None:
    ends = (
        ContainerEnd(name="x", task=A, how="stopped", kept=("error.log", "inspect.json")),
        ContainerEnd(name="y", task=TaskId("g/unknown"), how="unkillable", trouble="stop: no"),
    )
    _, effects = step(night(), ContainersEnded(ends=ends), 3.0)
    assert [(one.subject, one.text) for one in effects if isinstance(one, Record)] == [
        (A, "x: stopped; saved: error.log, inspect.json"),
        ("", "y: unkillable (stop: no)"),
    ]
    assert [one.ok for one in ends] == [True, False]


def test_a_sweep_takes_what_is_over_and_leaves_what_lives() -> None:
    over = ContainerTarget(id="3" * 64, name="old", task=B, attempt=1, owned=True)
    intent = Sweep(containers=(OWN, over), networks=(("n", "net"),), volumes=("v",))
    _, effects = step(night(), Wanted(intent=intent, who="ann"), 2.0)
    assert SweepAway(containers=(over,), networks=(("n", "net"),), volumes=("v",)) not in effects
    done = after(night(), (started("g/b", 1, 1.5), 1.5), (ended("g/b", 1, 1.8), 1.8))
    _, effects = step(done, Wanted(intent=intent, who="ann"), 2.0)
    assert SweepAway(containers=(over,), networks=(("n", "net"),), volumes=("v",)) in effects
    text = asked(done, intent, 2.0)[1]
    assert text == (
        "removing 1 container, 1 network, 1 volume; 1 container of running attempts stay"
    )
    assert asked(done, Sweep(), 2.0)[1] == "there is nothing to sweep"
    assert asked(done, Sweep(containers=(OWN,)), 2.0)[1] == "there is nothing to sweep"
