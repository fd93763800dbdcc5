"""How fast ``overnight status`` answers, beside bare Python."""

import statistics
import sys
import time
from subprocess import DEVNULL, run

from tests.bench.engines import running
from tests.bench.gate import Figure, show
from tests.bench.places import fresh
from tests.bench.processes import OVERNIGHT


def table(*, quick: bool, slack: float) -> int:
    """Print the table; return how many limits were missed."""
    rounds = 15 if quick else 41
    ours: list[float] = []
    bare: list[float] = []
    batch = "parallel: 60\nrun: sleep 1000\nfor: {n: [" + ", ".join(map(str, range(60))) + "]}\n"
    with running(fresh("startup"), batch) as engine:
        for _ in range(rounds):
            for argv, times in (
                ([OVERNIGHT, "status"], ours),
                ([sys.executable, "-c", "pass"], bare),
            ):
                began = time.perf_counter()
                run(argv, cwd=engine.place, env=engine.environment, stdout=DEVNULL, check=True)
                times.append((time.perf_counter() - began) * 1000)
    mine, theirs = statistics.median(ours), statistics.median(bare)
    figures = [
        Figure(name="overnight status", value=mine, unit="ms"),
        Figure(name="python -c pass", value=theirs, unit="ms"),
        Figure(name="ratio", value=mine / theirs, limit=3.0),
    ]
    return show(f"Start of a reading command, median of {rounds}", [], figures, slack)
