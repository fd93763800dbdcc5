"""The engine killed between every two steps: nothing runs twice, no end is forgotten."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

END = list[object]


def engine(root: Path, point: str, names: list[str]) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.contract.engine_to_kill", str(root), point, *names]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def recover(root: Path, names: list[str], how: str = "adopt") -> dict[str, END]:
    with engine(root, how, names) as process:
        told, _ = process.communicate(timeout=60)
    ends: dict[str, END] = json.loads(told)
    return ends


def starts(root: Path, name: str) -> int:
    file = root / f"starts-{name}"
    return len(file.read_text(encoding="ascii").splitlines()) if file.exists() else 0


def check(root: Path, names: list[str], ends: dict[str, END]) -> int:
    """Assert what must hold after any death; return how many attempts had begun."""
    begun = 0
    for number, name in enumerate(names):
        if ends[name] == [None, "lost"]:
            assert starts(root, name) == 0
            continue
        begun += 1
        assert ends[name] == [number % 7, None]
        assert starts(root, name) == 1
        log = root / "state" / "tasks" / "g" / name / "attempt-1" / "stdout.log"
        assert log.read_bytes() == b"one\ntwo\n"
    return begun


POINTS = ["prepare", "spawn", "claim", "exit", "gone"]


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_step_then_adopted(tmp_path: Path, point: str) -> None:
    names = [f"t{number}" for number in range(3)]
    with engine(tmp_path, point, names) as process:
        assert process.wait(timeout=30) == -9
    begun = check(tmp_path, names, recover(tmp_path, names))
    assert begun == {"prepare": 0, "spawn": 1}.get(point, 3)
    assert check(tmp_path, names, recover(tmp_path, names)) == begun


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_step_then_launched_again(tmp_path: Path, point: str) -> None:
    """What was ordered, but perhaps not begun: it runs exactly once, and none is lost."""
    names = [f"t{number}" for number in range(3)]
    with engine(tmp_path, point, names) as process:
        assert process.wait(timeout=30) == -9
    assert check(tmp_path, names, recover(tmp_path, names, "again")) == 3


def test_killed_between_spawn_and_claim(tmp_path: Path) -> None:
    """The shim is on its way; it is neither started again nor called lost."""
    shell = tmp_path / "slow-sh"
    shell.write_text('#!/bin/sh\nsleep 1.5\nexec /bin/sh "$@"\n', encoding="ascii")
    shell.chmod(0o700)
    with engine(tmp_path, "spawn", ["t0"]) as process:
        assert process.wait(timeout=30) == -9
    assert recover(tmp_path, ["t0"]) == {"t0": [0, None]}
    assert starts(tmp_path, "t0") == 1


@pytest.mark.parametrize("how", ["adopt", "again"])
@pytest.mark.parametrize("seed", range(4))
def test_killed_at_random(tmp_path: Path, seed: int, how: str) -> None:
    names = [f"t{number}" for number in range(40)]
    with engine(tmp_path, "never", names) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(random.Random(seed).uniform(0.0, 0.25))  # the moment is what is tried here
        process.kill()
    begun = check(tmp_path, names, recover(tmp_path, names, how))
    assert begun == 40 or how == "adopt"
