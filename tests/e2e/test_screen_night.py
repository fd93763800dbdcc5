"""A whole night at the screen: the demo, steered by keys alone, and believed by nobody but the engine."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.night import OVERNIGHT, Night
from tests.e2e.shown import Shown
from tests.support import until_sync
from tests.terminal import terminal

STUCK, BROKEN = "corebench/capsule-8536428", "corebench/capsule-0921079"
ENTER, ESCAPE = "\r", "\x1b"


def told(night: Night, place: Path) -> dict[str, Any]:
    """Return what the engine, not the screen, says of the night."""
    done = subprocess.run(
        [OVERNIGHT, "status", "--json", "-b", str(place / "demo.yaml")],
        env=night.environment,
        capture_output=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def group(night: Night, place: Path, name: str) -> dict[str, Any]:
    """Return the status of one group."""
    return next(one for one in told(night, place)["groups"] if one["group"] == name)


def task(night: Night, place: Path, name: str) -> dict[str, Any]:
    """Return the status of one task."""
    return next(one for one in told(night, place)["tasks"] if one["task"] == name)


def steer(night: Night, place: Path, shown: Shown) -> None:
    """Pause a group and let it go on, lower another's parallelism, and end the task that is stuck."""
    shown.sees("running", "scicode")
    shown.keys("\t\t", "g", "p")  # the pane of groups, its first row
    until_sync(lambda: group(night, place, "scicode")["state"] == "paused", timeout_s=60)
    shown.sees("paused", "scicode")
    shown.keys("p")
    until_sync(lambda: group(night, place, "scicode")["state"] != "paused", timeout_s=60)
    shown.keys("-")
    until_sync(lambda: group(night, place, "scicode")["parallel"] == 2, timeout_s=60)
    shown.sees("none is killed")
    shown.keys("\t", "/", "8536428", ENTER)
    shown.sees("running", STUCK)
    shown.keys("K")
    shown.sees("Stop 1 task?")
    shown.keys("r")
    until_sync(lambda: task(night, place, STUCK)["attempt"] == 2, timeout_s=60)


@pytest.mark.timeout(400)
def test_a_night_from_its_start_to_its_summary(night: Night) -> None:
    place = night.place / "demo-night"
    argv = [OVERNIGHT, "demo", "--dir", str(place)]
    with terminal(argv, cwd=night.place, environment=night.environment) as ui:
        shown = Shown(ui)
        steer(night, place, shown)
        shown.keys(ESCAPE, "q")
        shown.sees("demo runs on without this screen")
        assert ui.exit_code() == 0

    argv = [OVERNIGHT, "attach", "-b", str(place / "demo.yaml")]
    with terminal(argv, cwd=night.place, environment=night.environment) as ui:
        shown = Shown(ui)
        shown.sees("39 of 40 tasks succeeded", timeout_s=200)
        shown.sees("the command cannot work")
        shown.keys(ESCAPE, "3")
        shown.sees("broken", "1")
        runs = task(night, place, BROKEN)["attempt"]
        shown.keys("r")
        until_sync(lambda: task(night, place, BROKEN)["attempt"] > runs, timeout_s=60)
        until_sync(lambda: told(night, place)["state"] == "done", timeout_s=100)
        shown.sees("DONE", "1 did not succeed")
        shown.sees("39 of 40 tasks succeeded")  # summed up again
        shown.keys(ESCAPE, "q")
        shown.sees("demo is done: 39 of 40")
        assert ui.exit_code() == 0
    assert task(night, place, STUCK)["phase"] == "succeeded"
    story = subprocess.run(
        [OVERNIGHT, "why", STUCK, "-b", str(place / "demo.yaml")],
        env=night.environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "killed by" in story, "it was not its timeout that ended it"
