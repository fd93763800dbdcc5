"""Who makes containers, seen while they are made."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from supervisor.adapters.containers import witness as seen
from supervisor.adapters.containers.clients import Speaker
from supervisor.adapters.containers.ledger import Ledger
from supervisor.adapters.containers.witness import EventWitness
from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.place import Place
from supervisor.core.containers import BATCH_LABEL
from supervisor.core.names import TaskId
from supervisor.core.ownership import Maker
from tests.containers import IMAGE, Lab, lab
from tests.support import until

T = TaskId("g/t")
OURS = Speaker(words=("python", "hal.py"), task=T, attempt=2)
OTHER = Speaker(words=("python", "hal.py"))


class Court:
    """A witness who is told who was there."""

    def __init__(self, directory: Path, *there: Speaker) -> None:
        self.there = list(there)
        docker = Docker(Place(url="unix:///nowhere", said_by="the test"))
        self.witness = EventWitness(
            docker, "u", directory, present=lambda _path, _uuid: list(self.there)
        )

    async def hears(self, action: str, name: str = "agentrun--1", **facts: str) -> Maker | None:
        attributes = {"name": name, **facts}
        event = {"Action": action, "Actor": {"ID": "ab" * 32, "Attributes": attributes}}
        await self.witness.hear([event])
        return self.witness.known().makers.get("ab" * 32)


def client(*words: str, ours: bool) -> Speaker:
    return Speaker(words=("docker", *words), task=T if ours else None, attempt=2 if ours else 0)


async def test_a_client_that_names_it_made_it(tmp_path: Path) -> None:
    court = Court(tmp_path, client("run", "--name", "agentrun--1", "x", ours=True), OTHER)
    assert await court.hears("create") == Maker(task=T, attempt=2, how=seen.BY_CLIENT)


async def test_so_did_somebody_else_s_client(tmp_path: Path) -> None:
    court = Court(tmp_path, client("run", "--name=agentrun--1", "x", ours=False), OURS)
    assert await court.hears("create") == Maker(task=None, how=seen.STRANGER_NAMED)


async def test_who_only_looks_into_it_has_not_made_it(tmp_path: Path) -> None:
    court = Court(tmp_path, client("exec", "-it", "agentrun--1", "sh", ours=False))
    assert await court.hears("exec_create: sh") is None
    court.there = [client("exec", "agentrun--1", "python", "agent.py", ours=True)]
    assert await court.hears("exec_create: python") == Maker(task=T, attempt=2, how=seen.BY_CLIENT)


async def test_one_attempt_alone_on_the_line_made_it(tmp_path: Path) -> None:
    court = Court(tmp_path, OURS, OURS)
    assert await court.hears("start") is None, "it was made before anybody looked"
    assert await court.hears("create") == Maker(task=T, attempt=2, how=seen.BY_LINE)


async def test_two_on_the_line_leave_it_open(tmp_path: Path) -> None:
    court = Court(tmp_path, OURS, Speaker(words=("x",), task=TaskId("g/u"), attempt=1))
    assert await court.hears("create") is None
    court.there = [OURS, OTHER]
    assert await court.hears("create") is None
    court.there = []
    assert await court.hears("create") is None


async def test_strangers_alone_on_the_line_made_it(tmp_path: Path) -> None:
    court = Court(tmp_path, OTHER)
    assert await court.hears("create") == Maker(task=None, how=seen.STRANGER)
    court.there = [OURS]
    assert await court.hears("create") == Maker(task=None, how=seen.STRANGER), "for good"


async def test_a_client_that_has_just_gone_is_remembered(tmp_path: Path) -> None:
    later = Court(tmp_path, client("run", "--name", "agentrun--1", "x", ours=True), OTHER)
    other = {"Action": "start", "Actor": {"ID": "cd" * 32, "Attributes": {"name": "another"}}}
    await later.witness.hear([other])
    later.there = [OTHER]
    assert await later.hears("create") == Maker(task=T, attempt=2, how=seen.BY_CLIENT)


async def test_a_compose_project_is_its_runner_s(tmp_path: Path) -> None:
    up = client("compose", "--project-name", "inspect-x-i1", "up", ours=True)
    court = Court(tmp_path, up, OTHER)
    project = {"com.docker.compose.project": "inspect-x-i1"}
    await court.hears("create", "inspect-x-i1-main-1", **project)
    assert court.witness.known().projects == {
        "inspect-x-i1": Maker(task=T, attempt=2, how=seen.BY_PROJECT)
    }


async def test_what_carries_a_label_needs_no_witness(tmp_path: Path) -> None:
    court = Court(tmp_path, OURS)
    assert await court.hears("create", **{BATCH_LABEL: "v"}) is None
    assert await court.hears("destroy") is None


async def test_what_other_batches_have_proof_for_is_known(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    Ledger(tmp_path / "other").keep({"9": Maker(task=T, attempt=1), "8": Maker(task=None)})
    one = EventWitness(Docker(), "u", tmp_path, others=lambda: [tmp_path / "other"])
    assert one.known().claimed == {"9"}
    one.keep({"7": Maker(task=T, attempt=1, how="x")})
    assert Ledger(tmp_path).makers["7"].how == "x"


async def test_a_kernel_that_tells_nothing_is_no_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_path: str, _uuid: str) -> list[Speaker]:
        raise OSError("no sock_diag")

    court = Court(tmp_path)
    court.witness = EventWitness(
        Docker(Place(url="unix:///nowhere", said_by="the test")), "u", tmp_path, present=fails
    )
    assert await court.hears("create") is None
    assert "cannot be seen" in caplog.text


async def test_an_engine_elsewhere_cannot_be_overheard(tmp_path: Path) -> None:
    far = EventWitness(Docker(Place(url="tcp://far:1", said_by="the test")), "u", tmp_path)
    event = {"Action": "create", "Actor": {"ID": "1", "Attributes": {"name": "x"}}}
    await far.hear([event])
    assert far.known().makers == {}


@pytest.fixture
def here() -> Iterator[Lab]:
    with lab() as one:
        yield one


@pytest.mark.docker
async def test_a_real_engine_is_overheard(here: Lab, tmp_path: Path) -> None:
    """What an attempt's own shell makes is told from what another makes at the same time."""
    witness = EventWitness(Docker(), "u", tmp_path)
    heard: list[int] = []
    running = asyncio.create_task(witness.run(lambda: heard.append(1)))
    await until(lambda: heard)
    mark = {"OVERNIGHT_BATCH_UUID": "u", "OVERNIGHT_TASK": T, "OVERNIGHT_ATTEMPT": "1"}

    def make(name: str, env: dict[str, str]) -> str:
        argv = ["docker", "run", "-d", "--network=none", "--name", here.name(name), IMAGE, "true"]
        env = {**os.environ, **env}
        return subprocess.run(
            argv, capture_output=True, text=True, check=True, env=env
        ).stdout.strip()

    mine = await asyncio.to_thread(make, "mine", mark)
    other = await asyncio.to_thread(make, "other", {})
    await until(lambda: {mine, other} <= witness.known().makers.keys())
    makers = witness.known().makers
    assert makers[mine] == Maker(task=T, attempt=1, how=seen.BY_CLIENT)
    assert makers[other].task is None
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
