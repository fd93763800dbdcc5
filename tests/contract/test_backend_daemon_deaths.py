"""A container engine that hangs, restarts and crashes under twenty running tasks."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from supervisor.adapters.docker.backend import DockerBackend
from supervisor.adapters.docker.client import Docker
from supervisor.core.models import ErrorClass
from supervisor.core.wish import Volume, Wish
from supervisor.ports import Alive, Ref, Try, Unknown
from tests.contract.backend_rigs import News, reading, ref
from tests.dockerd import Dockerd, private_dockerd
from tests.support import until

pytestmark = pytest.mark.dockerd

COUNT = 20
UUID = "7d9d3f1c-0000-4000-8000-000000000020"


class Lot:
    """Twenty tasks that write a line, wait to be let go, write another and exit with their number."""

    def __init__(self, root: Path, daemon: Dockerd) -> None:
        self.root = root
        self.daemon = daemon
        self.refs = [ref(f"t{number}") for number in range(COUNT)]

    def backend(self) -> DockerBackend:
        docker = Docker(self.daemon.place)
        return DockerBackend(
            self.root / "state", UUID, docker, settle_s=1.0, ping_s=0.2, ping_limit_s=5.0
        )

    def plan(self, which: Ref, number: int) -> Try:
        script = (
            f'echo start >>"{self.root}/starts-{number}-{which.attempt}"; echo one; '
            f'while [ ! -e "{self.root}/go" ]; do sleep 0.1; done; echo two; exit {number}'
        )
        return Try(
            ref=which,
            argv=("sh", "-c", script),
            cwd=str(self.root),
            container=Wish(
                image="overnight-test:latest",
                pull="never",
                network="none",
                user=str(os.getuid()),
                volumes=(Volume(source=str(self.root), target=str(self.root)),),
            ),
        )

    def plans(self, attempt: int = 1) -> list[Try]:
        return [self.plan(ref(f"t{number}", attempt), number) for number in range(COUNT)]

    def starts(self, attempt: int = 1) -> list[int]:
        files = (self.root / f"starts-{number}-{attempt}" for number in range(COUNT))
        return [len(file.read_text().splitlines()) if file.exists() else 0 for file in files]

    def go(self) -> None:
        (self.root / "go").touch()

    def log(self, which: Ref) -> bytes:
        name = which.task.partition("/")[2]
        folder = self.root / "state" / "tasks" / "g" / name / f"attempt-{which.attempt}"
        return (folder / "stdout.log").read_bytes()

    async def all_alive(self, news: News, times: int = 1) -> None:
        await until(
            lambda: all(len(news.alives(each)) >= times for each in self.refs), timeout_s=90
        )

    async def ended_well(self, news: News, backend: DockerBackend, attempt: int = 1) -> None:
        """All exit with their own numbers, were begun once, and leave nothing."""
        refs = [ref(f"t{number}", attempt) for number in range(COUNT)]
        await until(lambda: all(news.gones(each) for each in refs), timeout_s=90)
        ends = [news.gones(each) for each in refs]
        assert [[(end.code, end.preset) for end in each] for each in ends] == [
            [(number, None)] for number in range(COUNT)
        ]
        assert self.starts(attempt) == [1] * COUNT
        assert [self.log(each) for each in refs] == [b"one\ntwo\n"] * COUNT
        backend.forget(refs)
        await backend.finish()
        assert self.daemon.containers() == []


@asynccontextmanager
async def lot(root: Path, *, live_restore: bool) -> AsyncIterator[tuple[Lot, News, DockerBackend]]:
    with private_dockerd(live_restore=live_restore) as daemon:
        one = Lot(root, daemon)
        backend = one.backend()
        async with reading(backend) as news:
            await backend.submit(one.plans())
            await one.all_alive(news)
            yield one, news, backend
        backend.close()
        await until(lambda: not backend._works._tasks)
        await asyncio.sleep(0.05)


def unknown(news: News, which: Ref) -> list[Unknown]:
    return [each for each in news.reports if isinstance(each, Unknown) and each.ref == which]


@pytest.mark.timeout(300)
async def test_a_hang_is_waited_out(tmp_path: Path) -> None:
    async with lot(tmp_path, live_restore=False) as (one, news, backend):
        one.daemon.freeze()
        await until(lambda: all(unknown(news, each) for each in one.refs))
        assert "did not answer within" in unknown(news, one.refs[0])[0].reason
        await backend.submit([one.plan(ref("late"), 99)])
        one.go()
        await asyncio.sleep(1.0)
        assert not any(news.gones(each) for each in one.refs)
        one.daemon.thaw()
        assert (await news.gone(ref("late"))).code == 99
        backend.forget([ref("late")])
        await one.ended_well(news, backend)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("how", ["stop", "kill"])
async def test_a_restart_with_live_restore_is_survived(tmp_path: Path, how: str) -> None:
    async with lot(tmp_path, live_restore=True) as (one, news, backend):
        getattr(one.daemon, how)()
        await until(lambda: all(unknown(news, each) for each in one.refs))
        one.daemon.start()
        await one.all_alive(news, times=2)
        one.go()
        await one.ended_well(news, backend)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("how", ["stop", "kill"])
async def test_a_restart_that_takes_all_down_fails_nobody(tmp_path: Path, how: str) -> None:
    async with lot(tmp_path, live_restore=False) as (one, news, backend):
        getattr(one.daemon, how)()
        await asyncio.sleep(0.5)
        one.daemon.start()
        await until(lambda: all(news.gones(each) for each in one.refs), timeout_s=90)
        assert {news.gones(each)[0].preset for each in one.refs} == {ErrorClass.DOCKER}
        assert one.starts() == [1] * COUNT
        backend.forget(one.refs)
        one.go()
        await backend.submit(one.plans(attempt=2))
        await one.ended_well(news, backend, attempt=2)


@pytest.mark.timeout(300)
async def test_an_engine_that_was_dead_meanwhile_finds_the_same(tmp_path: Path) -> None:
    async with lot(tmp_path, live_restore=False) as (one, _, backend):
        backend.close()
        one.daemon.kill()
        one.daemon.start()
        later = one.backend()
        async with reading(later) as after:
            await later.adopt(one.refs)
            await until(lambda: all(after.gones(each) for each in one.refs), timeout_s=90)
            assert {after.gones(each)[0].preset for each in one.refs} == {ErrorClass.DOCKER}
            assert not any(isinstance(each, Alive) for each in after.reports)
            later.forget(one.refs)
            await later.finish()
        later.close()
        await until(lambda: not later._works._tasks)
        assert one.daemon.containers() == []
