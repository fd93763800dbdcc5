"""Cost per task when 100, and when 20,000 tasks are queued."""

import os
import statistics
import time
from pathlib import Path

from tests.bench.engines import running
from tests.bench.gate import Figure, show
from tests.bench.places import fresh
from tests.bench.processes import cpu_of

_BATCH = """
parallel: 8
groups:
  bench:
    tasks:
      - {id: "gate-{n}", run: "read line < gate || true", for: {n: [0, 1, 2, 3, 4, 5, 6, 7]}}
      - {id: "{n}", run: ["true"], for: {n: {lines: ids.txt}}}
"""
"""Eight tasks keep all slots until somebody writes into ``gate``."""


def _cpu_ms_per_task(queued: int, tasks: int) -> float:
    """Return the CPU per task of the engine and its shims over ``tasks`` tasks in mid-run."""
    place = fresh("growth")
    (place / "ids.txt").write_text("".join(f"{number}\n" for number in range(queued)))
    os.mkfifo(place / "gate")
    with running(place, _BATCH) as engine:
        done = place / ".overnight/bench/tasks/bench"
        _wait(done, 8)
        (place / "gate").write_text("\n" * 8)
        began = _wait(done, 8 + 20)
        before = cpu_of(engine.pid)
        ended = _wait(done, min(began + tasks, queued + 8))
        return (cpu_of(engine.pid) - before) / (ended - began) * 1000


def _wait(done: Path, count: int) -> int:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        seen = len(os.listdir(done)) if done.exists() else 0  # noqa: PTH208 - counted often
        if seen >= count:
            return seen
        time.sleep(0.002)
    raise TimeoutError(f"{count} tasks were not started in 300 s")


def table(*, quick: bool, slack: float) -> int:
    """Print the table; return how many limits were missed."""
    rounds, big = (3, 5000) if quick else (5, 20000)
    few, many = [], []  # type: list[float], list[float]
    for _ in range(rounds):
        few.append(statistics.median(_cpu_ms_per_task(140, 90) for _ in range(5)))
        many.append(_cpu_ms_per_task(big, 1500))
    notes = [
        f"round {n + 1}: 100 queued {a:.2f} ms, {big} queued {b:.2f} ms"
        for n, (a, b) in enumerate(zip(few, many, strict=True))
    ]
    small, large = statistics.median(few), statistics.median(many)
    figures = [
        Figure(name="100 queued", value=small, unit="ms"),
        Figure(name=f"{big} queued", value=large, unit="ms"),
        Figure(name="ratio", value=large / small, limit=1.3),
    ]
    return show("CPU per task against the length of the queue", notes, figures, slack)
