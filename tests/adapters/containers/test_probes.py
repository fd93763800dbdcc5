"""Signs of life come out of the kernel, and from the container's engine where that tells none."""

import asyncio
import os
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from supervisor.adapters.containers.gauges import Gauges
from supervisor.adapters.containers.hierarchy import Places
from supervisor.adapters.containers.probes import Probes
from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.place import Place
from supervisor.core.containers import Container, Sentinels
from supervisor.ports import DaemonUnreachableError
from tests.containers import Lab, docker, lab


@pytest.fixture
async def nobody(tmp_path: Path) -> AsyncGenerator[Docker, None]:
    one = Docker(Place(url=f"unix://{tmp_path}/none", said_by="the test"))
    yield one
    await one.close()


@pytest.fixture
def gauges(tmp_path: Path) -> Iterator[Gauges]:
    """Gauges of a cgroup that holds this very process."""
    (tmp_path / "cgroup.procs").write_text(f"{os.getpid()}\n")
    one = Gauges(Places(unified=str(tmp_path), controllers={}), None)
    yield one
    one.close()


def container(id_: str, pid: int) -> Container:
    command = ("tail", "-f", "/dev/null")
    return Container(
        id=id_, name="x", image="i", created_at=0, status="running", pid=pid, command=command
    )


async def test_the_kernel_tells_without_the_engine(
    nobody: Docker, gauges: Gauges, tmp_path: Path
) -> None:
    one, probes = container("1", os.getpid()), Probes(nobody, lambda: 7.0)
    named, failed = tmp_path / "input.json", tmp_path / "error.log"
    wanted = Sentinels(id_file=str(named), error_files=(str(failed),))
    named.write_text('{"capsule-1": {}}')
    first = await probes.signals(one, gauges, wanted)
    assert (first.at, first.items, first.error_file) == (7.0, ("capsule-1",), None)
    assert first.sleeper is False
    named.write_text('{"capsule-2": {}}')
    failed.write_text("401")
    again = await probes.signals(one, gauges, wanted)
    assert (again.items, again.error_file) == (("capsule-1",), str(failed)), "read once"
    probes.forget(one.id)
    assert (await probes.signals(one, gauges, wanted)).items == ("capsule-2",)


async def test_what_the_kernel_does_not_show_is_asked_for(nobody: Docker, gauges: Gauges) -> None:
    probes = Probes(nobody, lambda: 7.0)
    with pytest.raises(DaemonUnreachableError):
        await probes.signals(container("1", os.getpid()), None, Sentinels(workspace="/w"))


async def test_one_that_has_just_ended_tells_nothing(nobody: Docker, gauges: Gauges) -> None:
    ended = await asyncio.create_subprocess_exec("true")
    await ended.wait()
    probes = Probes(nobody, lambda: 7.0)
    found = await probes.signals(container("2", ended.pid), gauges, Sentinels(workspace="/w"))
    assert (found.written_at, found.connections) == (None, None)


@pytest.fixture
def here() -> Iterator[Lab]:
    with lab() as one:
        yield one


@pytest.mark.docker
async def test_an_engine_tells_of_one_that_is_far_away(here: Lab) -> None:
    id_ = here.run("one", "tail", "-f", "/dev/null")
    docker("exec", id_, "sh", "-c", "echo '{\"cap\": 1}' > /workspace/input.json")
    engine = Docker()
    probes = Probes(engine, lambda: 7.0)
    wanted = Sentinels(workspace="/workspace", id_file="/workspace/input.json")
    found = await probes.signals(container(id_, 1), None, wanted)
    await engine.close()
    assert (found.extra_processes, found.sleeper, found.items) == (0, True, ("cap",))
    assert found.connections is None, "its network cannot be seen from here"
