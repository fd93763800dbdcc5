"""What the machine has and uses: looked at when asked for, sampled slowly."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from supervisor.core.cards import Gpu, GpuSeen
from supervisor.core.machine import (
    GpuFigures,
    GpuRow,
    LoadSeen,
    MachineSeen,
    ProcessSeen,
    RunnerRow,
    Sample,
)
from supervisor.core.models import TaskId
from supervisor.engine.machine_watch import MachineWatch
from supervisor.ports import BackendGoneError, GpusUnseenError, Ref, Usage
from tests.fakes.night import begun
from tests.support import ManualClock, until

REF = Ref(TaskId("g/a"), 2)


class Host:
    """A machine and a backend whose counters move with the clock: 2 cores busy, 1 of them REF's."""

    def __init__(self) -> None:
        self.clock = ManualClock(1000.0)
        self.batch = begun(["g/a"])
        self.looks: list[Mapping[str, str]] = []
        self.loads = 0
        self.fails = False
        self.down = False
        self.cards: Sequence[GpuFigures] | None = ()
        self.watch = MachineWatch(
            self,
            self,
            backend=self,  # type: ignore[arg-type]  # only ``usage`` is asked
            clock=self.clock,
            batch=lambda: self.batch,
            living=lambda: [REF],
        )

    def load(self) -> LoadSeen:
        if self.fails:
            raise OSError("no /proc")
        self.loads += 1
        return LoadSeen(at=self.clock.now(), busy_s=2 * self.clock.now(), mem_share=0.4)

    def look(self, places: Mapping[str, str]) -> MachineSeen:
        self.looks.append(places)
        now = self.clock.now()
        return MachineSeen(
            at=now,
            cores=8,
            busy_s=2 * now,
            mem_bytes=100,
            available_bytes=60,
            engine=ProcessSeen(cpu_s=now / 10),
        )

    def processes(self, pids: Sequence[int]) -> ProcessSeen:
        return ProcessSeen(threads=3 * len(pids), files=None)

    def figures(self) -> Sequence[GpuFigures]:
        if self.cards is None:
            raise GpusUnseenError("no NVIDIA driver can be used here")
        return self.cards

    async def usage(self, refs: Sequence[Ref]) -> Mapping[Ref, Usage]:
        if self.down:
            raise BackendGoneError("no answer")
        assert list(refs) == [REF]
        now = self.clock.now()
        return {REF: Usage(cpu_s=now, rss_bytes=5 << 20, processes=2, pids=(7, 8), waited_s=now)}


async def test_the_first_answer_tells_rates_and_the_second_does_not_wait() -> None:
    host = Host()
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(host.watch.resources())
        await until(lambda: len(host.looks) == 1)
        assert set(host.looks[0]) == {"state", "batch file"}
        host.clock.advance(0.5)
    told = asked.result()
    assert told.busy == pytest.approx(2.0)
    assert told.engine_cores == pytest.approx(0.1)
    assert told.machine.cores == 8
    row = RunnerRow(
        task=REF.task,
        attempt=2,
        cores=1.0,
        mem_bytes=5 << 20,
        processes=2,
        threads=6,
        files=None,
        waits=0.5,
    )
    assert told.runners == (row,)
    host.clock.advance(3.0)
    assert (await host.watch.resources()).busy == pytest.approx(2.0)
    assert len(host.looks) == 3


async def test_the_load_is_sampled_slowly_and_a_failed_look_is_no_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    host = Host()
    async with asyncio.TaskGroup() as group:
        running = group.create_task(host.watch.run())
        await until(lambda: host.loads == 1)
        host.clock.advance(20.0)
        await until(lambda: host.loads == 2)
        host.fails = True
        host.clock.advance(20.0)
        await until(lambda: caplog.records)
        host.fails = False
        host.clock.advance(20.0)
        await until(lambda: host.loads == 3)
        running.cancel()
        asked = group.create_task(host.watch.resources())
        await until(lambda: len(host.looks) == 1)
        host.clock.advance(0.5)
    assert asked.result().history == (
        Sample(at=1020.0, cores=2.0, mem_share=0.4),
        Sample(at=1060.0, cores=2.0, mem_share=0.4),
    )


async def test_gpus_are_told_with_the_task_that_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    host = Host()
    monkeypatch.setattr("supervisor.engine.machine_watch._SPAN_S", 0.0)
    desk = replace(
        host.batch.desk,
        gpus=(Gpu(seen=GpuSeen(index=1), by=TaskId("g/a"), out="3 tasks met a CUDA error"),),
    )
    host.batch = replace(host.batch, desk=desk)
    free, ours = GpuFigures(index=0, busy_percent=0), GpuFigures(index=1, busy_percent=97)
    host.cards = (free, ours)
    told = await host.watch.resources()
    assert told.gpus == (
        GpuRow(figures=free),
        GpuRow(figures=ours, by=TaskId("g/a"), out="3 tasks met a CUDA error"),
    )
    host.cards = None
    told = await host.watch.resources()
    assert (told.gpus, told.gpu_trouble) == ((), "no NVIDIA driver can be used here")


async def test_what_cannot_be_seen_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    host = Host()
    monkeypatch.setattr("supervisor.engine.machine_watch._SPAN_S", 0.0)
    host.down = True
    told = await host.watch.resources()
    assert told.runners == ()
    assert told.machine.mem_bytes == 100
    blind = MachineWatch(
        None,
        None,
        backend=host,  # type: ignore[arg-type]
        clock=host.clock,
        batch=lambda: host.batch,
        living=lambda: [REF],
    )
    await blind.run()
    assert (await blind.resources()).machine == MachineSeen(at=host.clock.now())
