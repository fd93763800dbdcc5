"""The engine killed around every request to a real container engine: nothing runs twice, nothing stays."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from supervisor.core.containers import BATCH_LABEL
from tests.containers import docker, ensure_image

pytestmark = pytest.mark.docker

END = list[object]
POINTS = [
    *(f"{when}-{verb}" for verb in ("create", "start", "remove") for when in ("before", "after")),
    "during-create",
    "during-start",
    "during-remove",
    "alive",
    "noted",
    "gone",
]


class Night:
    """One batch whose engines die."""

    def __init__(self, root: Path) -> None:
        ensure_image()
        self.root = root
        self.uuid = str(uuid4())

    def engine(self, point: str, names: list[str]) -> "subprocess.Popen[str]":
        words = [str(self.root), self.uuid, point, *names]
        command = [sys.executable, "-m", "tests.contract.docker_to_kill", *words]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def recover(self, names: list[str], how: str) -> dict[str, END]:
        with self.engine(how, names) as process:
            told, _ = process.communicate(timeout=90)
        ends: dict[str, END] = json.loads(told)
        return ends

    def starts(self, name: str) -> int:
        file = self.root / f"starts-{name}"
        return len(file.read_text(encoding="ascii").splitlines()) if file.exists() else 0

    def containers(self) -> list[str]:
        label = f"label={BATCH_LABEL}={self.uuid}"
        return docker("ps", "-aq", "--no-trunc", "--filter", label).split()

    def check(self, names: list[str], ends: dict[str, END], stopped: bool = False) -> int:
        """Assert what must hold after any death; return how many attempts had begun."""
        begun = 0
        for number, name in enumerate(names):
            if ends[name] == [None, "lost"]:
                assert self.starts(name) == 0
                continue
            begun += 1
            if stopped and ends[name] == [143, None]:
                assert self.starts(name) <= 1  # TERM may come before its first line
                continue
            assert self.starts(name) == 1
            assert ends[name] == [number % 7, None]
            log = self.root / "state" / "tasks" / "g" / name / "attempt-1" / "stdout.log"
            assert log.read_bytes() == b"one\ntwo\n"
        return begun


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    one = Night(tmp_path)
    yield one
    for container in one.containers():
        subprocess.run(["docker", "rm", "-f", "-v", container], capture_output=True)


@pytest.mark.parametrize(
    ("point", "how"),
    [
        *((point, "again") for point in POINTS),
        *((point, "adopt") for point in ("before-create", "after-create", "during-start", "noted")),
    ],
)
def test_killed_at_a_step(night: Night, point: str, how: str) -> None:
    names = ["t0", "t1", "t2"]
    with night.engine(point, names) as process:
        assert process.wait(timeout=60) == -9
    begun = night.check(names, night.recover(names, how))
    assert begun == 3 or how == "adopt"
    assert night.containers() == []


@pytest.mark.parametrize("point", ["before-kill", "during-kill", "after-kill"])
def test_killed_while_stopping(night: Night, point: str) -> None:
    names = ["t0", "t1", "t2"]
    with night.engine(point, names) as process:
        assert process.wait(timeout=60) == -9
    night.check(names, night.recover(names, "again"), stopped=True)
    assert night.containers() == []


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_random_again_and_again(night: Night, seed: int) -> None:
    names = [f"t{number}" for number in range(12)]
    chance = random.Random(seed)
    for _ in range(4):
        with night.engine("never", names) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0.0, 1.0))  # the moment is what is tried here
            process.kill()
    assert night.check(names, night.recover(names, "again")) == 12
    assert night.containers() == []
