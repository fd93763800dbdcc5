"""What the backend contract needs of each backend: programs to run, and a second engine."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Protocol

from supervisor.adapters.local import LocalBackend
from supervisor.core.models import TaskId
from supervisor.ports import Alive, Backend, Gone, Notice, Outage, Ref, Try, Unknown
from tests.fakes.backend import FakeBackend, World
from tests.support import until

UUID = "7d9d3f1c-0000-4000-8000-000000000001"


def ref(name: str = "t", attempt: int = 1) -> Ref:
    return Ref(TaskId(f"g/{name}"), attempt)


class News:
    """Everything a backend has reported so far."""

    def __init__(self) -> None:
        self.reports: list[Alive | Gone | Unknown] = []

    def gones(self, which: Ref) -> list[Gone]:
        return [each for each in self.reports if isinstance(each, Gone) and each.ref == which]

    def alives(self, which: Ref) -> list[Alive]:
        return [each for each in self.reports if isinstance(each, Alive) and each.ref == which]

    async def gone(self, which: Ref) -> Gone:
        await until(lambda: self.gones(which))
        return self.gones(which)[0]

    async def alive(self, which: Ref) -> Alive:
        await until(lambda: self.alives(which))
        return self.alives(which)[0]


@asynccontextmanager
async def reading(backend: Backend) -> AsyncGenerator[News, None]:
    """Collect the backend's reports."""
    news = News()

    async def read() -> None:
        async with aclosing(backend.reports()) as reports:
            async for report in reports:
                if not isinstance(report, Outage | Notice):
                    news.reports.append(report)

    async with asyncio.TaskGroup() as group:
        reader = group.create_task(read(), name="read reports")
        yield news
        reader.cancel()


class Rig(Protocol):
    """One kind of backend, with programs whose names mean the same everywhere.

    ``exit N`` · ``soon N`` (ends in a moment) · ``print OUT ERR`` · ``run`` (until stopped) ·
    ``stubborn`` (ignores TERM) · ``forks`` (with children that ignore TERM) · ``escapes`` (with
    processes that left the session and lost their environment) · ``missing`` (no such command)
    """

    many: int
    """So many attempts at once are many for it."""

    def backend(self) -> Backend:
        """Return the backend of a further engine; the one before it is dead."""
        ...

    def program(self, which: Ref, *words: str) -> Try:
        """Return an attempt that does what ``words`` say."""
        ...

    def starts(self, which: Ref) -> int:
        """Return how often the command began, as the command itself wrote it down."""
        ...

    def began(self, which: Ref, processes: int = 1) -> bool:
        """Return whether the program has all its processes."""
        ...

    def left(self, which: Ref) -> list[int]:
        """Return the processes of the attempt that still live."""
        ...

    def close(self) -> None:
        """End what is left."""
        ...


class FakeRig:
    many = 100

    def __init__(self, root: Path) -> None:
        self.world = World(root=root)
        self.root = root

    def backend(self) -> FakeBackend:
        return FakeBackend(self.world)

    def program(self, which: Ref, *words: str) -> Try:
        argv = ("exit", "127") if words[0] == "missing" else words
        return Try(ref=which, argv=argv, cwd=str(self.root))

    def starts(self, which: Ref) -> int:
        return self.world.starts.count(which)

    def began(self, which: Ref, processes: int = 1) -> bool:
        return which in self.world.runs

    def left(self, which: Ref) -> list[int]:
        run = self.world.runs.get(which)
        return [run.pid] if run and run.state in ("alive", "frozen") else []

    def close(self) -> None:
        pass


_STUBBORN = "trap '' TERM; while :; do sleep 0.05; done"
_ESCAPES = r"""
import ctypes, os, sys, time
def left_alone():
    fields = open("/proc/self/stat").read().rpartition(")")[2].split()
    begin, end = int(fields[47]), int(fields[48])
    ctypes.memset(begin, 0, end - begin)
    with open(os.environ["PIDS"], "a") as file:
        print(os.getpid(), file=file, flush=True)
    os.write(1, b"escaped\n")
    time.sleep(1000)
for _ in range(2):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            left_alone()
        os._exit(0)
    os.wait()
time.sleep(1000)
"""

PROGRAMS = {
    "exit": 'exit "$1"',
    "soon": 'sleep 0.3; exit "$1"',
    "print": 'printf %s "$1"; printf %s "$2" >&2',
    "run": 'echo $$ >>"$PIDS"; exec sleep 1000',
    "polite": """trap 'echo bye; exit 5' TERM; echo $$ >>"$PIDS"; while :; do sleep 0.05; done""",
    "stubborn": f'echo $$ >>"$PIDS"; {_STUBBORN}',
    "forks": f"for i in 1 2 3; do sh -c 'echo $$ >>\"$PIDS\"; {_STUBBORN.replace(chr(39), chr(34))}' & done; wait",
    "escapes": (
        'setsid sh -c \'env -i PIDS="$PIDS" sh -c "echo \\$\\$ >>\\$PIDS; exec sleep 1000" & exit\' & '
        f"exec {sys.executable} -c '{_ESCAPES}'"
    ),
    "tidies": (
        "trap 'sleep 0.3 && echo tidied; exit 6' TERM; "
        'echo $$ >>"$PIDS"; while :; do sleep 0.05; done'
    ),
    "leaves": (
        'for i in 1 2; do setsid sh -c \'echo $$ >>"$PIDS"; trap "" TERM; exec sleep 1000\' & done; '
        'while [ "$(wc -l <"$PIDS" || echo 0)" -lt 2 ]; do sleep 0.01; done 2>/dev/null'
    ),
    "missing": "exec /no/such/command",
}
"""Shell programs; each is preceded by one that writes a start line."""


class LocalRig:
    many = 100

    def __init__(self, root: Path, *, shell: Sequence[str] = ("/bin/sh",)) -> None:
        self.root = root
        self.state = root / "state"
        self._shell = tuple(shell)
        self._backends: list[LocalBackend] = []

    def backend(self) -> LocalBackend:
        self._bury()
        backend = LocalBackend(self.state, UUID, shell=self._shell, leftovers_grace_s=0.3)
        self._backends.append(backend)
        return backend

    def program(self, which: Ref, *words: str) -> Try:
        script = f'echo start >>"$STARTS"; {PROGRAMS[words[0]]}'
        return Try(
            ref=which,
            argv=("/bin/sh", "-c", script, *words),
            cwd=str(self.root),
            env={
                "STARTS": str(self._file("starts", which)),
                "PIDS": str(self._file("pids", which)),
            },
        )

    def starts(self, which: Ref) -> int:
        return len(_lines(self._file("starts", which)))

    def began(self, which: Ref, processes: int = 1) -> bool:
        return len(self.left(which)) == processes

    def pids(self, which: Ref) -> list[int]:
        return [int(line) for line in _lines(self._file("pids", which))]

    def left(self, which: Ref) -> list[int]:
        return [pid for pid in self.pids(which) if _runs(pid)]

    def close(self) -> None:
        self._bury()

    def _bury(self) -> None:
        for backend in self._backends:
            backend.close()
        self._backends.clear()

    def _file(self, kind: str, which: Ref) -> Path:
        return self.root / f"{kind}-{which.task.replace('/', '-')}-{which.attempt}"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="ascii").splitlines() if path.exists() else []


def _runs(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def kill_leftovers(rig: LocalRig, refs: Sequence[Ref]) -> None:
    """End by force what a failed test may have left."""
    for which in refs:
        for pid in rig.left(which):
            os.kill(pid, 9)
