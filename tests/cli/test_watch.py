"""``overnight watch``: a run already going becomes a batch of one task."""

import os
import subprocess
from pathlib import Path

import pytest

from supervisor.config.load import load
from supervisor.core.models import BatchSpec, ErrorClass
from tests.cli.conftest import Place, call
from tests.e2e.night import Night, is_alive
from tests.support import until_sync


def written(place: Place) -> BatchSpec:
    (path,) = (place.path / ".overnight").glob("watch-*/batch.yaml")
    return load(path, env={"PATH": "/bin"}, now=0.0)


def no_start(*_: object) -> int:
    return 0


def test_what_is_written_runs_nothing_a_second_time(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supervisor.cli.watch.start", no_start)
    log = place.path / "run.log"
    log.touch()
    pid = place.process().pid
    said = call("watch", "--pid", str(pid), "--log", "run.log", "--containers", "agentrun--*")
    assert (said.code, said.out) == (0, f"watching process {pid}: sleep 600\n")
    spec = written(place)
    (group,), (task,) = spec.groups, spec.tasks
    assert group.containers is not None
    assert (group.containers.name, group.retry.attempts) == (("agentrun--*",), 1)
    assert set(group.action_by_class.values()) == {"fail"}
    assert len(group.action_by_class) == len(ErrorClass) - 1
    assert task.run[3:] == (
        "supervisor.cli.taken_in",
        f"--pid={pid}",
        task.run[5],
        f"--log={log}",
        "--",
        "sleep",
        "600",
    )
    assert (task.id, task.cwd) == ("watched/sleep-600", str(Path.cwd()))


def test_a_known_runner_is_watched_as_such(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supervisor.cli.watch.start", no_start)
    argv = ["hal-eval", "--run_id", "night"]
    one = subprocess.Popen([*argv[:1], "60"], executable="/bin/sleep")
    try:
        assert call("watch", "--pid", str(one.pid)).code == 0
    finally:
        one.kill()
        one.wait()
    assert written(place).tasks[0].profile == "hal"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("watch", "watch which run? overnight watch --pid N [--log FILE]"),
        (f"watch --pid {2**22 + 1}", f"there is no process {2**22 + 1} that could be watched"),
        (f"watch --pid {os.getpid()} --log none", "--log none: is no file that can be read"),
    ],
    ids=["which run", "no such process", "no such log"],
)
def test_what_cannot_be_watched_is_said(place: Place, words: str, told: str) -> None:
    said = call(*words.split())
    assert (said.code, said.err) == (1, f"overnight: {told}\n")


def test_the_run_is_heard_and_outlives_the_batch(tmp_path: Path, own_home: Path) -> None:
    night = Night(tmp_path, own_home)
    log = tmp_path / "run.log"
    log.touch()
    with log.open("a") as file:
        other = subprocess.Popen(
            ["sh", "-c", "while :; do echo at work; sleep 0.2; done"], stdout=file, cwd=tmp_path
        )
    try:
        night.overnight("watch", "--pid", str(other.pid), "--log", "run.log", "--detach", code=0)
        (state,) = (tmp_path / ".overnight").iterdir()

        def heard() -> bool:
            found = list(state.glob("tasks/watched/*/attempt-1/stdout.log"))
            return bool(found) and b"at work" in found[0].read_bytes()

        until_sync(heard, timeout_s=60.0)
        night.overnight("stop", state.name, "--yes", code=0)
        assert is_alive(other.pid)
    finally:
        other.kill()
        other.wait()
