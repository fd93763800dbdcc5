"""A pool of real processes: whatever items do, each has an outcome and costs the others nothing."""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from supervisor.kit.errors import CheckpointError, KitError
from supervisor.kit.pool import ResilientPool
from tests.kit.pool_items import act, counted, dies_once, double
from tests.support import until_sync


def test_values_come_back_in_order_and_workers_are_kept() -> None:
    with ResilientPool(2) as pool:
        outcomes = pool.run(double, range(1000))
        assert [one.value for one in outcomes] == [number * 2 for number in range(1000)]
        assert {one.status for one in outcomes} == {"done"}
        pids = {one.value for one in pool.run(act, ["pid"] * 20)}
        assert {one.value for one in pool.run(act, ["pid"] * 20)} == pids
        assert pool.run(double, []) == []


def test_everything_that_an_item_can_do_is_an_outcome() -> None:
    acts = ["raise", "exit 3", "exit-words", "leave 0", "leave 7", "signal SIGKILL",
            "interrupt", "lambda", "unreadable", "large", "fine"]  # fmt: skip
    with ResilientPool(2, crash_retries=1) as pool:
        outcomes = pool.run(act, [*acts, threading.Lock()])
    found = {str(one.item).split(" object")[0]: one for one in outcomes}
    told = {
        name: (one.status, one.error, one.exit_code, one.signal, one.tries)
        for name, one in found.items()
        if name not in {"large", "lambda"}
    }
    assert told == {
        "raise": ("failed", "ValueError: bad item", None, "", 1),
        "exit 3": ("failed", "sys.exit(3)", 3, "", 1),
        "exit-words": ("failed", "sys.exit('so long')", 1, "", 1),
        "leave 0": ("crashed", "its worker exited with 0 at each of 2 tries", 0, "", 2),
        "leave 7": ("crashed", "its worker exited with 7 at each of 2 tries", 7, "", 2),
        "signal SIGKILL": (
            "crashed", "its worker was ended by SIGKILL at each of 2 tries", None, "SIGKILL", 2,
        ),
        "interrupt": ("failed", "KeyboardInterrupt", None, "", 1),
        "unreadable": (
            "unpicklable", "the value cannot be read: LookupError: not here", None, "", 1,
        ),
        "fine": ("done", "", None, "", 1),
        "<unlocked _thread.lock": (
            "unpicklable",
            "the item cannot be given to a process: TypeError: cannot pickle '_thread.lock' object",
            None, "", 0,
        ),
    }  # fmt: skip
    assert found["lambda"].status == "unpicklable"
    assert "cannot leave its process" in found["lambda"].error
    assert len(found["large"].value) == 5_000_000
    assert 'raise ValueError("bad item")' in found["raise"].trace
    assert found["signal SIGKILL"].error_class == "pool_crash"


def test_a_lost_worker_costs_its_item_a_try_and_nobody_else(tmp_path: Path) -> None:
    with ResilientPool(3) as pool:
        outcomes = pool.run(dies_once, [str(tmp_path / str(number)) for number in range(6)])
    assert [(one.status, one.value, one.tries) for one in outcomes] == [("done", "alive", 2)] * 6


@pytest.mark.parametrize("how", ["hang", "hang-stubborn"])
def test_an_item_over_its_time_is_ended_and_the_others_go_on(how: str) -> None:
    with ResilientPool(2, timeout_s=0.5) as pool:
        outcomes = pool.run(act, ["fine", how, *["fine"] * 20])
    assert [one.status for one in outcomes] == ["done", "timed_out", *["done"] * 20]
    assert (outcomes[1].error, outcomes[1].error_class) == ("not done after 0.5 s", "timeout")


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_what_an_item_started_is_ended_with_it(tmp_path: Path) -> None:
    path = tmp_path / "child"
    with ResilientPool(1, timeout_s=0.5) as pool:
        assert pool.run(act, [f"hang-with-child {path}"])[0].status == "timed_out"
    until_sync(lambda: is_gone(int(path.read_text())))


