"""What a pool costs whose workers cannot poison each other, beside the standard library's."""

import random
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

import psutil
from pebble import ProcessExpired, ProcessPool

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
    missed = show("Throughput of a pool", notes, figures, slack)
    return missed + _poison(rounds=2 if quick else 5, slack=slack)


def _poison(*, rounds: int, slack: float) -> int:
    """Print what killed workers cost in each pool."""
    figures: list[Figure] = []
    for name, work, limit in (
        ("ResilientPool", _ours_killed, 0.0),
        ("pebble.ProcessPool", _pebble_killed, None),
        ("ProcessPoolExecutor", _peer_killed, None),
    ):
        lost, hung, kills = map(
            sum, zip(*(_killing(work, seed) for seed in range(rounds)), strict=True)
        )
        figures += [
            Figure(name=f"{name}, no result for what was not lost", value=lost, limit=limit),
            Figure(name=f"{name}, never ended", value=hung, limit=limit),
            Figure(name=f"{name}, workers killed", value=kills),
        ]
    notes = [
        f"{rounds} rounds of {_KILLED_ITEMS} items of 2 ms with results of 20 kB, {_WORKERS} workers;",
        "one of the workers is killed (SIGKILL) each 50 to 400 ms. A killed worker may cost its item.",
    ]
    return show("Workers that are killed", notes, figures, slack)


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


_KILLED_ITEMS = 500
_PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class _Ends:
    """How the items of a round ended."""

    done: int
    hung: int


def _killing(work: Callable[[], _Ends], seed: int) -> tuple[int, int, int]:
    """Return the items without a result beyond one for each kill, those that never ended, the kills."""
    over, luck, kills = threading.Event(), random.Random(seed), 0

    def kill() -> None:
        nonlocal kills
        while not over.wait(luck.uniform(0.05, 0.4)):
            if workers := _workers():
                with suppress(psutil.NoSuchProcess):
                    luck.choice(workers).kill()
                    kills += 1

    thread = threading.Thread(target=kill, name="killer")
    thread.start()
    try:
        ends = work()
    finally:
        over.set()
        thread.join()
    lost = _KILLED_ITEMS - ends.done - ends.hung
    return max(0, lost - kills), ends.hung, kills


def _workers() -> list[psutil.Process]:
    """Return the processes that work at items; the one they are forked from is none of them."""
    found: list[psutil.Process] = []
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):
            words = " ".join(child.cmdline())
            is_server = "multiprocessing.forkserver" in words or "resource_tracker" in words
            found += child.children() if is_server else [child]
    return found


def _slow(number: int) -> tuple[int, bytes]:
    end = time.perf_counter() + 0.002
    while time.perf_counter() < end:
        pass
    return number, b"x" * 20_000


def _ours_killed() -> _Ends:
    with ResilientPool(_WORKERS) as pool:
        outcomes = pool.run(_slow, range(_KILLED_ITEMS))
    return _Ends(sum(one.ok for one in outcomes), 0)


def _peer_killed() -> _Ends:
    with ProcessPoolExecutor(_WORKERS) as pool:
        return _ends_of([pool.submit(_slow, number) for number in range(_KILLED_ITEMS)])


def _pebble_killed() -> _Ends:
    pool = ProcessPool(_WORKERS)
    ends = _ends_of([pool.schedule(_slow, [number]) for number in range(_KILLED_ITEMS)])
    pool.stop()
    pool.join()
    return ends


def _ends_of(futures: Sequence[Future[tuple[int, bytes]]]) -> _Ends:
    began, done = time.monotonic(), 0
    hung = 0
    for future in futures:
        try:
            future.result(max(0.01, began + _PATIENCE_S - time.monotonic()))
            done += 1
        except TimeoutError:
            hung += 1
        except (BrokenExecutor, ProcessExpired):
            continue
    return _Ends(done, hung)
