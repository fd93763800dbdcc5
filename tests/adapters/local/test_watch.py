"""News of ends, with and without pidfds."""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator

import pytest

from supervisor.adapters.local import signals, watch
from supervisor.adapters.local.procfs import Ident, process
from supervisor.adapters.local.watch import Status, Watch
from tests.support import until


@pytest.fixture
async def watching() -> AsyncIterator[Watch]:
    made = Watch(asyncio.get_running_loop())
    yield made
    made.close()


@pytest.fixture(params=["pidfd", "old kernel"])
def pidfds(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    if request.param == "old kernel":
        monkeypatch.setattr(watch, "_POLL_S", 0.02)
        monkeypatch.setattr(watch, "open_pidfd", lambda pid: None)
    return bool(request.param == "pidfd")


def spawn(*argv: str) -> Ident:
    pid = os.posix_spawnp(argv[0], argv, os.environ)
    found = process(pid)
    assert found is not None
    return found.ident


def reap(ident: Ident) -> None:
    os.waitpid(ident.pid, 0)


def pidfd(ident: Ident, wanted: bool) -> int | None:
    return signals.open_pidfd(ident.pid) if wanted else None


@pytest.mark.parametrize(
    ("script", "status"),
    [("exit 3", Status(3, killed=False)), ("kill -9 $$", Status(137, killed=True))],
)
async def test_tells_how_a_child_ended(
    watching: Watch, pidfds: bool, script: str, status: Status
) -> None:
    told: list[Status | None] = []
    child = spawn("sh", "-c", f"sleep 0.05; {script}")
    watching.child("a", child, pidfd(child, pidfds), told.append)
    await until(lambda: told)
    assert told == [status]
    assert process(child.pid) is None


@pytest.fixture
def stranger() -> Iterator[Ident]:
    """A process that is another's child."""
    with subprocess.Popen(
        ["sh", "-c", "sleep 100 >/dev/null & echo $!; wait"], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        found = process(int(parent.stdout.readline()))
        assert found is not None
        yield found.ident


async def test_tells_that_a_stranger_ended(watching: Watch, pidfds: bool, stranger: Ident) -> None:
    told: list[Status | None] = []
    watching.stranger("a", stranger, told.append)
    await asyncio.sleep(0.05)
    assert told == []
    os.kill(stranger.pid, signal.SIGKILL)
    await until(lambda: told)
    assert told == [None]


async def test_tells_that_a_stranger_is_gone_already(watching: Watch, pidfds: bool) -> None:
    told: list[Status | None] = []
    ended = spawn("true")
    reap(ended)
    this = process(os.getpid())
    assert this is not None
    watching.stranger("a", ended, told.append)
    watching.stranger("b", Ident(this.ident.pid, this.ident.start - 1), told.append)
    await until(lambda: len(told) == 2)
    assert told == [None, None]


async def test_a_closed_watch_is_silent(watching: Watch, pidfds: bool) -> None:
    told: list[Status | None] = []
    child = spawn("sleep", "100")
    watching.child("a", child, pidfd(child, pidfds), told.append)
    watching.close()
    os.kill(child.pid, signal.SIGKILL)
    reap(child)
    await asyncio.sleep(0.05)
    assert told == []
