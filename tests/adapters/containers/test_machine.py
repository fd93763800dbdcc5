"""The containers of this machine, with a real engine."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from pathlib import Path

import pytest

from supervisor.adapters.containers.hierarchy import Hierarchies
from supervisor.adapters.containers.machine import Machine
from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.place import Place
from supervisor.core.containers import Container, ContainerUsage, Sentinels
from supervisor.ports import DaemonUnreachableError
from tests.containers import Lab, docker, lab

pytestmark = pytest.mark.docker
FILES = Sentinels(
    workspace="/workspace", error_files=("/workspace/error.log",), id_file="/workspace/input.json"
)


@pytest.fixture
def here() -> Iterator[Lab]:
    with lab() as one:
        yield one


@pytest.fixture
async def machine(here: Lab) -> AsyncGenerator[Machine, None]:
    one = Machine(Docker())
    yield one
    await one.close()


@pytest.fixture
async def far(here: Lab, tmp_path: Path) -> AsyncGenerator[Machine, None]:
    """A machine whose cgroups nobody here can read, like that of another host."""
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/mountinfo").write_text("")
    one = Machine(Docker(), hierarchies=Hierarchies(tmp_path))
    yield one
    await one.close()


async def mine(machine: Machine, here: Lab) -> dict[str, Container]:
    found = (await machine.look()).containers
    return {
        one.name.removeprefix(here.prefix + "-"): one for one in found if here.prefix in one.name
    }


async def busier(machine: Machine, busy: str, idle: str) -> bool:
    """Return whether one container uses CPU while the other does not, however loaded this machine is."""
    first = await machine.usage([busy, idle])
    async with asyncio.timeout(60):
        while True:
            now = await machine.usage([busy, idle])
            worked_s, slept_s = (now[id_].cpu_s - first[id_].cpu_s for id_ in (busy, idle))
            if worked_s > 0.1:
                return slept_s < worked_s / 4
            await asyncio.sleep(0.05)


async def test_all_there_is_is_seen(here: Lab, machine: Machine) -> None:
    here.run("runs", "tail", "-f", "/dev/null", options=("--cpus=0.5", "--memory=64m"))
    here.create("made", "true")
    ended = here.run("ended", "sh", "-c", "exit 3")
    docker("wait", ended)
    paused = here.run("paused", "tail", "-f", "/dev/null")
    docker("pause", paused)
    seen = await mine(machine, here)
    assert {name: one.status for name, one in seen.items()} == {
        "runs": "running",
        "made": "created",
        "ended": "exited",
        "paused": "paused",
    }
    assert (seen["runs"].limit_cores, seen["runs"].mem_limit) == (0.5, 64 << 20)
    assert seen["ended"].exit_code == 3
    assert seen["runs"].command == ("tail", "-f", "/dev/null")
    docker("unpause", paused)
    assert (await mine(machine, here))["paused"].status == "running"


async def test_the_kernel_tells_what_each_uses(here: Lab, machine: Machine) -> None:
    busy = here.run("busy", "sh", "-c", "while :; do :; done")
    idle = here.run("idle", "tail", "-f", "/dev/null")
    seen = await machine.look()
    assert seen.daemon.local
    assert seen.daemon.cpu_s is not None
    assert await busier(machine, busy, idle)
    docker("rm", "-f", busy)
    assert busy not in await machine.usage([busy, idle])


async def test_what_cannot_be_read_here_is_asked_for(here: Lab, far: Machine) -> None:
    busy = here.run("busy", "sh", "-c", "while :; do :; done")
    idle = here.run("idle", "tail", "-f", "/dev/null")
    await far.look()
    assert await busier(far, busy, idle)
    used: Mapping[str, ContainerUsage] = await far.usage([busy, idle])
    assert used[idle].pids == 1
    docker("exec", idle, "sh", "-c", "echo 401 > /workspace/error.log")
    signs = (await far.signals({idle: FILES}))[idle]
    assert (signs.extra_processes, signs.sleeper, signs.error_file) == (
        0,
        True,
        "/workspace/error.log",
    )


async def test_a_crashed_exec_and_its_error_are_seen(here: Lab, machine: Machine) -> None:
    dead, alive = (here.run(name, "tail", "-f", "/dev/null") for name in ("dead", "alive"))
    docker("exec", dead, "sh", "-c", "echo '{\"cap\": 1}' > /workspace/input.json; exit 0")
    with pytest.raises(RuntimeError):
        docker("exec", dead, "sh", "-c", "echo 401 > /workspace/error.log; exit 1")
    docker("exec", "-d", alive, "sh", "-c", "sleep 60; true")
    await machine.look()
    signs = await machine.signals({dead: FILES, alive: FILES})
    assert (signs[dead].extra_processes, signs[dead].error_file) == (0, "/workspace/error.log")
    assert signs[dead].items == ("cap",)
    assert (signs[alive].extra_processes, signs[alive].error_file) == (1, None)
    assert signs[alive].connections == 0
    again = await machine.signals({dead: FILES})
    assert again[dead].items == ("cap",), "read once, known for good"


async def test_a_restart_is_a_new_beginning(here: Lab, machine: Machine) -> None:
    id_ = here.run("one", "tail", "-f", "/dev/null")
    before = (await mine(machine, here))["one"]
    assert id_ in await machine.usage([id_])
    docker("restart", "-t", "0", id_)
    await machine.usage([id_])
    after = (await mine(machine, here))["one"]
    assert after.pid != before.pid
    assert id_ in await machine.usage([id_])


async def test_one_is_described_in_full(here: Lab, machine: Machine) -> None:
    id_ = here.run("one", "sh", "-c", "echo hello; sleep 60", options=("-e", "TOKEN=sk-12345"))
    async with asyncio.timeout(20):
        while "hello" not in (await machine.describe(id_, 10)).output:
            await asyncio.sleep(0.05)
    told = await machine.describe(id_, 10)
    assert "sk-12345" not in told.inspection
    assert id_ in told.inspection


async def test_leftovers_are_found_and_removed(here: Lab, machine: Machine, tmp_path: Path) -> None:
    here.create("left", "true")
    one = (await mine(machine, here))["left"]
    found = await machine.leftovers("no-such-batch", [one])
    assert [left.id for left in found.containers] == [one.id]
    assert list(await machine.remove(found, tmp_path)) == []
    assert here.left() == []


async def test_ending_and_the_disk(here: Lab, machine: Machine, tmp_path: Path) -> None:
    id_ = here.run("one", "tail", "-f", "/dev/null")
    (end,) = await machine.end([id_], tmp_path)
    assert end.ok
    assert (await machine.disk()).root
    free = await machine.free_bytes()
    assert free is None or free > 0


async def test_nobody_there_is_no_news_of_containers(tmp_path: Path) -> None:
    nowhere = Machine(Docker(Place(url=f"unix://{tmp_path}/none", said_by="the test")))
    with pytest.raises(DaemonUnreachableError):
        await nowhere.look()
    assert await nowhere.usage(["1"]) == {}
    assert await nowhere.signals({"1": FILES}) == {}
    await nowhere.close()
