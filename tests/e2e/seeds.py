"""What nights with real runners share: their commands, their clock, and how they are looked at."""

import json
import subprocess
import sys
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.e2e.night import OVERNIGHT, Night
from tests.e2e.runners.runs import Run, runs

RUNNERS = Path(__file__).parent / "runners"


def runner(script: str) -> str:
    """Return the shell words that run one of our runner scripts."""
    return f"{sys.executable} {RUNNERS / script}"


def live_at(night: Night, moment: str) -> float:
    """Let all that the night starts from here on believe that it is ``moment`` (ISO, with offset).

    Returns how many seconds their clock is ahead.
    """
    ahead_s = datetime.fromisoformat(moment).timestamp() - time.time()
    night.environment |= {"PYTHONPATH": str(RUNNERS / "clock"), "CLOCK_AHEAD_S": f"{ahead_s:.3f}"}
    return ahead_s


@contextmanager
def headless(night: Night, *argv: str) -> Generator[subprocess.Popen[str]]:
    """Run the batch headless beside the test; whatever happens, the command is over afterwards."""
    with subprocess.Popen(
        [OVERNIGHT, "run", "night.yaml", "--headless", *argv],
        cwd=night.place,
        env=night.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def launches(night: Night) -> dict[str, list[Run]]:
    """Return the launches of each task that wrote a start line."""
    found: dict[str, list[Run]] = {}
    for run in runs(night.place):
        found.setdefault(run.task, []).append(run)
    return found


def most_at_once(some: Iterable[Run]) -> int:
    """Return how many of these launches were alive at one moment."""
    edges = [edge for run in some for edge in ((run.began_at, 1), (run.ended_at, -1))]
    most = alive = 0
    for _, step in sorted(edges):
        alive += step
        most = max(most, alive)
    return most


def failed(night: Night) -> list[dict[str, Any]]:
    """Return the document of ``failed --json``."""
    return list(json.loads(night.overnight("failed", "--json", code=0).stdout))


def why(night: Night, task: str) -> str:
    """Return what ``why`` tells."""
    return night.overnight("why", task, code=0).stdout


def summary(night: Night) -> dict[str, Any]:
    """Return ``batch_summary.json``."""
    return dict(json.loads((night.state / "batch_summary.json").read_text()))


def report(night: Night) -> str:
    """Return the morning report."""
    night.overnight("report", "night", code=0)
    return (night.state / "report.md").read_text()
