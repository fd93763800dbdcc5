"""What a quiet engine costs: CPU and memory with 60 silent tasks, and memory per finished task."""

import time
from collections.abc import Callable

from tests.bench.engines import Engine, running
from tests.bench.gate import Figure, show
from tests.bench.places import fresh
from tests.bench.processes import cpu_of, rss_mib

_QUIET = """
groups:
  quiet:
    parallel: 60
    tasks: [{{id: "{{n}}", run: [sleep, "1000"], for: {{n: [{quiet}]}}}}]
"""
_QUICK = """\
  quick:
    parallel: 8
    tasks: [{{id: "{{n}}", run: ["true"], for: {{n: [{finished}]}}}}]
"""
_HARD = """\
  hard:
    parallel: 8
    retry: {{attempts: 4, base: 100ms, jitter: 0s..0s}}
    breaker: {{then: "off"}}
    tasks:
      - id: "{{n}}"
        for: {{n: [{finished}]}}
        run: |
          set -- "ConnectionError: peer {{n}} closed the stream" \\
            "TimeoutError: no answer about {{n}} from the judge" \\
            "ValueError: result {{n}} cannot be parsed" ok
          shift $(({{attempt}} - 1))
          echo "$1" >&2
          test "$1" = ok
"""
"""Each task fails three times, in words of its own, and succeeds the fourth time."""


def _batch(finished: int, group: str = _QUICK) -> str:
    return (_QUIET + group).format(
        quiet=", ".join(map(str, range(60))), finished=", ".join(map(str, range(finished)))
    )


def _settle(engine: Engine, finished: int) -> None:
    for _ in range(600):
        counts = engine.status()["counts"]
        if isinstance(counts, dict) and counts["succeeded"] == finished and counts["running"] == 60:
            return
        time.sleep(0.5)
    raise TimeoutError(f"the engine never settled: {engine.status()['counts']}")


def _rest(finished: int, watch_s: float, group: str = _QUICK) -> tuple[float, float]:
    with running(fresh("rest"), _batch(finished, group)) as engine:
        _settle(engine, finished)
        time.sleep(5)
        before, began = cpu_of(engine.pid), time.monotonic()
        time.sleep(watch_s)
        share = (cpu_of(engine.pid) - before) / (time.monotonic() - began) * 100
        return share, rss_mib(engine.pid)


def _per_thousand(memory_of: Callable[[int], float], few: int, many: int) -> float:
    return (memory_of(many) - memory_of(few)) / (many - few) * 1000


def table(*, quick: bool, slack: float) -> int:
    """Print the table; return how many limits were missed."""
    few, many = 10, 3010 if quick else 4010
    share, memory = _rest(few, 35 if quick else 90)
    known = {few: memory}
    figures = [
        Figure(name="CPU of a core at rest", value=share, limit=0.5, unit="%"),
        Figure(name="memory", value=memory, limit=60, unit="MiB"),
        Figure(
            name="more per 1,000 finished",
            value=_per_thousand(lambda count: known.get(count) or _rest(count, 1)[1], few, many),
            limit=4,
            unit="MiB",
        ),
    ]
    if not quick:
        figures.append(
            Figure(
                name="the same, four attempts each",
                # From 500 on: what is kept at hand for speed has a bound, and is full by then.
                value=_per_thousand(lambda count: _rest(count, 1, _HARD)[1], 500, 2500),
                limit=4,
                unit="MiB",
            )
        )
    return show("Rest: 60 running quiet tasks", [], figures, slack)
