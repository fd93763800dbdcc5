"""Whatever ends a runner, resume repeats at most the item in flight and forgets none."""

import collections
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from supervisor import kit
from supervisor.kit.marks import Marks
from tests.support import until_sync

RUNNER = Path(__file__).with_name("runner.py")
ROOT = Path(__file__).parents[2]
COUNT = 20_000
KILLS = 25


def started(folder: Path, count: int) -> subprocess.Popen[str]:
    words = [sys.executable, str(RUNNER), str(folder), str(count)]
    return subprocess.Popen(words, env=_environment(), stderr=subprocess.PIPE, text=True)


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


def recorded(folder: Path) -> list[int]:
    lines = (folder / "results.jsonl").read_text().splitlines()
    return [record["item"] for line in lines[1:] if (record := json.loads(line)).get("item")]


def size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def killed(folder: Path, enough: int) -> bool:
    """Run until it has begun so much, then kill it; False: it was done before."""
    with started(folder, COUNT) as process:
        until_sync(
            lambda: size_of(folder / "begun") >= enough or process.poll() is not None,
            timeout_s=60,
        )
        process.kill()
        return process.wait() == -signal.SIGKILL


@pytest.mark.timeout(300)
def test_kill_9_at_any_moment(tmp_path: Path) -> None:
    chance, begun = random.Random(7), tmp_path / "begun"
    kills = 0
    for _ in range(KILLS):
        kills += killed(tmp_path, size_of(begun) + chance.randrange(1, 3000))
    assert kills > KILLS // 2
    with started(tmp_path, COUNT) as process:
        assert process.wait() == 0, process.stderr and process.stderr.read()
    assert sorted(map(int, recorded(tmp_path))) == list(range(COUNT)), "each is recorded, and once"
    counts = collections.Counter(begun.read_text().split())
    assert len(counts) == COUNT
    assert counts.total() - COUNT <= kills, "only what was in flight is begun again"


@pytest.mark.parametrize("tear", range(0, 60, 7))
def test_a_disk_that_is_full_at_any_byte(
    tear: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each write in turn stops after some bytes; the next run has space for one more."""
    items = [f"q{number}" for number in range(6)]
    begun: list[str] = []
    write, room = os.write, [0]

    def small(descriptor: int, data: bytes) -> int:
        if not room[0]:
            torn = data[:tear]
            room[0] = -1 if torn and len(torn) < len(data) else 0
            if room[0]:
                return write(descriptor, torn)
        if room[0] <= 0:
            raise OSError(28, "No space left on device")
        room[0] -= 1
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", small)
    for space in range(1, 20):
        room[0] = space if space == 1 else 1
        try:
            with kit.run(tmp_path / "r", sync="never") as run:
                for item in run.todo(items):
                    begun.append(item)
                    run.done(item)
            break
        except kit.CheckpointError as error:
            assert "No space left" in str(error)  # noqa: PT017 - the way it fails is the point
    with kit.run(tmp_path / "r", sync="never") as run:
        assert run.left(items) == []
    assert max(collections.Counter(begun).values()) <= 2


@pytest.mark.mount
def test_a_disk_that_really_is_full(small_disk: Path) -> None:
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space"):
        filler.write_bytes(b"x" * (1 << 20))
    items = [f"q{number}" for number in range(200)]
    begun: collections.Counter[str] = collections.Counter()
    marks = Marks({"OVERNIGHT_MARKS": str(small_disk / "marks")})
    failures = 0
    for size in range(filler.stat().st_size - 4096, 0, -4096):
        os.truncate(filler, size)
        try:
            with kit.run(small_disk / "r", marks=marks) as run:
                for item in run.todo(items):
                    begun[item] += 1
                    run.done(item, "y" * 300)
            break
        except kit.CheckpointError:
            failures += 1
    assert failures > 3
    assert len(begun) == len(items)
    assert begun.total() - len(items) <= failures
    with kit.run(small_disk / "r") as run:
        assert [one.key for one in run.outcomes()] == items


def test_an_interrupt_costs_the_item_in_flight_only(tmp_path: Path) -> None:
    with started(tmp_path, 10 * COUNT) as process:
        until_sync(lambda: size_of(tmp_path / "begun") > 500, timeout_s=60)
        process.send_signal(signal.SIGINT)
        assert "KeyboardInterrupt" in process.communicate(timeout=60)[1]
    begun = (tmp_path / "begun").read_text().split()
    items = recorded(tmp_path)
    assert len(begun) - len(items) in {0, 1}
    assert begun[: len(items)] == items
