"""Launch rate: no-op tasks per second and CPU per task, beside GNU parallel with a job log."""

import shutil
import statistics

from tests.bench.gate import Figure, show
from tests.bench.places import fresh
from tests.bench.processes import OVERNIGHT, Cost, run

FEW = 8
TRUE = "/usr/bin/true"
"""The same program for both: a shell has a ``true`` of its own, which starts nothing."""


def _ours(count: int) -> Cost:
    place = fresh("ours")
    home = place / "home"
    home.mkdir()
    (place / "ids.txt").write_text("".join(f"n{number}\n" for number in range(count)))
    argv = [OVERNIGHT, "run", "--headless", "-j8", "--", TRUE, "{}", "::::", "ids.txt"]
    cost = run(argv, cwd=place, home=home)
    if cost.code != 0:
        said = (place / "bench.out").read_text()[-2000:]
        raise RuntimeError(f"overnight exited {cost.code}: {said}")
    return cost


def _parallel(count: int) -> Cost:
    place = fresh("parallel")
    (place / "home").mkdir()
    ids = "".join(f"n{number}\n" for number in range(count))
    argv = ["parallel", "-j8", "--joblog", "job.log", TRUE, "{}"]
    cost = run(argv, cwd=place, home=place / "home", stdin=ids)
    if cost.code != 0 or len((place / "job.log").read_text().splitlines()) != count + 1:
        raise RuntimeError(f"parallel exited {cost.code}")
    return cost


def table(*, quick: bool, slack: float) -> int:
    """Print the table; return how many limits were missed."""
    if shutil.which("parallel") is None:
        raise SystemExit("the launch benchmark needs GNU parallel: apt-get install parallel")
    count, rounds = (1000, 2) if quick else (5000, 5)
    starts = [(_ours(FEW), _parallel(FEW)) for _ in range(min(rounds, 3))]
    start = [statistics.median(pair[side].wall_s for pair in starts) for side in (0, 1)]
    start_cpu = [statistics.median(pair[side].cpu_s for pair in starts) for side in (0, 1)]
    notes, rates, cpus = [], ([], []), ([], [])  # type: list[str], tuple[list[float], list[float]], tuple[list[float], list[float]]
    for number in range(rounds):
        costs = (_ours(count), _parallel(count))
        for side, cost in enumerate(costs):
            rates[side].append((count - FEW) / (cost.wall_s - start[side]))
            cpus[side].append((cost.cpu_s - start_cpu[side]) / (count - FEW) * 1000)
        notes.append(
            f"round {number + 1}: ours {rates[0][-1]:6.0f} tasks/s {cpus[0][-1]:5.2f} ms, "
            f"parallel {rates[1][-1]:6.0f} tasks/s {cpus[1][-1]:5.2f} ms"
        )
    rate, cpu = (
        [statistics.median(side) for side in rates],
        [statistics.median(side) for side in cpus],
    )
    figures = [
        Figure(name="ours", value=rate[0], unit="tasks/s"),
        Figure(name="GNU parallel --joblog", value=rate[1], unit="tasks/s"),
        Figure(name="rate, ours / parallel", value=rate[0] / rate[1], limit=2.0, at_most=False),
        Figure(name="CPU per task, ours", value=cpu[0], unit="ms"),
        Figure(name="CPU per task, parallel", value=cpu[1], unit="ms"),
        Figure(name="CPU, ours / parallel", value=cpu[0] / cpu[1], limit=0.6),
        Figure(name="start-up, ours", value=start[0], unit="s"),
        Figure(name="start-up, parallel", value=start[1], unit="s"),
    ]
    return show(
        f"Launch rate: {count} no-op tasks at parallelism 8, every exit durable",
        notes,
        figures,
        slack,
    )
