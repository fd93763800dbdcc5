"""A batch that no engine runs can be swept all the same."""

from supervisor.core.container_facts import ContainerTarget
from supervisor.core.container_rules import ContainerRules
from supervisor.core.containers import ATTEMPT_LABEL, BATCH_LABEL, GROUP_LABEL, TASK_LABEL
from supervisor.core.effects import SweepAway
from supervisor.core.events import Wanted
from supervisor.core.intents import Stop
from supervisor.core.models import TaskId
from supervisor.engine.resting import resting
from tests.fakes.containers import FakeContainers
from tests.fakes.night import after, begun, ended, group, started
from tests.support import ManualClock


async def test_what_is_left_is_found_and_removed() -> None:
    batch = after(
        begun(["g/a"], [group(containers=ContainerRules(name=("agentrun--*",)))]),
        (started("g/a", 1, 1.0), 1.0),
        (Wanted(intent=Stop(), who="me"), 2.0),
        (ended("g/a", 1, 3.0), 3.0),
    )
    there = FakeContainers(at=1_000_000.0)
    labels = {
        BATCH_LABEL: batch.desk.uuid,
        GROUP_LABEL: "g",
        TASK_LABEL: "g/a",
        ATTEMPT_LABEL: "1",
    }
    own = there.add("agentrun--1", labels=labels)
    other = there.add("agentrun--2")
    async with resting(batch, there, ManualClock(), {}) as acts:
        found = await acts.leftovers()
        assert [one["id"] for one in found["containers"]] == [own]  # type: ignore[attr-defined]
        assert [one["name"] for one in found["kept"]] == ["agentrun--2"]  # type: ignore[attr-defined]
        target = ContainerTarget(
            id=own, name="agentrun--1", task=TaskId("g/a"), attempt=1, owned=True
        )
        ends = await acts.carry_out(SweepAway(containers=(target,), networks=(), volumes=()))
    assert [one.how for one in ends] == ["removed"]
    assert set(there.made) == {other}
    assert there.closed
