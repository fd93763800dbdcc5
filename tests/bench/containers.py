"""Measuring 60 containers: what a sweep costs here and with the engine, beside ``docker stats``."""

import asyncio
import os
import resource
import statistics
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from supervisor.adapters.containers import daemon
from supervisor.adapters.containers.machine import Machine
from supervisor.adapters.docker.client import Docker
from tests.bench.gate import Figure, show
from tests.containers import Lab, lab, require_docker

_CONTAINERS = 60
_SWEEPS = 40


@dataclass(frozen=True)
class _Round:
    sweep_ms: float
    """CPU of one sweep over all of them."""
    engine_ms: float
    """CPU of the container engine for each sweep meanwhile."""
    stats_ms: float
    """CPU of one ``docker stats --no-stream``."""


def table(*, quick: bool, slack: float) -> int:
    """Measure and print; return how many limits were missed: one, where there is no engine but must be."""
    try:
        require_docker()
    except pytest.skip.Exception as reason:
        print(f"\n## Measuring containers\n\n  not measured: {reason}")
        return int("OVERNIGHT_NO_SKIPS" in os.environ)
    with lab() as here:
        ids = _made(here)
        rounds = asyncio.run(_rounds(ids, 3 if quick else 5))
    sweep, stats, engine = (
        statistics.median(getattr(one, name) for one in rounds)
        for name in ("sweep_ms", "stats_ms", "engine_ms")
    )
    notes = [
        f"{_CONTAINERS} real containers that sleep; {len(rounds)} rounds of {_SWEEPS} sweeps, each"
        " beside one docker stats --no-stream:",
        *(
            f"sweep {one.sweep_ms:.2f} ms, engine {one.engine_ms:.2f} ms, docker stats"
            f" {one.stats_ms:.0f} ms"
            for one in rounds
        ),
    ]
    figures = [
        Figure(name="CPU of a sweep", value=sweep, limit=2.0, unit="ms", absolute=True),
        Figure(
            name="CPU of docker stats / of a sweep",
            value=stats / sweep,
            limit=100.0,
            at_most=False,
            unit="x",
        ),
        # The kernel counts in ticks of 10 ms: what else the engine had to do in a round shows.
        Figure(name="CPU of the engine for a sweep", value=engine, limit=1.0, unit="ms"),
    ]
    return show("Measuring containers", notes, figures, slack)


def _made(here: Lab) -> Sequence[str]:
    """Start them, a few at a time: the engine is not what is measured."""

    def make(number: int) -> str:
        return here.run(str(number), "tail", "-f", "/dev/null")

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(make, range(_CONTAINERS)))


async def _rounds(ids: Sequence[str], count: int) -> list[_Round]:
    machine = Machine(Docker())
    try:
        seen = await machine.look()
        pid = daemon.daemon_pid(Docker().place.socket or "")
        mine = {one.id for one in seen.containers} & set(ids)
        if len(mine) != _CONTAINERS or pid is None:
            raise RuntimeError(f"{len(mine)} of {_CONTAINERS} containers, engine {pid}")
        await machine.usage(ids)
        return [await _round(machine, ids, pid) for _ in range(count)]
    finally:
        await machine.close()


async def _round(machine: Machine, ids: Sequence[str], pid: int) -> _Round:
    engine_s, began_s = daemon.cpu_s_of(pid) or 0.0, time.process_time()
    for _ in range(_SWEEPS):
        if len(await machine.usage(ids)) != len(ids):
            raise RuntimeError("not every container could be measured")
    sweep_s = (time.process_time() - began_s) / _SWEEPS
    engine_s = ((daemon.cpu_s_of(pid) or 0.0) - engine_s) / _SWEEPS
    stats_s = await asyncio.to_thread(_docker_stats_s, ids)
    return _Round(sweep_s * 1000, engine_s * 1000, stats_s * 1000)


def _docker_stats_s(ids: Sequence[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["docker", "stats", "--no-stream", *ids], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
