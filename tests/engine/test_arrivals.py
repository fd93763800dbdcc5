import os
from itertools import pairwise
from pathlib import Path

import pytest

from supervisor.core.models import Stream, TaskId
from supervisor.engine.arrivals import EVERY_S, ArrivalFiles, arrivals
from supervisor.ports import Arrival

A, B = TaskId("g/a"), TaskId("g/b")


class Time:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in "ab":
        (tmp_path / f"tasks/g/{name}/attempt-1").mkdir(parents=True)
    return tmp_path


def read(folder: Path, name: str = "a", stream: Stream = "stdout") -> list[tuple[int, float, bool]]:
    path = folder / f"tasks/g/{name}/attempt-1/{stream}.log"
    noted = path.with_suffix(".times").read_text().split("\n")[-2]
    path.write_bytes(b"x" * int(noted.split()[0]))
    found = arrivals(path)
    return [(one.offset, one.at, one.late) for one in found]


def test_what_is_always_written_to_is_noted_ever_more_seldom(folder: Path) -> None:
    time = Time()
    files = ArrivalFiles(str(folder), time)
    for second in range(3600):
        time.now = 1000.0 + second
        files.note({(A, 1, "stdout"): 100 * (second + 1)})
    found = read(folder)
    assert found[:2] == [(100, 1000, False), (200, 1001, False)]
    assert all(offset == 100 * (at - 999) for offset, at, _ in found)
    assert max(b[1] - a[1] for a, b in pairwise(found)) < EVERY_S
    assert len(found) < 1000
    assert (folder / "tasks/g/a/attempt-1/stdout.times").stat().st_mode & 0o777 == 0o600


def test_a_burst_before_a_silence_keeps_its_time(folder: Path) -> None:
    time = Time()
    files = ArrivalFiles(str(folder), time)
    files.note({(A, 1, "stdout"): 10, (B, 1, "stderr"): 5})
    time.now += 0.5
    files.note({(A, 1, "stdout"): 20})
    time.now += 3601.5
    files.note({(A, 1, "stdout"): 30})
    assert read(folder) == [(10, 1000, False), (20, 1000, False), (30, 4602, False)]
    assert read(folder, "b", "stderr") == [(5, 1000, False)]


def test_an_engine_that_was_away_says_that_it_comes_late(folder: Path) -> None:
    time = Time()
    ArrivalFiles(str(folder), time).note({(A, 1, "stdout"): 10})
    time.now += EVERY_S
    ArrivalFiles(str(folder), time).note({(A, 1, "stdout"): 5})
    ArrivalFiles(str(folder), time).note({(A, 1, "stdout"): 90})
    assert read(folder) == [(10, 1000, False), (90, 1010, True)]


def test_what_cannot_be_noted_costs_nothing_else(tmp_path: Path) -> None:
    files = ArrivalFiles(str(tmp_path), Time())
    files.note({(A, 1, "stdout"): 10})
    assert arrivals(tmp_path / "stdout.log") == ()


def test_the_end_came_when_the_file_was_last_written_to(tmp_path: Path) -> None:
    path = tmp_path / "stdout.log"
    path.write_bytes(b"x" * 30)
    os.utime(path, (5000, 5000))
    assert arrivals(path) == [Arrival(offset=30, at=5000, late=True)]
    (tmp_path / "stdout.times").write_text("12 1000\n7 1001\nrubbish\n20 1010\n3")
    assert arrivals(path) == [
        Arrival(offset=12, at=1000),
        Arrival(offset=20, at=1010),
        Arrival(offset=30, at=5000),
    ]


def test_memory_is_bounded(folder: Path) -> None:
    time = Time()
    files = ArrivalFiles(str(folder), time)
    files.note({(A, 1, "stdout"): 10})
    time.now += 0.4
    files.note({(A, 1, "stdout"): 20})
    files.note({(TaskId(f"g/{n}"), 1, "stdout"): 1 for n in range(2500)})
    assert len(files._noted) <= 2000
    assert read(folder) == [(10, 1000, False), (20, 1000, False)]
