"""A bare engine in a process of its own, that dies by SIGKILL where it is told to.

``python -m tests.contract.engine_to_kill STATE POINT NAME...`` launches ``NAME...`` and dies at
POINT (``prepare``, ``spawn``, ``claim``, ``exit``, ``gone``; ``never`` waits to be killed); with
POINT ``adopt`` it adopts them instead, with ``again`` it launches them once more, and prints how
each ended as JSON.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

from supervisor.adapters.local import LocalBackend, posix_spawn
from supervisor.adapters.local.spawn import Spawner
from supervisor.core.models import TaskId
from supervisor.ports import Alive, Gone, Ref, Try

UUID = "7d9d3f1c-0000-4000-8000-000000000002"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killing(call: Callable[..., Any], *, before: bool) -> Callable[..., Any]:
    """Return ``call`` with death just before or after it."""

    def fatal(*given: Any, **named: Any) -> None:
        if not before:
            call(*given, **named)
        die()

    return fatal


def attempt(root: Path, name: str, number: int) -> Try:
    """Return an attempt that notes its start, prints, and exits with ``number % 7``."""
    script = (
        f'echo start >>"{root}/starts-{name}"; echo one; sleep 0.{number % 4}; echo two; '
        f"exit {number % 7}"
    )
    return Try(ref=Ref(TaskId(f"g/{name}"), 1), argv=("sh", "-c", script), cwd=str(root))


async def launch(root: Path, point: str, names: Sequence[str]) -> None:
    shell = root / "slow-sh"
    backend = LocalBackend(
        root / "state", UUID, shell=(str(shell),) if shell.exists() else ("/bin/sh",)
    )
    if point == "prepare":
        Spawner._start = killing(Spawner._start, before=True)  # type: ignore[method-assign]
    if point == "spawn":
        posix_spawn.start = killing(posix_spawn.start, before=False)
    print("ready", flush=True)
    async with asyncio.TaskGroup() as group, aclosing(backend.reports()) as reports:
        tries = [attempt(root, name, number) for number, name in enumerate(names)]
        group.create_task(backend.submit(tries))
        async for report in reports:
            if point == "claim" and isinstance(report, Alive):
                while not (backend.directory(report.ref) / "started").exists():
                    await asyncio.sleep(0)
                die()
            if point == "exit" and isinstance(report, Alive):
                record = backend.directory(report.ref) / "exit"
                while not record.read_bytes().startswith(b"exit="):
                    await asyncio.sleep(0)
                die()
            if point == "gone" and isinstance(report, Gone):
                die()


async def recover(root: Path, names: Sequence[str], *, again: bool) -> None:
    backend = LocalBackend(root / "state", UUID)
    ends: dict[str, list[object]] = {}
    async with aclosing(backend.reports()) as reports:
        tries = [attempt(root, name, number) for number, name in enumerate(names)]
        await (backend.submit(tries) if again else backend.adopt([each.ref for each in tries]))
        async for report in reports:
            if isinstance(report, Gone):
                assert report.ref.task not in ends
                ends[report.ref.task.partition("/")[2]] = [report.code, report.preset]
            if len(ends) == len(names):
                break
    backend.close()
    print(json.dumps(ends))


if __name__ == "__main__":
    place, what, *tasks = sys.argv[1:]
    if what in ("adopt", "again"):
        asyncio.run(recover(Path(place), tasks, again=what == "again"))
    else:
        asyncio.run(launch(Path(place), what, tasks))
