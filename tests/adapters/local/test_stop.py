"""Signals to whole attempts."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from supervisor.adapters.local import stop
from supervisor.adapters.local.environment import mark
from supervisor.adapters.local.members import Found, Target, look
from supervisor.adapters.local.procfs import process
from supervisor.core.models import TaskId
from supervisor.ports import Ref
from tests.support import until_sync

REF = Ref(TaskId("g/t"), 1)
FORKS_ALL_THE_TIME = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    if os.fork() == 0:
        os.setsid()
        for _ in range(3):
            os.fork()
        time.sleep(0.05)
        os.fork()
        time.sleep(0.05)
        os._exit(0)
    time.sleep(0.005)
"""


@pytest.fixture
def shim() -> Iterator["subprocess.Popen[bytes]"]:
    """A process in a session of its own, which has a child that does as a test says."""
    script = "import subprocess, sys, time; subprocess.run([sys.executable, '-S', *sys.argv[1:]]); time.sleep(1000)"
    with subprocess.Popen(
        [sys.executable, "-S", "-c", script, "-c", FORKS_ALL_THE_TIME],
        start_new_session=True,
        env={**os.environ, **mark("u", REF)},
    ) as process:
        yield process
        process.kill()


def looking(shim: "subprocess.Popen[bytes]", tmp_path: Path) -> Callable[[], Found]:
    found = process(shim.pid)
    assert found is not None
    target = Target(ref=REF, directory=str(tmp_path), shim=found.ident)
    return lambda: look([target], uuid="u", thorough=True)


def test_force_outruns_what_forks(shim: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    look_now = looking(shim, tmp_path)
    until_sync(lambda: len(look_now()[REF]) > 20)
    assert stop.force(look_now) == {REF: []}
    assert shim.poll() is None


def test_freeze_stops_all_and_thaw_lets_run(
    shim: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    look_now = looking(shim, tmp_path)
    until_sync(lambda: len(look_now()[REF]) > 20)
    stop.freeze(look_now)
    # A child that ended just before stays a zombie: who would reap it is stopped too.
    until_sync(lambda: {each.state for each in look_now()[REF]} <= {"T", "Z"})
    frozen = {each.ident for each in look_now()[REF]}
    assert {each.ident for each in look_now()[REF]} == frozen
    stop.thaw(look_now())
    until_sync(lambda: frozen - {each.ident for each in look_now()[REF]})
    stop.force(look_now)


def test_describes_what_does_not_die() -> None:
    with subprocess.Popen(["sleep", "100"]) as child:
        until_sync(lambda: (now := process(child.pid)) and now.name == "sleep")
        found = process(child.pid)
        child.kill()
    assert found is not None
    assert stop.describe([replace(found, state="D"), replace(found, state="S")]) == (
        f"sleep (pid {child.pid}, waits in the kernel), sleep (pid {child.pid}, state S)"
    )
