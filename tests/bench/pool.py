"""What a pool costs whose workers cannot poison each other, beside the standard library's."""

import statistics
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor

from supervisor.kit.pool import ResilientPool
from tests.bench.gate import Figure, show

_ITEMS = 10_000
_WORKERS = 2


def table(*, quick: bool, slack: float) -> int:
    """Print the table; return how many limits were missed."""
    rounds = [(_rate(_peer), _rate(_ours)) for _ in range(3 if quick else 7)]
    ratios = [ours / peer for peer, ours in rounds]
    told = ", ".join(f"{peer:.0f}/{ours:.0f}" for peer, ours in rounds)
    figures = [
        Figure(
            name="against ProcessPoolExecutor, median",
            value=statistics.median(ratios),
            limit=0.8,
            at_most=False,
        ),
        Figure(
            name="ResilientPool, median",
            value=statistics.median(ours for _, ours in rounds),
            unit="items/s",
        ),
    ]
    notes = [
        f"{_ITEMS:,} items that double a number, {_WORKERS} workers, the start of the pool included;",
        f"items/s of ProcessPoolExecutor.map / ResilientPool.run in each round: {told}",
    ]
    return show("Throughput of a pool", notes, figures, slack)


def _rate(work: Callable[[Iterable[int]], int]) -> float:
    began = time.perf_counter()
    total = work(range(_ITEMS))
    took = time.perf_counter() - began
    if total != _ITEMS * (_ITEMS - 1):
        raise AssertionError("items are missing")
    return _ITEMS / took


def _peer(items: Iterable[int]) -> int:
    with ProcessPoolExecutor(_WORKERS) as pool:
        return sum(pool.map(_double, items))


def _ours(items: Iterable[int]) -> int:
    with ResilientPool(_WORKERS) as pool:
        return sum(outcome.value for outcome in pool.run(_double, items))


def _double(number: int) -> int:
    return number * 2
