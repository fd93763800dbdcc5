"""Silence is told when neither logs nor CPU moved for the group's patience, and so is its end."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from supervisor.core.events import ActivityChanged, Event
from supervisor.core.models import TaskId
from supervisor.engine.activity import Activity
from supervisor.ports import Ref, Said, Usage
from tests.support import ManualClock, until

REF = Ref(TaskId("g/a"), 1)
QUIET_S = 100.0


class Machine:
    """Stands for the backend, as far as activity asks it."""

    def __init__(self, directory: Path) -> None:
        self.clock = ManualClock(1000.0)
        self.events: list[Event] = []
        self.cpu_s: float | None = 0.0
        self.living: list[Ref] = [REF]
        self.patience_s: float | None = QUIET_S
        self.said: Said | None = None
        self.asked: list[Sequence[int]] = []
        self.progress: list[Said] = []
        self._directory = directory
        self.activity = Activity(
            backend=self,  # type: ignore[arg-type] - only two of its methods are asked
            clock=self.clock,
            living=lambda: self.living,
            quiet_after_s=lambda _ref: self.patience_s,
            submit=self.submit,
            ask=self.ask,
            progress=lambda _ref, said: self.progress.append(said),
        )

    def directory(self, ref: Ref) -> Path:
        return self._directory

    async def usage(self, refs: Sequence[Ref]) -> Mapping[Ref, Usage]:
        if self.cpu_s is None:
            return {}
        return {ref: Usage(cpu_s=self.cpu_s, rss_bytes=0, processes=1, pids=(7,)) for ref in refs}

    async def ask(self, ref: Ref, pids: Sequence[int]) -> Said | None:
        self.asked.append(pids)
        return self.said

    async def submit(self, event: Event) -> None:
        self.events.append(event)

    def write(self) -> None:
        with (self._directory / "stdout.log").open("a") as file:
            file.write("x\n")

    async def pass_time(self, seconds: float) -> list[Event]:
        """What was told after a look ``seconds`` later."""
        self.clock.advance(seconds)
        self.events.clear()
        await self.activity.look()
        return self.events


@pytest.fixture
async def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    await machine.activity.look()
    return machine


def quiet(since: float | None) -> list[Event]:
    return [ActivityChanged(task=REF.task, attempt=1, quiet_since=since)]


async def test_silence_is_told_once_with_its_beginning(machine: Machine) -> None:
    assert await machine.pass_time(99) == []
    assert await machine.pass_time(1) == quiet(1000.0)
    assert await machine.pass_time(30) == []


async def test_output_ends_the_silence(machine: Machine) -> None:
    await machine.pass_time(100)
    machine.write()
    assert await machine.pass_time(30) == quiet(None)
    assert await machine.pass_time(99) == []


async def test_work_without_output_is_a_sign_of_life(machine: Machine) -> None:
    machine.cpu_s = 50.0
    assert await machine.pass_time(100) == []
    machine.cpu_s = 50.5
    assert await machine.pass_time(99) == []
    assert await machine.pass_time(1) == quiet(1100.0)


async def test_retries_alone_are_no_sign_of_life(machine: Machine) -> None:
    machine.said = Said(work=6, retries=0)
    assert await machine.pass_time(30) == []
    machine.cpu_s = 90.0
    machine.said = Said(done=0, total=6, work=6, retries=18, words="18 HTTP retries")
    assert await machine.pass_time(99) == []
    machine.cpu_s = 180.0
    told = ActivityChanged(task=REF.task, attempt=1, quiet_since=1030.0, said="18 HTTP retries")
    assert await machine.pass_time(1) == [told]
    machine.said = Said(work=7, retries=18)
    assert await machine.pass_time(30) == quiet(None)
    assert machine.asked[-1] == (7,)
    assert machine.progress[-1] == machine.said


async def test_a_runner_that_works_on_without_retries_is_judged_by_its_cpu(
    machine: Machine,
) -> None:
    machine.said = Said(work=6, retries=3)
    await machine.pass_time(10)
    machine.cpu_s = 50.0
    assert await machine.pass_time(100) == []


async def test_looks_are_as_frequent_as_the_least_patience_asks(machine: Machine) -> None:
    for patience_s, pause_s in ((None, 30), (1800.0, 30), (20.0, 5), (1.0, 1)):
        machine.patience_s = patience_s
        task = asyncio.ensure_future(machine.activity.run())
        await asyncio.sleep(0)
        machine.asked.clear()
        machine.clock.advance(pause_s - 0.5)
        await asyncio.sleep(0)
        assert machine.asked == []
        machine.clock.advance(0.5)
        await until(lambda: machine.asked)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_an_unknown_use_of_cpu_is_no_sign(machine: Machine) -> None:
    machine.cpu_s = None
    assert await machine.pass_time(100) == quiet(1000.0)


async def test_no_patience_means_no_verdict(machine: Machine) -> None:
    machine.patience_s = None
    assert await machine.pass_time(1000) == []


async def test_a_jump_of_the_clock_begins_anew(machine: Machine) -> None:
    machine.activity.rebase()
    assert await machine.pass_time(5000) == []
    assert await machine.pass_time(99) == []


async def test_ended_attempts_are_forgotten(machine: Machine) -> None:
    machine.living = []
    await machine.pass_time(500)
    machine.living = [REF]
    assert await machine.pass_time(500) == []
