"""A living attempt learns of another number: by a file that is whole, or by a command."""

import asyncio
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from supervisor.core.effects import StartAttempt, TurnKnob
from supervisor.core.events import Event, KnobTurned, Tick
from supervisor.core.models import InnerPolicy, TaskId
from supervisor.core.state import Batch, fresh
from supervisor.core.step import step
from supervisor.engine.turning import Turning, before_launch
from tests.engine.batches import spec_of
from tests.engine.night import Commands

A = TaskId("g/a")
BY_FILE = InnerPolicy(knob="capsules", start=20, apply="file")
BY_COMMAND = InnerPolicy(
    knob="capsules", start=20, apply="run", run="tell {task} {n} {capsules} {m}", timeout_s=7
)


class Bench:
    """Turning over commands whose outcome the test names, and a batch whose first task runs."""

    def __init__(self, policy: InnerPolicy | None, directory: Path = Path("/nowhere")) -> None:
        self.commands = Commands()
        self.events: list[Event] = []
        self.turning = Turning(self.commands, self.submit)
        spec = spec_of("g/a", directory=str(directory))
        group = replace(spec.groups[0], inner=policy)
        task = replace(spec.tasks[0], params={"m": "it's"}, env={"KEY": "v"})
        begun = fresh(replace(spec, groups=(group,), tasks=(task,)), "u", 0.0)
        self.batch: Batch = step(begun, Tick(), 0.0)[0]

    async def submit(self, event: Event) -> None:
        self.events.append(event)

    async def tell(self, value: int) -> None:
        turn = self.turning.take_in(self.batch, TurnKnob(task=A, attempt=1, value=value))
        assert turn is not None
        await self.turning.run(turn)


def turned(value: int, cause: str = "") -> KnobTurned:
    return KnobTurned(task=A, attempt=1, value=value, cause=cause)


async def test_a_file_is_replaced_whole_for_this_user_alone(tmp_path: Path) -> None:
    one = Bench(BY_FILE, tmp_path)
    await one.tell(5)
    path = tmp_path / "tasks" / "g" / "a" / "capsules"
    assert path.read_text() == "5\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await one.tell(3)
    assert path.read_text() == "3\n"
    assert [child.name for child in path.parent.iterdir()] == ["capsules"]
    assert one.events == [turned(5), turned(3)]


async def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "tasks").touch()
    one = Bench(BY_FILE, tmp_path)
    await one.tell(5)
    assert one.events == [turned(5, "Not a directory")]
    (turn,) = before_launch(one.batch, StartAttempt(task=A, attempt=1, slot=1))
    await one.turning.lay(turn)
    assert one.events[1:] == [turned(20, "Not a directory")]


async def test_a_file_lies_there_before_the_attempt_begins(tmp_path: Path) -> None:
    one = Bench(BY_FILE, tmp_path)
    (turn,) = before_launch(one.batch, StartAttempt(task=A, attempt=1, slot=1))
    await one.turning.lay(turn)
    assert (tmp_path / "tasks" / "g" / "a" / "capsules").read_text() == "20\n"
    assert one.events == []


@pytest.mark.parametrize("policy", [None, BY_COMMAND])
def test_other_ways_need_no_file(policy: InnerPolicy | None) -> None:
    assert before_launch(Bench(policy).batch, StartAttempt(task=A, attempt=1, slot=1)) == ()


async def test_a_command_knows_its_task_and_the_number() -> None:
    one = Bench(BY_COMMAND)
    await one.tell(5)
    (errand,) = one.commands.errands
    assert errand.command == """exec /bin/sh -c 'tell g/a 5 5 '"'"'it'"'"'"'"'"'"'"'"'s'"'"''"""
    assert (errand.timeout_s, errand.cwd) == (7, "/")
    env = {"KEY": "v", "OVERNIGHT_CAPSULES": "5", "OVERNIGHT_TASK": "g/a", "OVERNIGHT_ATTEMPT": "1"}
    assert env.items() <= errand.env.items()
    assert one.events == [turned(5)]
    one.commands.outcome = "exit 1: no server"
    await one.tell(3)
    assert one.events[1:] == [turned(3, "exit 1: no server")]


async def test_of_orders_that_came_meanwhile_the_last_counts() -> None:
    one = Bench(BY_COMMAND)
    first = one.turning.take_in(one.batch, TurnKnob(task=A, attempt=1, value=9))
    assert first is not None
    async with asyncio.TaskGroup() as group:
        group.create_task(one.turning.run(first), name="first")
        for value in (8, 7):
            order = TurnKnob(task=A, attempt=1, value=value)
            assert one.turning.take_in(one.batch, order) is None
    assert [errand.env["OVERNIGHT_N"] for errand in one.commands.errands] == ["9", "7"]
    assert one.events == [turned(7)]


def test_a_knob_that_the_file_has_no_more_is_not_turned() -> None:
    one = Bench(None)
    assert one.turning.take_in(one.batch, TurnKnob(task=A, attempt=1, value=9)) is None
