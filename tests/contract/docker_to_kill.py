"""A bare engine of container tasks in a process of its own, that dies by SIGKILL where it is told to.

``python -m tests.contract.docker_to_kill ROOT UUID POINT NAME...`` launches ``NAME...`` and dies at POINT:
``before-VERB`` or ``after-VERB`` of a request to the container engine (create, start, logs, kill, remove),
``alive``, ``noted`` (the end is written down, nobody was told), ``gone``, ``never``. With POINT ``adopt``
it adopts them instead, with ``again`` it launches them once more; then it prints how each ended as JSON,
and removes what is over.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

from supervisor.adapters.docker import life
from supervisor.adapters.docker.backend import DockerBackend
from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.place import Place
from supervisor.core.models import TaskId
from supervisor.core.wish import Volume, Wish
from supervisor.ports import Alive, Gone, Notice, Outage, Ref, Try
from tests.containers import IMAGE


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Fatal(Docker):
    """A client that dies before or after a request of one kind."""

    point = ""

    async def post(self, path: str, *given: Any, **named: Any) -> Any:
        return await self._fatal(path.rpartition("/")[2], super().post(path, *given, **named))

    async def delete(self, path: str, *given: Any, **named: Any) -> None:
        await self._fatal("remove", super().delete(path, *given, **named))

    async def _fatal(self, verb: str, call: Any) -> Any:
        if self.point == f"before-{verb}":
            die()
        if self.point == f"during-{verb}":
            asyncio.get_running_loop().call_later(0.01, die)
        said = await call
        if self.point == f"after-{verb}":
            die()
        return said


def attempt(root: Path, name: str, number: int) -> Try:
    """Return an attempt that notes its start, prints, and exits with ``number % 7``."""
    script = (
        f'echo start >>"{root}/starts-{name}"; echo one; sleep 0.{1 + number % 4}; echo two; '
        f"exit {number % 7}"
    )
    return Try(
        ref=Ref(TaskId(f"g/{name}"), 1),
        argv=("sh", "-c", script),
        cwd=str(root),
        container=Wish(
            image=IMAGE,
            pull="never",
            network="none",
            user=str(os.getuid()),
            volumes=(Volume(source=str(root), target=str(root)),),
        ),
    )


def made(root: Path, uuid: str, point: str) -> DockerBackend:
    host = os.environ.get("OWN_DOCKER")
    docker = Fatal(Place(url=host, said_by="the test") if host else None)
    docker.point = point
    return DockerBackend(root / "state", uuid, docker, settle_s=1.0)


async def launch(root: Path, uuid: str, point: str, names: Sequence[str]) -> None:
    backend = made(root, uuid, point)
    if point == "noted":
        note = life._note_end

        def fatal(*given: Any) -> None:
            note(*given)
            die()

        life._note_end = fatal
    print("ready", flush=True)
    async with aclosing(backend.reports()) as reports:
        await backend.submit([attempt(root, name, number) for number, name in enumerate(names)])
        async for report in reports:
            if isinstance(report, Alive) and point == "alive":
                die()
            if isinstance(report, Alive) and point.endswith("-kill"):
                await backend.stop([report.ref], 5.0)
            if isinstance(report, Gone):
                if point == "gone":
                    die()
                backend.forget([report.ref])


async def recover(root: Path, uuid: str, names: Sequence[str], *, again: bool) -> None:
    backend = made(root, uuid, "")
    ends: dict[str, list[object]] = {}
    async with aclosing(backend.reports()) as reports:
        tries = [attempt(root, name, number) for number, name in enumerate(names)]
        await (backend.submit(tries) if again else backend.adopt([each.ref for each in tries]))
        async for report in reports:
            if isinstance(report, Outage | Notice):
                continue
            if isinstance(report, Gone):
                assert report.ref.task not in ends
                ends[report.ref.task.partition("/")[2]] = [report.code, report.preset]
                backend.forget([report.ref])
            if len(ends) == len(names):
                break
    await backend.finish()
    backend.close()
    while backend._works._tasks:
        await asyncio.sleep(0.01)
    print(json.dumps(ends))


if __name__ == "__main__":
    place, uuid, what, *tasks = sys.argv[1:]
    if what in ("adopt", "again"):
        asyncio.run(recover(Path(place), uuid, tasks, again=what == "again"))
    else:
        asyncio.run(launch(Path(place), uuid, what, tasks))
