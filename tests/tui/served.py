"""A night without an engine that the real program attaches to: a process with a socket, told what to do.

``python -m tests.tui.served HOME SCENE`` reads orders on stdin: ``rows N`` changes N rows a second,
``lines N`` writes N lines a second into a log, ``log PATH`` lets a file be that log.
"""

import asyncio
import itertools
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import IO

from typing_extensions import override

from supervisor.core.board import API, TaskRow
from supervisor.core.containers import HISTORY_EVERY_S, ContainerRow
from supervisor.core.models import Stream
from supervisor.engine.announce import EngineInfo, announce, boot_id, start_time
from supervisor.engine.windows import window
from supervisor.ipc.server import serve
from supervisor.ports import LogWindow
from tests.fakes.engine import FakeEngine
from tests.tui.dock import docked
from tests.tui.hostile import hostile
from tests.tui.play import many

_BEAT_S = 0.05
TASKS = 60
_LEVELS = ("INFO", "DEBUG", "WARNING")
_WORDS = [
    "sample",
    "scored",
    "model",
    "answered",
    "request",
    "retry",
    "tokens",
    "412",
    "200",
    "batch",
    "saved",
    "in",
    "3.2s",
    "tool",
]


class Served(FakeEngine):
    """Sixty tasks and their containers, of which as many change as wanted."""

    rows_a_second = 0
    lines_a_second = 0
    file: Path | None = None

    @override
    async def log(
        self, task: str, attempt: int | None, stream: Stream, offset: int, size: int
    ) -> LogWindow:
        if self.file is not None and stream == "stdout":
            return await asyncio.to_thread(window, self.file, offset, size)
        return await super().log(task, attempt, stream, offset, size)

    async def live(self) -> None:
        """Let time pass."""
        dice = random.Random(7)
        first = next(iter(self.board.tasks), "")
        for beat in itertools.count():
            await asyncio.sleep(_BEAT_S)
            if self.lines_a_second and (first, 1, "stdout") in self.logs:
                count = round(self.lines_a_second * _BEAT_S)
                lines = (_line(dice, beat * count + n) for n in range(count))
                self.logs[first, 1, "stdout"] += "".join(lines).encode()
            second, rest = divmod(beat, round(1 / _BEAT_S))
            if self.rows_a_second and not rest:
                await self._change(dice, point=second % HISTORY_EVERY_S == 0)

    async def _change(self, dice: random.Random, *, point: bool) -> None:
        count = self.rows_a_second
        running = [one for one in self.board.tasks.values() if one.phase == "running"][:count]
        docks = list(self.board.containers.values())[:count]
        containers = {one.id: _busier(one, dice, point=point) for one in docks}
        self.board = replace(
            self.board, containers=MappingProxyType({**self.board.containers, **containers})
        )
        now = time.time()
        await self.show(*(_farther(one, dice) for one in running), as_of=now, eta_s=9e4 - now % 9e4)


def _line(dice: random.Random, number: int) -> str:
    """Return a line unlike the one before, as long as those of runners are."""
    words = " ".join(dice.choices(_WORDS, k=dice.randint(2, 14)))
    return f"{time.strftime('%H:%M:%S')} {dice.choice(_LEVELS)} [{number}] {words}\n"


def _farther(one: TaskRow, dice: random.Random) -> TaskRow:
    done, total = one.progress or (0, 100)
    return replace(one, progress=((done + dice.randint(1, 3)) % total, total))


def _busier(one: ContainerRow, dice: random.Random, *, point: bool) -> ContainerRow:
    cores = dice.uniform(0.05, 0.4)
    return replace(
        one,
        state="busy",
        quiet_since=None,
        cores=cores,
        cpu_percent=cores * 50,
        mem_bytes=(12 + dice.randint(0, 3)) << 20,
        history=(*one.history[1:], cores) if point else one.history,
    )


def _plain() -> Served:
    """Return sixty running tasks with logs, and sixty containers."""
    engine = Served(many(TASKS).board)
    engine.board = replace(engine.board, containers=docked().board.containers)
    for number, task in enumerate(engine.board.tasks):
        engine.logs[task, 1, "stdout"] = b"".join(
            b"02:%02d:%02d INFO task %d, step %d: model answered in %d ms\n"
            % (n // 60, n % 60, number, n, 200 + n * 37 % 900)
            for n in range(200)
        )
        engine.logs[task, 1, "stderr"] = b""
    return engine


def _hostile() -> Served:
    engine = Served()
    for name, value in vars(hostile()).items():
        if not name.startswith("_"):
            setattr(engine, name, value)
    return engine


SCENES = {"plain": _plain, "hostile": _hostile}


async def _serve(home: Path, scene: str) -> None:
    engine = SCENES[scene]()
    path = f"{home}/s"
    directory = home / ".overnight" / "night"
    directory.mkdir(parents=True, exist_ok=True)
    info = EngineInfo(
        pid=os.getpid(),
        start_time=start_time(os.getpid()) or 0,
        boot_id=boot_id(),
        host=socket.gethostname(),
        api=API,
        version="0",
        socket=path,
        uuid="0" * 32,
        batch="night",
        directory=str(directory),
        source=str(home / "night.yaml"),
        started_at=time.time(),
    )
    async with serve(engine, path), asyncio.TaskGroup() as group:
        announce(info, home)
        living = group.create_task(engine.live(), name="live")
        print("ready", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            word, _, value = line.strip().partition(" ")
            if word == "log":
                engine.file = Path(value)
            else:
                setattr(engine, f"{word}_a_second", int(value))
        living.cancel()


@dataclass
class Player:
    """The process that serves, and how to attach to it."""

    environment: dict[str, str]
    orders: IO[str]

    def tell(self, order: str) -> None:
        """Give an order."""
        self.orders.write(f"{order}\n")
        self.orders.flush()


@contextmanager
def served(home: Path, scene: str) -> Generator[Player]:
    """Serve a scene from a process of its own; ``overnight attach night`` finds it by its home."""
    argv = [sys.executable, "-m", "tests.tui.served", str(home), scene]
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        argv, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("the scene is not served")
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("OVERNIGHT_")
        }
        try:
            yield Player({**environment, "HOME": str(home)}, process.stdin)
        finally:
            process.stdin.close()  # ends it
            process.wait(30)


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), sys.argv[2]))
