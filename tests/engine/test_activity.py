"""Silence is told when no sign of life was seen for the group's patience, and so is its end."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from supervisor.core.events import ActivityChanged, Detected, Event
from supervisor.core.models import SIGNALS, Signal, TaskId
from supervisor.core.progress import bar
from supervisor.engine.activity import Activity
from supervisor.engine.patience import Patience
from supervisor.engine.tails import Tails
from supervisor.ports import Ref, Said, Usage
from tests.support import ManualClock, until

if TYPE_CHECKING:
    from supervisor.core.told import Told

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
        self.progress: list[tuple[int, int]] = []
        self.told: list[Told] = []
        self.lines = 0
        self.working: list[TaskId] = []
        self.pids: tuple[int, ...] = (7,)
        self._directory = directory
        self.activity = Activity(
            backend=self,  # type: ignore[arg-type]  # only two of its methods are asked
            clock=self.clock,
            living=lambda: self.living,
            tails=Tails(self.directory, lambda _ref: None, lambda _pattern: bar),
            patience=self.patience,
            submit=self.submit,
            ask=self.ask,
            progress=lambda _ref, done, total: self.progress.append((done, total)),
            working=lambda: self.working,
            told=lambda _ref, told: self.told.append(told),
        )

    def patience(self, ref: Ref) -> Patience | None:
        if self.patience_s is None:
            return None
        return Patience(quiet_s=self.patience_s, signals=SIGNALS)

    def directory(self, ref: Ref) -> Path:
        return self._directory

    async def usage(self, refs: Sequence[Ref]) -> Mapping[Ref, Usage]:
        if self.cpu_s is None:
            return {}
        used = Usage(cpu_s=self.cpu_s, rss_bytes=0, processes=1, pids=self.pids)
        return dict.fromkeys(refs, used)

    async def ask(self, ref: Ref, pids: Sequence[int]) -> Said | None:
        self.asked.append(pids)
        return self.said

    async def submit(self, event: Event) -> None:
        self.events.append(event)

    def write(self, text: str = "") -> None:
        self.lines += 1
        with (self._directory / "stdout.log").open("a") as file:
            file.write(text or f"sample {self.lines}\n")

    def mark(self, text: str) -> None:
        with (self._directory / "marks").open("a") as file:
            file.write(f"{text}\n")

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


SEEN: tuple[Signal, ...] = ("log", "cpu", "children")


def quiet(since: float | None, signals: tuple[Signal, ...] = SEEN) -> list[Event]:
    missed = () if since is None else signals
    return [ActivityChanged(task=REF.task, attempt=1, quiet_since=since, signals=missed)]


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
    told = ActivityChanged(
        task=REF.task, attempt=1, quiet_since=1030.0, signals=SIGNALS, said="18 HTTP retries"
    )
    assert await machine.pass_time(1) == [told]
    machine.said = Said(done=1, total=6, work=7, retries=18)
    assert await machine.pass_time(30) == quiet(None)
    assert machine.asked[-1] == (7,)
    assert machine.progress[-1] == (1, 6)


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


async def test_where_only_the_log_can_be_seen_nothing_follows(machine: Machine) -> None:
    machine.living = []
    await machine.pass_time(1)
    machine.living, machine.cpu_s = [REF], None
    assert await machine.pass_time(0) == []
    assert await machine.pass_time(5000) == []


async def test_lines_that_repeat_themselves_are_silence(machine: Machine) -> None:
    machine.write("Retrying in 3 s\n")
    await machine.pass_time(10)
    for second in range(9):
        machine.write(f"Retrying in {second} s\n" * 99)
        assert await machine.pass_time(11) == []
    machine.write("Retrying in 3 s\n")
    assert await machine.pass_time(1) == quiet(1010.0)


async def test_processes_that_come_and_go_are_life(machine: Machine) -> None:
    machine.pids = (7, 8)
    assert await machine.pass_time(99) == []
    assert await machine.pass_time(99) == []
    assert await machine.pass_time(1) == quiet(1099.0)


async def test_a_container_that_works_is_life(machine: Machine) -> None:
    machine.working = [REF.task]
    assert await machine.pass_time(99) == []
    machine.working = []
    assert await machine.pass_time(99) == []
    assert await machine.pass_time(1) == quiet(1099.0)


async def test_a_bar_tells_of_progress_and_of_its_standstill(machine: Machine) -> None:
    machine.write(" 37%|███▋ | 37/100 [00:12<00:20, 3.05it/s]\r")
    await machine.pass_time(10)
    machine.write(" 37%|███▋ | 37/100 [00:52<00:99, 1.05it/s]\r")
    assert await machine.pass_time(100) == quiet(1010.0, SIGNALS)
    assert machine.progress[-1] == (37, 100)
    machine.write(" 38%|███▊ | 38/100 [00:53<00:99, 1.05it/s]\r")
    assert await machine.pass_time(10) == quiet(None)


async def test_no_patience_means_no_verdict_and_silence_counts_from_its_end(
    machine: Machine,
) -> None:
    """As while an attempt is frozen."""
    await machine.pass_time(50)
    machine.patience_s = None
    assert await machine.pass_time(1000) == []
    machine.patience_s = QUIET_S
    assert await machine.pass_time(99) == []
    assert await machine.pass_time(1) == quiet(2050.0)


@pytest.mark.parametrize("by_s", [5000.0, -900.0])
async def test_a_jump_of_the_clock_begins_anew(machine: Machine, by_s: float) -> None:
    await machine.pass_time(99)
    machine.activity.rebase()
    assert await machine.pass_time(by_s) == []
    assert await machine.pass_time(99) == []
    assert await machine.pass_time(1) == quiet(1099.0 + by_s)


async def test_who_was_silent_before_a_jump_is_told_to_be_back(machine: Machine) -> None:
    """And it is silent again only when that has lasted."""
    await machine.pass_time(100)
    machine.activity.rebase()
    assert await machine.pass_time(5000) == quiet(None)
    assert await machine.pass_time(100) == quiet(6100.0)


async def test_the_ends_of_logs_are_looked_at_more_often(machine: Machine) -> None:
    machine.patience_s = 1800.0
    task = asyncio.ensure_future(machine.activity.run())
    await asyncio.sleep(0)
    machine.asked.clear()
    machine.write(" 37%|███▋ | 37/100 [00:12<00:20, 3.05it/s]\r")
    machine.clock.advance(10)
    await until(lambda: machine.progress)
    assert machine.asked == []
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_ended_attempts_are_forgotten(machine: Machine) -> None:
    machine.living = []
    await machine.pass_time(500)
    machine.living = [REF]
    assert await machine.pass_time(500) == []


async def test_marks_are_told_and_are_signs_of_life(machine: Machine) -> None:
    await machine.pass_time(1)
    machine.mark('{"item":"q1"}')
    assert not await machine.pass_time(QUIET_S)
    machine.mark('{"item":"q2"}')
    assert not await machine.pass_time(QUIET_S)
    assert [told.item for told in machine.told] == ["q1", "q2"]
    [flip] = await machine.pass_time(QUIET_S)
    assert isinstance(flip, ActivityChanged)
    assert flip.quiet_since is not None


async def test_who_waits_for_a_limit_is_silent_with_reason(machine: Machine) -> None:
    await machine.pass_time(1)
    until_at = machine.clock.now() + 5 * QUIET_S
    machine.mark(f'{{"waiting":"resets 4pm","until":{until_at}}}')
    for _ in range(4):
        assert not await machine.pass_time(QUIET_S)
    assert await machine.pass_time(QUIET_S)


async def test_a_stated_limit_is_told_once(machine: Machine) -> None:
    until_at = machine.clock.now() + 5000
    machine.mark(f'{{"waiting":"resets 4pm","until":{until_at},"class":"usage_window"}}')
    [found] = await machine.pass_time(1)
    assert isinstance(found, Detected)
    assert (found.detection.line, found.detection.retry_at) == ("resets 4pm", until_at)
    assert not await machine.pass_time(1)
