"""What the kit costs a runner: per item, beside bare appends, and to import."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from supervisor import kit
from supervisor.kit.marks import Marks
from tests.bench.gate import Figure, show
from tests.bench.places import fresh

_RESULT = {"answer": "x" * 60, "score": 0.5}
_LINE = (
    b'{"item":"1234","result":{"answer":"'
    + b"x" * 60
    + b'","score":0.5},"of":"0123456789abcdef"}\n'
)


def table(*, quick: bool, slack: float) -> int:
    """Print the table; return how many limits were missed."""
    rounds, many, few = (5, 2_000, 100) if quick else (9, 20_000, 300)
    place = fresh("kit")
    plain_us = [_plain_us(place / f"n{number}", many) for number in range(rounds)]
    pairs = [_beside_bare(place / f"s{number}", few) for number in range(rounds)]
    import_ms, pass_ms = _imports(rounds * 4)
    ratios = [ours / bare for ours, bare in pairs]
    figures = [
        Figure(
            name="an item, progress and result told, no fsync (CPU)",
            value=statistics.median(plain_us),
            limit=50,
            unit="µs",
            absolute=True,
        ),
        Figure(
            name="the same with fsync",
            value=statistics.median(ours for ours, _ in pairs),
            unit="ms",
        ),
        Figure(
            name="bare append and fsync",
            value=statistics.median(bare for _, bare in pairs),
            unit="ms",
        ),
        Figure(name="with fsync / bare", value=statistics.median(ratios), limit=1.2),
        Figure(name="import supervisor.kit", value=import_ms, unit="ms"),
        Figure(name="python -c pass", value=pass_ms, unit="ms"),
        Figure(name="import / pass", value=import_ms / pass_ms, limit=3.0),
    ]
    notes = [f"median of {rounds} rounds; with / bare: " + " ".join(f"{one:.2f}" for one in ratios)]
    return show("The kit in a runner", notes, figures, slack)


def _items(count: int) -> list[dict[str, object]]:
    return [{"id": number, "text": f"what is {number}?"} for number in range(count)]


def _plain_us(place: Path, count: int) -> float:
    """Return microseconds of CPU for each of ``count`` items of a loop that does nothing else.

    Without fsync nothing is waited for, but for the processors that others use.
    """
    items = _items(count)
    marks = Marks({"OVERNIGHT_MARKS": str(place / "marks")})
    place.mkdir()
    began = time.process_time()
    with kit.run(place / "results.jsonl", sync="never", marks=marks) as run:
        for item in run.todo(items):
            run.done(item, _RESULT)
    return (time.process_time() - began) / count * 1e6


def _beside_bare(place: Path, count: int) -> tuple[float, float]:
    """Return the milliseconds of an item with fsync, and of a bare append with fsync between them.

    Medians of single ones, in turn: a disk that others use is slow now and fast then.
    """
    items = _items(count)
    marks = Marks({"OVERNIGHT_MARKS": str(place / "marks")})
    place.mkdir()
    ours: list[float] = []
    bare: list[float] = []
    descriptor = os.open(place / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with kit.run(place / "results.jsonl", marks=marks) as run:
        began = time.perf_counter()
        for item in run.todo(items):
            run.done(item, _RESULT)
            between = time.perf_counter()
            os.write(descriptor, _LINE)
            os.fsync(descriptor)
            ended = time.perf_counter()
            ours.append((between - began) * 1000)
            bare.append((ended - between) * 1000)
            began = ended
    os.close(descriptor)
    return statistics.median(ours), statistics.median(bare)


def _imports(rounds: int) -> tuple[float, float]:
    """Return how long the import and a bare start take, in milliseconds."""
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    times: dict[str, list[float]] = {"import supervisor.kit": [], "pass": []}
    for _ in range(rounds):
        for code, taken in times.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], env=environment, check=True)
            taken.append((time.perf_counter() - began) * 1000)
    first, second = (statistics.median(taken) for taken in times.values())
    return first, second
