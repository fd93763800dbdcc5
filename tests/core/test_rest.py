"""Where tasks come to rest after a bad end, and what their history then says."""

from supervisor.core.intents import Kill, Retry
from supervisor.core.models import ErrorClass, GiveUpPolicy, TaskId
from supervisor.core.phase import BackingOff, Failed
from tests.fakes.night import after, asked, begun, ended, failed, group

G_A = TaskId("g/a")


def test_a_task_that_backs_off_says_why_and_until_when() -> None:
    batch = after(begun(["g/a"]), (ended("g/a", 1, 100, 3), 100))
    task = batch.tasks[G_A]
    assert isinstance(task.phase, BackingOff)
    assert task.phase.restart_at == 130
    (record,) = task.history
    assert (record.attempt, record.code, record.counted) == (1, 3, True)
    assert "failure 1 of 4" in record.decision


def test_a_hopeless_end_fails_the_task_and_counts() -> None:
    batch = after(begun(["g/a"]), (failed("g/a", 1, 100, ErrorClass.BAD_REQUEST), 100))
    task = batch.tasks[G_A]
    assert isinstance(task.phase, Failed)
    assert task.phase.error_class is ErrorClass.BAD_REQUEST
    assert task.history[-1].counted


def test_patience_with_waits_that_nobody_stated_ends() -> None:
    batch = begun(["g/a"], [group(give_up=GiveUpPolicy(holds=1))])
    batch = after(batch, (failed("g/a", 1, 100, ErrorClass.RATE_LIMIT), 100))
    phase = batch.tasks[G_A].phase
    assert isinstance(phase, BackingOff)
    at = phase.restart_at
    batch = after(
        batch, (ended("g/a", 1, at), at), (failed("g/a", 2, at + 1, ErrorClass.RATE_LIMIT), at + 1)
    )
    phase = batch.tasks[G_A].phase
    assert isinstance(phase, Failed)
    assert "gave up after 1 waits" in batch.tasks[G_A].history[-1].decision


def test_launches_in_all_end_even_if_each_costs_nothing() -> None:
    batch = begun(["g/a"], [group(give_up=GiveUpPolicy(launches=2))])
    batch = after(batch, (failed("g/a", 1, 100, ErrorClass.LOST), 100))
    batch, _, _ = asked(batch, Kill(targets=("g/a",)), 101)
    batch = after(batch, (ended("g/a", 2, 102, 143), 102))
    assert batch.tasks[G_A].launches == 1, "the operator's own ends are not counted"
    batch = after(batch, (failed("g/a", 3, 110, ErrorClass.DOCKER), 110))
    phase = batch.tasks[G_A].phase
    assert isinstance(phase, Failed)
    assert phase.error_class is ErrorClass.DOCKER
    last = batch.tasks[G_A].history[-1]
    assert (last.decision, last.counted) == (
        "gave up after 2 launches, whatever they cost",
        False,
    )
    batch, _, _ = asked(batch, Retry(targets=("g/a",)), 120)
    assert batch.tasks[G_A].launches == 0
