"""All containers of a machine judged at one go."""

from dataclasses import replace

import pytest

from supervisor.core.container_rules import ContainerRules
from supervisor.core.containers import (
    BATCH_LABEL,
    TASK_LABEL,
    ContainerRow,
    Sentinels,
)
from supervisor.core.names import TaskId
from supervisor.core.ownership import Maker
from supervisor.engine.survey import survey
from supervisor.ports import DaemonUnreachableError
from tests.fakes.containers import ASLEEP, AT_WORK, FakeContainers

HAL = ContainerRules(name=("agentrun--*",), sentinels=Sentinels(error_files=("/e",)))


class Clock:
    """Time that passes when somebody waits, for the containers too."""

    def __init__(self, there: FakeContainers) -> None:
        self.there = there

    def now(self) -> float:
        return self.there.at

    async def sleep_until(self, deadline: float) -> None:
        self.there.at = deadline


async def surveyed(there: FakeContainers, **known: object) -> dict[str, ContainerRow]:
    facts: dict[str, object] = {"rules": (HAL,), "batches": frozenset(), "makers": {}}
    rows = await survey(there, Clock(there), **(facts | known))  # type: ignore[arg-type]
    return {row.name: row for row in rows}


async def test_each_is_judged_by_two_readings_and_its_signs() -> None:
    there = FakeContainers(at=1000.0)
    there.made[there.add("busy", cores=0.2)].signals = AT_WORK
    there.add("idle")
    crashed = replace(ASLEEP, error_file="/e", error_at=900.0)
    there.made[there.add("agentrun--x", created_at=500.0)].signals = crashed
    there.add("made", status="created", pid=None)
    rows = await surveyed(there)
    assert {name: row.state for name, row in rows.items()} == {
        "busy": "busy",
        "idle": "idle",
        "agentrun--x": "dead_idle",
        "made": "created",
    }
    assert rows["busy"].cores == 0.2
    assert rows["agentrun--x"].quiet_since == 900.0
    assert not any(row.owned for row in rows.values())
    (asked,) = there.asked
    by_name = {there.made[id_].container.name: wanted for id_, wanted in asked.items()}
    assert by_name["agentrun--x"] == HAL.sentinels
    assert by_name["idle"].error_files == ("/workspace/error.log",)
    assert "made" not in by_name


async def test_what_batches_of_yours_made_is_known() -> None:
    there = FakeContainers(at=1000.0)
    there.add("task", labels={BATCH_LABEL: "u", TASK_LABEL: "g/t"})
    there.add("other", labels={BATCH_LABEL: "v"})
    seen = there.add("agentrun--x")
    maker = Maker(task=TaskId("g/b"), attempt=2, how="its docker client made it")
    rows = await surveyed(there, batches=frozenset({"u"}), makers={seen: maker})
    assert {name: row.task for name, row in rows.items() if row.owned} == {
        "task": "g/t",
        "agentrun--x": "g/b",
    }
    assert rows["agentrun--x"].proof == "its docker client made it"


async def test_an_engine_that_does_not_answer_is_said_to() -> None:
    there = FakeContainers(silent="no answer")
    with pytest.raises(DaemonUnreachableError, match="no answer"):
        await surveyed(there)
