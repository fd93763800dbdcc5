"""A batch that seems to run: a FakeEngine on a real socket, announced as real engines are."""

import asyncio
import io
import os
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from supervisor.cli.main import main
from supervisor.core.board import API
from supervisor.engine.announce import EngineInfo, announce, boot_id, start_time
from supervisor.ipc.server import serve
from tests.fakes.engine import FakeEngine, board_of, row


@dataclass(frozen=True)
class Said:
    """What a command wrote, and its exit code."""

    code: int
    out: str
    err: str


def call(*argv: str, given: str = "") -> Said:
    """Run a command in this process, without a terminal."""
    out, err = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
    before = sys.argv, sys.stdin
    sys.argv, sys.stdin = ["overnight", *argv], io.StringIO(given)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = main()
    finally:
        sys.argv, sys.stdin = before
    return Said(code, *(_text(stream) for stream in (out, err)))


@pytest.fixture(scope="session")
def pattern_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a directory where compiled patterns stay: compiling them takes half a second."""
    return tmp_path_factory.mktemp("cache")


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    data = stream.buffer
    assert isinstance(data, io.BytesIO)
    return data.getvalue().decode()


def _in_process(argv: tuple[str, ...]) -> Said:
    script = "import sys; from supervisor.cli.main import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", script, *argv],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@dataclass
class Place:
    """A folder with batches, announced in a home of its own."""

    path: Path
    home: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def info(self, name: str = "night", *, pid: int, uuid: str = "", **facts: object) -> EngineInfo:
        """Announce an engine of the batch ``name``; its state directory is made."""
        directory = self.path / ".overnight" / name
        directory.mkdir(parents=True, exist_ok=True)
        known = {
            "start_time": start_time(pid) or 0,
            "boot_id": boot_id(),
            "host": socket.gethostname(),
            "api": API,
            "version": "0",
            "socket": str(self.home / name),
            "batch": name,
            "directory": str(directory),
            "source": str(self.path / f"{name}.yaml"),
            "started_at": 1000.0,
        }
        info = EngineInfo(pid=pid, uuid=uuid or f"{name:0<32}", **{**known, **facts})  # type: ignore[arg-type]
        announce(info, self.home)
        return info

    def process(self) -> subprocess.Popen[bytes]:
        """Start a process that stands for an engine."""
        self.processes.append(subprocess.Popen(["sleep", "600"]))
        return self.processes[-1]

    def ended(self, name: str = "night", **facts: object) -> EngineInfo:
        """Announce an engine that is no more."""
        return self.info(name, pid=2**22 + 1, **facts)

    def running(self, name: str = "night", **facts: object) -> EngineInfo:
        """Announce an engine whose process lives."""
        return self.info(name, pid=self.process().pid, **facts)


@pytest.fixture
def place(
    tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> Generator[Place, None, None]:
    """Give a folder, made the current directory."""
    monkeypatch.chdir(tmp_path)
    place = Place(tmp_path, own_home)
    yield place
    for process in place.processes:
        process.kill()
        process.wait()


@dataclass
class Night:
    """A running batch: the engine to direct, and the commands given to it."""

    place: Place
    engine: FakeEngine
    info: EngineInfo

    async def overnight(self, *argv: str, given: str = "") -> Said:
        """Run a command while the engine answers."""
        return await asyncio.to_thread(lambda: call(*argv, given=given))

    async def apart(self, *argv: str) -> Said:
        """Run a command in a process of its own: signals need a main thread."""
        return await asyncio.to_thread(_in_process, argv)

    def end_process(self) -> None:
        """End the process that stands for the engine."""
        process = self.place.processes[0]
        process.kill()
        process.wait()


@pytest.fixture
async def night(place: Place) -> AsyncGenerator[Night, None]:
    """Give a running batch ``night`` with four tasks in two groups."""
    engine = FakeEngine(
        board_of(
            row("g/a", "running", attempt=1, pid=77, progress=(3, 9)),
            row("g/b", "waiting"),
            row("g/c", "failed", attempt=4, error_class="server_error", cause="503 from the API"),
            row("h/a", "succeeded", attempt=1),
        )
    )
    info = place.running()
    async with serve(engine, info.socket):
        yield Night(place, engine, info)
