"""Tells what the machine has and what is used of it, to whoever asks."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from supervisor.core.machine import (
    GpuRow,
    LoadSeen,
    MachineSeen,
    Resources,
    RunnerRow,
    Sample,
    cores_between,
    sample,
)
from supervisor.core.state import Batch
from supervisor.engine.process_load import load
from supervisor.ports import (
    Backend,
    BackendGoneError,
    Clock,
    GpuGauges,
    GpusUnseenError,
    Machine,
    Ref,
    Usage,
)

log = logging.getLogger(__name__)

_SAMPLE_S = 20.0
_SAMPLES = 30
"""Ten minutes of them."""
_STALE_S = 15.0
"""A look before this tells of the past: it is made anew before rates are told."""
_SPAN_S = 0.5
_MOST_PIDS = 200
"""Of one attempt, so many processes are asked for threads and files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    machine: MachineSeen
    usage: Mapping[Ref, Usage]


class MachineWatch:
    """Keeps ten minutes of the machine's load; everything else is looked at when it is asked for."""

    def __init__(
        self,
        machine: Machine | None,
        gpus: GpuGauges | None,
        *,
        backend: Backend,
        clock: Clock,
        batch: Callable[[], Batch],
        living: Callable[[], Sequence[Ref]],
    ) -> None:
        self._machine = machine
        self._gpus = gpus
        self._backend = backend
        self._clock = clock
        self._batch = batch
        self._living = living
        self._history: deque[Sample] = deque(maxlen=_SAMPLES)
        self._sampled: LoadSeen | None = None
        self._last: _Look | None = None
        self._asking = asyncio.Lock()

    async def run(self) -> None:
        """Sample the load every twenty seconds until cancelled."""
        machine = self._machine
        while machine is not None:
            try:
                before, self._sampled = self._sampled, machine.load()
            except Exception:
                # The night goes on without its picture.
                log.exception("the machine's load is unknown")
            else:
                one = None if before is None else sample(before, self._sampled)
                self._history += () if one is None else (one,)
            await self._clock.sleep_until(self._clock.now() + _SAMPLE_S)

    async def resources(self) -> Resources:
        """Return what is used now; takes half a second when nobody asked lately."""
        machine = self._machine
        if machine is None:
            return Resources(machine=MachineSeen(at=self._clock.now()))
        async with self._asking:
            before = self._last
            if before is None or self._clock.now() - before.machine.at > _STALE_S:
                before = await self._look(machine)
                await self._clock.sleep_until(self._clock.now() + _SPAN_S)
            self._last = now = await self._look(machine)
            return await asyncio.to_thread(self._told, machine, before, now)

    async def _look(self, machine: Machine) -> _Look:
        try:
            usage = await self._backend.usage(self._living())
        except BackendGoneError:
            usage = dict[Ref, Usage]()  # its own banner tells; the machine is there all the same
        seen = await asyncio.to_thread(machine.look, self._places())
        return _Look(machine=seen, usage=usage)

    def _places(self) -> Mapping[str, str]:
        head = self._batch().head
        return {"state": head.directory, "batch file": head.source}

    def _told(self, machine: Machine, before: _Look, now: _Look) -> Resources:
        span_s = now.machine.at - before.machine.at
        gpus, trouble = self._gpu_rows()
        return Resources(
            machine=now.machine,
            busy=cores_between(before.machine.busy_s, now.machine.busy_s, span_s),
            engine_cores=cores_between(
                before.machine.engine.cpu_s, now.machine.engine.cpu_s, span_s
            ),
            gpus=gpus,
            gpu_trouble=trouble,
            runners=tuple(
                _runner(machine, ref, before.usage.get(ref), used, span_s)
                for ref, used in now.usage.items()
            ),
            history=tuple(self._history),
        )

    def _gpu_rows(self) -> tuple[tuple[GpuRow, ...], str]:
        if self._gpus is None:
            return (), ""
        try:
            figures = self._gpus.figures()
        except GpusUnseenError as error:
            return (), str(error)
        known = {gpu.seen.index: gpu for gpu in self._batch().desk.gpus}
        rows = [
            GpuRow(figures=one, by=known[one.index].by, out=known[one.index].out)
            if one.index in known
            else GpuRow(figures=one)
            for one in figures
        ]
        return tuple(rows), ""


def _runner(
    machine: Machine, ref: Ref, before: Usage | None, now: Usage, span_s: float
) -> RunnerRow:
    used = load(before, now, span_s)
    own = machine.processes(now.pids[:_MOST_PIDS])
    return RunnerRow(
        task=ref.task,
        attempt=ref.attempt,
        cores=used.cores,
        mem_bytes=used.mem_bytes,
        processes=now.processes,
        threads=own.threads,
        files=own.files,
        waits=used.waits,
    )
