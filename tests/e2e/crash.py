"""Killing engines at random moments, and counting what that did to the tasks."""

import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

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
from supervisor.engine.announce import EngineInfo, is_alive
from supervisor.engine.launch import Launched
from tests.support import until_sync

TASKS = 200
LINES = 5
RUN = (
    'echo "$OVERNIGHT_TASK $OVERNIGHT_ATTEMPT" >> {starts};'
    " for line in 1 2 3 4 5; do echo line $line; done;"
    " sleep 0.0{nap}; exit {code}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """What a batch lost. All but the first two should be 0."""

    kills: int
    tasks: int
    lost: int
    """Tasks that never began, or have no end."""
    twice: int
    """Starts beyond the first of each task, and starts as another attempt than the first."""
    wrong_codes: int
    lines_lost: int


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


def damage(directory: Path, spec: BatchSpec, kills: int) -> Damage:
    """Count start lines that the tasks wrote themselves, exit codes, and log lines."""
    rows, began = stored(spec), starts(directory)
    expected = {f"g/{number} 1" for number in range(len(spec.tasks))}
    wrong = lines = unended = 0
    for number in range(len(spec.tasks)):
        task = rows[TaskId(f"g/{number}")]
        unended += not isinstance(task.phase, Failed if code_of(number) else Succeeded)
        wrong += [one.code for one in task.history] != [code_of(number)]
        log = Path(attempt_dir(spec.directory, task.id, 1)) / "stdout.log"
        whole = [f"line {line + 1}" for line in range(LINES)]
        lines += len(set(whole) - set(log.read_text().splitlines())) if log.exists() else LINES
    return Damage(
        kills=kills,
        tasks=len(spec.tasks),
        lost=max(unended, len(expected - set(began))),
        twice=sum(began.values()) - len(set(began) & expected),
        wrong_codes=wrong,
        lines_lost=lines,
    )


def killed_and_resumed(
    directory: Path,
    *,
    kills: int,
    seed: int,
    longest_s: float,
    engines: list[EngineInfo] | None = None,
) -> Damage:
    """Run a batch whose engine dies up to ``kills`` times, at most ``longest_s`` after it was ready."""
    engines = [] if engines is None else engines
    spec = batch_of(directory, TASKS)
    moments = random.Random(seed)
    made = 0
    for _ in range(kills):
        info = start(spec, engines).info
        if info is None:
            break
        time.sleep(moments.uniform(0.0, longest_s))
        if not ended(info):
            os.kill(info.pid, signal.SIGKILL)
            made += 1
        until_sync(lambda info=info: ended(info))
    if start(spec, engines).info is not None:
        until_sync(lambda: ended(engines[-1]), timeout_s=60)
    return damage(directory, spec, made)
