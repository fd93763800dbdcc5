"""The engine is killed again and again; every task still runs exactly once, and ends as it ended."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from supervisor.core.options import RunOptions
from supervisor.core.places import attempt_dir
from supervisor.engine.announce import EngineInfo, is_alive, read_info
from supervisor.engine.launch import write_launch
from tests.e2e.crash import (
    TASKS,
    Damage,
    batch_of,
    damage,
    ended,
    killed_and_resumed,
    start,
    starts,
    stored,
)
from tests.support import until_sync

KILLS = 8
UNHARMED = Damage(kills=0, tasks=TASKS, lost=0, twice=0, wrong_codes=0, lines_lost=0)


@pytest.fixture(autouse=True)
def home(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Engines announce themselves in a home of their own; compiled rules are shared."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    return tmp_path


@pytest.fixture
def engines() -> Iterator[list[EngineInfo]]:
    """Engines that a test started; none outlives it."""
    started: list[EngineInfo] = []
    yield started
    for info in started:
        if is_alive(info):
            os.kill(info.pid, signal.SIGKILL)


def test_killed_at_random_moments_of_its_own_start(
    tmp_path: Path, engines: list[EngineInfo]
) -> None:
    """Nobody waits until the engine is ready: it dies while it loads, plans and adopts, too."""
    spec = batch_of(tmp_path, TASKS)
    directory = write_launch(spec, RunOptions())
    moments = random.Random(1)
    for _ in range(KILLS - 3):
        process = subprocess.Popen(
            [sys.executable, "-m", "supervisor.cli.engine", str(directory)],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(moments.uniform(0.2, 1.0))
        process.kill()
        process.wait()
    last = start(spec, engines)
    if last.info is not None:
        until_sync(lambda: ended(engines[-1]), timeout_s=60)
    assert damage(tmp_path, spec, 0) == UNHARMED


def test_killed_at_random_moments_and_resumed(tmp_path: Path, engines: list[EngineInfo]) -> None:
    found = killed_and_resumed(tmp_path, kills=KILLS, seed=0, longest_s=0.25, engines=engines)
    assert found.kills > 0
    assert replace(found, kills=0) == UNHARMED


SLOW = 'echo "$OVERNIGHT_TASK $OVERNIGHT_ATTEMPT" >> {starts}; while [ ! -e {starts}.go ]; do sleep 0.05; done; exit {code}'


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_runs_go_on_without_their_engine_and_are_adopted(
    tmp_path: Path, engines: list[EngineInfo], number: signal.Signals
) -> None:
    spec = batch_of(tmp_path, 8, SLOW)
    first = start(spec, engines).info
    assert first is not None
    until_sync(lambda: len(starts(tmp_path)) == 8)
    os.kill(first.pid, number)
    until_sync(lambda: ended(first))
    second = start(spec, engines).info
    assert second is not None
    assert second.uuid == first.uuid
    (tmp_path / "starts.go").touch()
    until_sync(lambda: ended(second))
    tasks = stored(spec)
    assert starts(tmp_path) == Counter(f"g/{number} 1" for number in range(8))
    assert [one.code for task in tasks.values() for one in task.history] == [0] * 7 + [3]


def test_what_ended_without_an_engine_is_read_from_its_record(
    tmp_path: Path, engines: list[EngineInfo]
) -> None:
    spec = batch_of(tmp_path, 8, SLOW)
    first = start(spec, engines).info
    assert first is not None
    until_sync(lambda: len(starts(tmp_path)) == 8)
    os.kill(first.pid, signal.SIGKILL)
    (tmp_path / "starts.go").touch()
    records = [Path(attempt_dir(spec.directory, one.id, 1)) / "exit" for one in spec.tasks]
    until_sync(lambda: all(record.read_text().strip() for record in records))
    second = start(spec, engines)
    if second.info is not None:
        until_sync(lambda: ended(engines[-1]))
    tasks = stored(spec)
    assert starts(tmp_path) == Counter(f"g/{number} 1" for number in range(8))
    assert sorted(one.code or 0 for task in tasks.values() for one in task.history) == [0] * 7 + [3]


def test_a_hangup_changes_nothing(tmp_path: Path, engines: list[EngineInfo]) -> None:
    spec = batch_of(tmp_path, 4, SLOW)
    info = start(spec, engines).info
    assert info is not None
    until_sync(lambda: len(starts(tmp_path)) == 4)
    os.kill(info.pid, signal.SIGHUP)
    (tmp_path / "starts.go").touch()
    until_sync(lambda: ended(info))
    final = read_info(Path(spec.directory) / "engine.json")
    assert final is not None
    assert final.ended == "done"
    assert len(starts(tmp_path)) == 4
