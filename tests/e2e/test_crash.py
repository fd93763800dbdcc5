"""The engine is killed again and again; every task still runs exactly once, and ends as it ended."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from supervisor.adapters.journal import SqliteJournal
from supervisor.bootstrap import launch_engine
from supervisor.core.batch import Task
from supervisor.core.models import (
    BatchSpec,
    BreakerPolicy,
    GroupId,
    GroupSpec,
    LimitId,
    LimitSpec,
    RetryPolicy,
    TaskId,
    TaskSpec,
)
from supervisor.core.options import RunOptions
from supervisor.core.phase import Failed, Succeeded
from supervisor.core.places import attempt_dir
from supervisor.engine.announce import EngineInfo, is_alive, read_info
from supervisor.engine.launch import Launched, write_launch
from tests.support import until_sync

KILLS = 8
TASKS = 200
LINES = 5
RUN = (
    'echo "$OVERNIGHT_TASK $OVERNIGHT_ATTEMPT" >> {starts};'
    " for line in 1 2 3 4 5; do echo line $line; done;"
    " sleep 0.0{nap}; exit {code}"
)


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


def code_of(number: int) -> int:
    return 3 if number % 10 == 7 else 0


def batch_of(directory: Path, count: int, run: str = RUN, parallel: int = 8) -> BatchSpec:
    group = GroupId("g")
    return BatchSpec(
        name="crash",
        directory=str(directory / ".overnight" / "crash"),
        source=str(directory / "crash.yaml"),
        groups=(
            GroupSpec(
                name=group,
                parallel=parallel,
                retry=RetryPolicy(attempts=1),
                breaker=BreakerPolicy(then="off"),
            ),
        ),
        limits=(LimitSpec(name=LimitId("g")),),
        tasks=tuple(
            TaskSpec(
                id=TaskId(f"g/{number}"),
                group=group,
                run=run,
                cwd=str(directory),
                limits=(LimitId("g"),),
                params={
                    "starts": str(directory / "starts"),
                    "nap": str(number % 10),
                    "code": str(code_of(number)),
                },
                index=number,
            )
            for number in range(count)
        ),
    )


def start(spec: BatchSpec, engines: list[EngineInfo]) -> Launched:
    launched = launch_engine(spec, RunOptions())
    if launched.info is not None:
        engines.append(launched.info)
    return launched


def ended(info: EngineInfo) -> bool:
    return not is_alive(info)


def starts(directory: Path) -> Counter[str]:
    path = directory / "starts"
    return Counter(path.read_text().splitlines() if path.exists() else ())


def stored(spec: BatchSpec) -> dict[TaskId, Task]:
    journal = SqliteJournal(Path(spec.directory) / "state.db")
    try:
        found = journal.load()
    finally:
        journal.close()
    assert found is not None
    return dict(found.rows.tasks)


def check_all_ended_once(directory: Path, spec: BatchSpec) -> None:
    """No task lost, none run twice, every exit code and every line of every log as it was."""
    tasks = stored(spec)
    assert starts(directory) == Counter(f"g/{number} 1" for number in range(len(spec.tasks)))
    for number in range(len(spec.tasks)):
        task = tasks[TaskId(f"g/{number}")]
        assert isinstance(task.phase, Failed if code_of(number) else Succeeded), task
        assert [one.code for one in task.history] == [code_of(number)]
        log = Path(attempt_dir(spec.directory, task.id, 1)) / "stdout.log"
        assert log.read_text() == "".join(f"line {line + 1}\n" for line in range(LINES))


def kill_and_resume(
    directory: Path, engines: list[EngineInfo], *, kills: int, seed: int
) -> BatchSpec:
    """Run a batch whose engine dies ``kills`` times at random moments, then to its end."""
    spec = batch_of(directory, TASKS)
    moments = random.Random(seed)
    for _ in range(kills):
        launched = start(spec, engines)
        if launched.info is None:
            break
        time.sleep(moments.uniform(0.0, 0.25))
        os.kill(launched.info.pid, signal.SIGKILL)
        until_sync(lambda info=launched.info: ended(info))
    last = start(spec, engines)
    if last.info is not None:
        until_sync(lambda: ended(engines[-1]), timeout_s=60)
    return spec


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
    check_all_ended_once(tmp_path, spec)


def test_killed_at_random_moments_and_resumed(tmp_path: Path, engines: list[EngineInfo]) -> None:
    spec = kill_and_resume(tmp_path, engines, kills=KILLS, seed=0)
    check_all_ended_once(tmp_path, spec)


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