def test_nobody_listens_any_more_so_nothing_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "child"
    with ResilientPool(2) as pool:
        for outcome in pool.each(act, [f"hang-with-child {path}", "fine", "fine"]):
            assert outcome.ok
            until_sync(lambda: path.exists() and path.read_text())
            break
        until_sync(lambda: is_gone(int(path.read_text())))
        assert [one.value for one in pool.run(double, [4])] == [8]


def test_a_pool_at_work_is_not_given_more() -> None:
    with ResilientPool(1) as pool:
        for _ in pool.each(double, range(3)):
            with pytest.raises(KitError, match="at work"):
                pool.run(double, [1])
            break


def test_a_function_that_cannot_travel_is_refused() -> None:
    with ResilientPool(1) as pool, pytest.raises(KitError, match="top of a module"):
        pool.run(lambda item: item, [1])


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_other_ways_to_start_workers(method: str) -> None:
    with ResilientPool(2, context=multiprocessing.get_context(method)) as pool:
        assert [one.status for one in pool.run(act, ["fine", "leave 1", "hang"][:2])] == [
            "done",
            "crashed",
        ]


@pytest.mark.parametrize("wrong", [{"workers": 0}, {"crash_retries": -1}, {"timeout_s": 0.0}])
def test_settings_that_mean_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="workers >= 1"):
        ResilientPool(**wrong)


def test_workers_killed_at_100_moments_lose_nothing_and_repeat_only_what_was_lost(
    tmp_path: Path,
) -> None:
    begun, killed, luck = tmp_path / "begun", 0, random.Random(7)
    stop = threading.Event()

    def killer() -> None:
        nonlocal killed
        while killed < 100 and not stop.wait(luck.uniform(0.0, 0.08)):
            if pids := [slot._process.pid for slot in list(pool._slots) if slot._process.pid]:
                try:
                    os.kill(luck.choice(pids), signal.SIGKILL)
                    killed += 1
                except ProcessLookupError:
                    pass

    jobs = [(str(begun), number, 0.003) for number in range(1500)]
    seen: Counter[int] = Counter()
    tries = 0
    with ResilientPool(3, crash_retries=20) as pool:
        thread = threading.Thread(target=killer)
        thread.start()
        rounds = 0
        while thread.is_alive():
            rounds += 1
            for outcome in pool.each(counted, jobs):
                assert (outcome.status, outcome.value) == ("done", outcome.index)
                seen[outcome.index] += 1
                tries += outcome.tries
        stop.set()
    thread.join()
    starts = Counter(map(int, begun.read_text().split()))
    assert killed == 100
    assert set(seen.values()) == {rounds}
    assert len(seen) == len(jobs)
    again = sum(starts.values()) - rounds * len(jobs)
    assert 0 <= again <= killed
    assert sum(starts.values()) <= tries


def script(place: Path, text: str) -> "subprocess.CompletedProcess[str]":
    """Run a script that uses a pool."""
    path = place / "script.py"
    path.write_text(
        "from supervisor.kit.pool import ResilientPool\n"
        f"from tests.kit.pool_items import double\n{text}"
    )
    return subprocess.run(
        [sys.executable, path],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_workers_that_cannot_begin_are_told_of(tmp_path: Path) -> None:
    done = script(tmp_path, "print(ResilientPool(2).run(double, [1]))\n")
    assert done.returncode == 1
    assert 'keep the call behind `if __name__ == "__main__":`' in done.stderr


def test_a_pool_that_nobody_closes_does_not_keep_its_process(tmp_path: Path) -> None:
    done = script(
        tmp_path,
        "if __name__ == '__main__':\n"
        "    pool = ResilientPool(2)\n"
        "    print(pool.run(double, [1])[0].value)\n",
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "2\n", "")


def test_a_record_that_cannot_be_written_ends_the_work_and_not_the_pool() -> None:
    class Full:
        def done(self, item: object, result: object = None) -> None:
            raise CheckpointError("No space left on device")

    with ResilientPool(2) as pool:
        with pytest.raises(CheckpointError):
            pool.run(double, [1, 2], run=Full())  # type: ignore[arg-type]
        assert pool.run(double, [1])[0].value == 2
