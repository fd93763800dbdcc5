"""Who the container engine is, is asked once; what it uses, each time."""

from pathlib import Path

import pytest

from supervisor.adapters.containers.engine import Engine
from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.place import Place
from supervisor.ports import DaemonUnreachableError
from tests.containers import require_docker


@pytest.mark.docker
async def test_the_engine_here_tells_who_it_is_and_what_it_uses() -> None:
    require_docker()
    docker = Docker()
    engine = Engine(docker)
    first = await engine.look()
    await docker.close()
    assert first.local
    assert first.version
    assert first.cores
    assert first.cpu_s is not None
    again = await engine.look()
    assert (again.endpoint, again.version) == (first.endpoint, first.version)
    assert again.cpu_s is not None, "the kernel tells it, whether the engine answers or not"
    assert again.cpu_s >= first.cpu_s


async def test_nobody_there_is_said(tmp_path: Path) -> None:
    docker = Docker(Place(url=f"unix://{tmp_path}/none", said_by="the test"))
    with pytest.raises(DaemonUnreachableError):
        await Engine(docker).look()
    await docker.close()
