"""Leftovers of one batch are found and removed, and nothing else."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.leftovers import disk, free_bytes, leftovers, remove
from supervisor.core.containers import BATCH_LABEL, Container
from tests.containers import Lab, docker, lab

pytestmark = pytest.mark.docker


@pytest.fixture
def own() -> Iterator[Lab]:
    with lab() as one:
        yield one


@pytest.fixture
async def engine() -> AsyncIterator[Docker]:
    client = Docker()
    yield client
    await client.close()


def container(own: Lab, id_: str, name: str, project: str | None = None) -> Container:
    return Container(
        id=id_, name=own.name(name), image="x", created_at=0.0, status="running", project=project
    )


async def test_what_is_of_the_batch_goes_and_the_rest_stays(
    own: Lab, engine: Docker, tmp_path: Path
) -> None:
    uuid = str(uuid4())
    ours = ("--label", f"{BATCH_LABEL}={uuid}")
    docker("network", "create", *ours, own.name("net"))
    docker("network", "create", own.name("foreign-net"))
    project = own.name("project")
    docker(
        "network", "create", "--label", f"com.docker.compose.project={project}", own.name("cnet")
    )
    docker("volume", "create", *ours, own.name("volume"))
    docker("volume", "create", own.name("foreign-volume"))
    running = own.run("running", "tail", "-f", "/dev/null", options=("-v", "/scratch"))
    exited = own.run("exited", "true")
    made = own.create("made", "true", options=("-v", "/data"))
    own.run("bystander", "tail", "-f", "/dev/null", options=("-v", f"{own.name('kept')}:/kept"))
    chosen = [
        container(own, running, "running", project),
        container(own, exited, "exited"),
        container(own, made, "made"),
        container(own, "f" * 64, "gone"),
    ]
    found = await leftovers(engine, uuid, chosen)
    assert {name for _, name in found.networks} == {own.name("net"), own.name("cnet")}
    assert (found.volumes, found.anonymous) == ((own.name("volume"),), 2)
    assert await remove(engine, found, tmp_path) == []
    assert own.left() == ["bystander"]
    assert own.name("foreign-net") in docker("network", "ls", "--format", "{{.Name}}").split()
    kept = docker("volume", "ls", "-q").split()
    assert own.name("volume") not in kept
    assert {own.name("foreign-volume"), own.name("kept")} <= set(kept)
    assert (await leftovers(engine, uuid, ())).networks == ()


async def test_a_network_that_somebody_else_uses_stays(own: Lab, engine: Docker) -> None:
    uuid = str(uuid4())
    docker("network", "create", "--label", f"{BATCH_LABEL}={uuid}", own.name("shared"))
    docker(
        "run", "-d", f"--network={own.name('shared')}", "--name", own.name("other"),
        "overnight-test:latest", "tail", "-f", "/dev/null",
    )  # fmt: skip
    assert (await leftovers(engine, uuid, ())).networks == ()


async def test_a_volume_in_use_is_said_to_stay(own: Lab, engine: Docker, tmp_path: Path) -> None:
    uuid = str(uuid4())
    docker("volume", "create", "--label", f"{BATCH_LABEL}={uuid}", own.name("used"))
    own.run("user", "tail", "-f", "/dev/null", options=("-v", f"{own.name('used')}:/used"))
    [problem] = await remove(engine, await leftovers(engine, uuid, ()), tmp_path)
    assert problem.startswith(f"volume {own.name('used')}: ")
    assert "in use" in problem


async def test_the_disk_is_told_as_docker_itself_counts(own: Lab, engine: Docker) -> None:
    own.run("one", "tail", "-f", "/dev/null")
    told = await disk(engine)
    by_name = {share.name: share for share in told.shares}
    assert set(by_name) == {"images", "containers", "volumes", "build cache"}
    assert by_name["containers"].active >= 1
    assert by_name["images"].size_bytes > 0
    assert told.root.startswith("/")
    assert told.free_bytes == await free_bytes(engine) or told.free_bytes
