"""What a quiet engine costs: CPU and memory with 60 silent tasks, and memory per finished task."""

import time

from tests.bench.engines import Engine, running
from tests.bench.gate import Figure, show
from tests.bench.places import fresh
from tests.bench.processes import cpu_of, rss_mib

_BATCH = """
groups:
  quiet:
    parallel: 60
    tasks: [{{id: "{{n}}", run: [sleep, "1000"], for: {{n: [{quiet}]}}}}]
  quick:
    parallel: 8
    tasks: [{{id: "{{n}}", run: ["true"], for: {{n: [{quick}]}}}}]
"""


def _batch(finished: int) -> str:
    return _BATCH.format(
        quiet=", ".join(map(str, range(60))), quick=", ".join(map(str, range(finished)))
    )


def _settle(engine: Engine, finished: int) -> None:
    for _ in range(600):
        counts = engine.status()["counts"]
        if isinstance(counts, dict) and counts["succeeded"] == finished and counts["running"] == 60:
            return
        time.sleep(0.5)
    raise TimeoutError(f"the engine never settled: {engine.status()['counts']}")


def _rest(finished: int, watch_s: float) -> tuple[float, float]:
    with running(fresh("rest"), _batch(finished)) as engine:
        _settle(engine, finished)
        time.sleep(5)
        before, began = cpu_of(engine.pid), time.monotonic()
        time.sleep(watch_s)
        share = (cpu_of(engine.pid) - before) / (time.monotonic() - began) * 100
        return share, rss_mib(engine.pid)


def table(*, quick: bool, slack: float) -> int:
    """Print the table; return how many limits were missed."""
    few, many = 10, 3010 if quick else 4010
    share, memory = _rest(few, 35 if quick else 90)
    _, more = _rest(many, 1)
    figures = [
        Figure(name="CPU of a core at rest", value=share, limit=0.5, unit="%"),
        Figure(name="memory", value=memory, limit=60, unit="MiB"),
        Figure(
            name="more per 1,000 finished",
            value=(more - memory) / (many - few) * 1000,
            limit=4,
            unit="MiB",
        ),
    ]
    return show("Rest: 60 running quiet tasks", [], figures, slack)
