"""A Docker backend over a container engine in memory, its news, and further engines after a death."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from supervisor.adapters.docker.backend import DockerBackend
from supervisor.core.models import TaskId
from supervisor.core.wish import Wish
from supervisor.ports import Gone, Notice, Outage, Ref, Report, Try
from tests.fakes.daemon import FakeDaemon, daemon

UUID = "7d9d3f1c-0000-4000-8000-000000000009"
A, B = Ref(TaskId("g/a"), 1), Ref(TaskId("g/b"), 1)


@dataclass
class Bench:
    """The engine in memory, a backend, and what it reported."""

    engine: FakeDaemon
    root: Path
    backend: DockerBackend
    news: list[Report] = field(default_factory=list)

    def plan(self, which: Ref, *words: str, **wish: Any) -> Try:
        return Try(
            ref=which,
            argv=words or ("forever",),
            cwd=str(self.root),
            container=Wish(**{"image": "busybox", **wish}),
        )

    def of(self, kind: type[Report]) -> list[Any]:
        return [one for one in self.news if isinstance(one, kind)]

    def gone(self, which: Ref = A) -> Gone | None:
        ends = [one for one in self.of(Gone) if one.ref == which]
        assert len(ends) <= 1, "an end is told once"
        return ends[0] if ends else None

    def log(self, which: Ref = A, stream: str = "stdout") -> bytes:
        return (self.backend.directory(which) / f"{stream}.log").read_bytes()


def made(engine: FakeDaemon, root: Path, **options: Any) -> DockerBackend:
    quick = {"settle_s": 0.05, "ping_s": 0.05, "ping_limit_s": 1.0, "unkillable_s": 0.3}
    return DockerBackend(root / "state", UUID, engine.docker(), **{**quick, **options})


@asynccontextmanager
async def another(engine: FakeDaemon, root: Path, **options: Any) -> AsyncIterator[Bench]:
    """A further engine of the same batch; the one before has died, or dies with this block."""
    one = Bench(engine, root, made(engine, root, **options))
    reports = one.backend.reports()

    async def read() -> None:
        async for report in reports:
            one.news.append(report)

    async with asyncio.TaskGroup() as group:
        reader = group.create_task(read())
        try:
            yield one
        finally:
            one.backend.close()
            await asyncio.sleep(0.02)
            reader.cancel()
            await asyncio.wait([reader])
            await reports.aclose()


@asynccontextmanager
async def bench(root: Path, **options: Any) -> AsyncIterator[Bench]:
    """An engine in memory with one backend."""
    async with daemon(root) as engine, another(engine, root, **options) as one:
        yield one


__all__ = ["UUID", "A", "B", "Bench", "Notice", "Outage", "another", "bench", "made"]
