"""Whose process is whose."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from supervisor.adapters.local.environment import mark
from supervisor.adapters.local.members import Target, look
from supervisor.adapters.local.procfs import Ident, process
from supervisor.core.models import TaskId
from supervisor.ports import Ref
from tests.support import until_sync

UUID = "u-members"
REF = Ref(TaskId("g/t"), 1)
OTHER = Ref(TaskId("g/other"), 1)

SLEEP = "import time; time.sleep(1000)"


@pytest.fixture
def started() -> Iterator[list[int]]:
    """Pids that are ended after the test."""
    pids: list[int] = []
    yield pids
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            continue


def ident(pid: int) -> Ident:
    found = process(pid)
    assert found is not None
    return found.ident


def sleeper(
    started: list[int], *, env: dict[str, str] | None = None, script: str = SLEEP, out: int = -3
) -> int:
    child = subprocess.Popen(
        [sys.executable, "-S", "-c", script],
        env=env or {},
        start_new_session=True,
        stdout=out,
        stderr=subprocess.DEVNULL,
    )
    child.returncode = 0  # the fixture reaps it
    started.append(child.pid)
    until_sync(lambda: b"-c" in Path(f"/proc/{child.pid}/cmdline").read_bytes())
    return child.pid


def target(
    shim: int | None, directory: Path, ref: Ref = REF, seen: frozenset[Ident] = frozenset()
) -> Target:
    return Target(ref=ref, directory=str(directory), shim=ident(shim) if shim else None, seen=seen)


def pids(targets: list[Target], ref: Ref = REF, *, thorough: bool = True) -> set[int]:
    return {each.ident.pid for each in look(targets, uuid=UUID, thorough=thorough)[ref]}


def test_finds_the_session_and_descendants_but_not_the_shim(
    started: list[int], tmp_path: Path
) -> None:
    script = "import os, time\nos.fork()\nif os.fork() == 0: os.setsid()\ntime.sleep(1000)\n"
    shim = sleeper(started, script=script)
    until_sync(lambda: len(pids([target(shim, tmp_path)], thorough=False)) == 3)
    found = pids([target(shim, tmp_path)], thorough=False)
    started.extend(found)
    assert shim not in found
    assert len({os.getsid(pid) for pid in found}) == 3


def test_finds_the_mark_anywhere(started: list[int], tmp_path: Path) -> None:
    marked = sleeper(started, env=mark(UUID, REF))
    other = sleeper(started, env=mark(UUID, OTHER))
    sleeper(started, env=mark("another batch", REF))
    sleeper(started, env=mark(UUID, Ref(REF.task, 2)))
    targets = [target(None, tmp_path), target(None, tmp_path, OTHER)]
    assert pids(targets) == {marked}
    assert pids(targets, OTHER) == {other}
    assert pids(targets, thorough=False) == set()


def test_finds_what_writes_to_the_log(started: list[int], tmp_path: Path) -> None:
    with (tmp_path / "stdout.log").open("ab") as log:
        writer = sleeper(started, out=log.fileno())
    assert pids([target(None, tmp_path)]) == {writer}


def test_finds_what_it_saw_before(started: list[int], tmp_path: Path) -> None:
    seen = sleeper(started)
    assert pids([target(None, tmp_path, seen=frozenset({ident(seen)}))], thorough=False) == {seen}
    older = frozenset({Ident(seen, ident(seen).start - 1)})
    assert pids([target(None, tmp_path, seen=older)], thorough=False) == set()


def test_a_session_number_used_again_is_another_session(started: list[int], tmp_path: Path) -> None:
    script = "import os, time; os.fork(); time.sleep(1000)"
    leader = sleeper(started, script=script)
    until_sync(lambda: pids([target(leader, tmp_path)]))
    started.extend(pids([target(leader, tmp_path)]))
    earlier = Target(
        ref=REF, directory=str(tmp_path), shim=Ident(leader, ident(leader).start - 100)
    )
    assert pids([earlier]) == set()


def test_what_is_older_than_the_shim_is_not_its_own(started: list[int], tmp_path: Path) -> None:
    """Such as an engine that itself runs inside an attempt of the same name."""
    older = sleeper(started, env=mark(UUID, REF))
    shim = Target(ref=REF, directory=str(tmp_path), shim=Ident(1 << 22, ident(older).start + 1))
    assert pids([shim]) == set()


def test_never_names_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    us = frozenset({ident(os.getpid())})
    assert pids([target(None, tmp_path, seen=us)]) == set()


def test_leaves_out_the_dead(started: list[int], tmp_path: Path) -> None:
    script = "import os, time\nif os.fork() == 0: os._exit(0)\ntime.sleep(1000)"
    shim = sleeper(started, script=script)
    children = Path(f"/proc/{shim}/task/{shim}/children")
    until_sync(lambda: (found := children.read_text(encoding="ascii")) and _dead(int(found)))
    assert pids([target(shim, tmp_path)]) == set()


def _dead(pid: int) -> bool:
    found = process(pid)
    return found is not None and found.dead
