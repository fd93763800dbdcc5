"""Patience follows the batch file as it is now, and ends with the attempt's run."""

from supervisor.core.containers import ContainerRow
from supervisor.core.intents import Freeze
from supervisor.core.models import StallPolicy, TaskId
from supervisor.engine.patience import Patience, counter_pattern, patience_with, working
from supervisor.ports import Ref
from tests.fakes.night import after, asked, begun, group, started, task

A, NOBODY = Ref(TaskId("g/a"), 1), Ref(TaskId("g/x"), 1)


def test_only_what_runs_can_be_silent() -> None:
    own = group(stall=StallPolicy(quiet_s=60.0, signals=("log", "cpu")), progress="(a)(b)")
    batch = begun([task("g/a")], [own])
    assert patience_with(batch, A) is None
    batch = after(batch, (started("g/a", 1, 5), 5))
    assert patience_with(batch, A) == Patience(quiet_s=60.0, signals=("log", "cpu"))
    assert counter_pattern(batch, A) == "(a)(b)"
    frozen, _, _ = asked(batch, Freeze(), 6)
    assert patience_with(frozen, A) is None
    assert patience_with(batch, NOBODY) is None
    assert counter_pattern(batch, NOBODY) is None


def test_containers_work_while_they_are_busy_or_wait_for_an_answer() -> None:
    rows = [
        ContainerRow(id="1", name="1", image="i", task=TaskId("g/a"), state="busy"),
        ContainerRow(id="2", name="2", image="i", task=TaskId("g/b"), state="idle", answering=True),
        ContainerRow(id="3", name="3", image="i", task=TaskId("g/c"), state="idle"),
        ContainerRow(id="4", name="4", image="i", state="busy"),
    ]
    assert working(rows) == {"g/a", "g/b"}
