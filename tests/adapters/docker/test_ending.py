"""Containers are ended in time, and what explains them is saved first."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import web

from supervisor.adapters.docker import ending
from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.ending import end
from supervisor.adapters.docker.place import Place
from supervisor.ports import DaemonUnreachableError
from tests.containers import Lab, docker, lab

DEAF = ("tail", "-f", "/dev/null")
HEARS = ("sh", "-c", "trap 'echo bye; exit 3' TERM; while :; do sleep 0.1; done")
CRASHED = (
    "sh",
    "-c",
    "echo 'Error code: 401 - expired token' > /workspace/error.log;"
    " echo out; echo err >&2; exec tail -f /dev/null",
)


@pytest.fixture
def own() -> Iterator[Lab]:
    with lab() as one:
        yield one


@pytest.fixture
async def engine() -> AsyncIterator[Docker]:
    client = Docker()
    yield client
    await client.close()


@pytest.mark.docker
async def test_what_explains_a_container_is_saved_before_it_ends(
    own: Lab, engine: Docker, tmp_path: Path
) -> None:
    id_ = own.run("crashed", *CRASHED, options=("-e", "SECRET_KEY=abc123", "-e", "MODE=full"))
    own.run("bystander", *DEAF)
    while not docker("logs", id_):
        pass
    [ended] = await end(engine, [id_], tmp_path)
    assert (ended.how, ended.trouble, ended.name) == ("stopped", "", own.name("crashed"))
    place = tmp_path / own.name("crashed")
    assert {path.name for path in ended.kept} == {"inspect.json", "output.log", "error.log"}
    assert (place / "inside" / "error.log").read_text() == "Error code: 401 - expired token\n"
    assert sorted((place / "output.log").read_text().split()) == ["err", "out"]
    told = json.loads((place / "inspect.json").read_text())
    assert told["Id"] == id_
    assert "abc123" not in (place / "inspect.json").read_text()
    assert any(one.startswith("SECRET_KEY=") for one in told["Config"]["Env"])
    assert (place / "inside" / "error.log").stat().st_mode & 0o777 == 0o600
    assert own.left() == ["bystander"]


@pytest.mark.docker
async def test_all_end_at_once_whatever_their_state(
    own: Lab, engine: Docker, tmp_path: Path
) -> None:
    ids = [own.run(f"deaf{n}", *DEAF) for n in range(6)]
    hears = own.run("hears", *HEARS)
    paused = own.run("paused", *DEAF)
    docker("pause", paused)
    exited = own.run("exited", "true")
    created = own.create("created", "true", options=("-v", "/data"))
    itself = own.run("itself", *DEAF, options=("--rm",))
    began = time.monotonic()
    ended = await end(engine, [*ids, hears, paused, exited, created, itself, "f" * 64], tmp_path)
    assert time.monotonic() - began < 15
    assert {one.how for one in ended[:-1]} == {"stopped"}
    assert ended[-1].how == "gone"
    assert own.left() == []
    # It was asked, and said so.
    assert "bye" not in (tmp_path / own.name("hears") / "output.log").read_text()
    assert not docker("volume", "ls", "-q", "--filter", "dangling=true", "--filter", "name=f")


@pytest.mark.docker
async def test_a_container_that_refuses_is_waited_for_no_longer_than_agreed(
    own: Lab, engine: Docker, tmp_path: Path
) -> None:
    slow = own.run("slow", "sh", "-c", "trap 'sleep 60' TERM; while :; do sleep 0.1; done")
    began = time.monotonic()
    [ended] = await end(engine, [slow], tmp_path)
    assert 9 < time.monotonic() - began < 16
    assert ended.ok
    assert own.left() == []


@pytest.mark.docker
async def test_a_long_error_file_is_kept_from_its_end(
    own: Lab, engine: Docker, tmp_path: Path
) -> None:
    script = "yes noise | head -c 9000000 > /workspace/error.log; echo LAST >> /workspace/error.log"
    id_ = own.run("long", "sh", "-c", f"{script}; echo ready; exec tail -f /dev/null")
    while not docker("logs", id_):
        pass
    [ended] = await end(engine, [id_], tmp_path)
    kept = (tmp_path / own.name("long") / "inside" / "error.log").read_bytes()
    assert ended.trouble == ""
    assert kept.endswith(b"LAST\n")
    assert len(kept) <= 4 << 20


@pytest.mark.docker
async def test_what_is_no_file_is_said_and_keeps_nobody(
    own: Lab, engine: Docker, tmp_path: Path
) -> None:
    id_ = own.run("folder", "sh", "-c", "mkdir -p /workspace/error.log; exec tail -f /dev/null")
    while not docker("exec", id_, "ls", "/workspace"):
        pass
    [ended] = await end(engine, [id_], tmp_path)
    assert ended.ok
    assert ended.trouble == "not saved: error.log: it is no file that can be read"


async def test_nothing_is_done_where_nobody_answers(tmp_path: Path) -> None:
    nobody = Docker(Place(url=f"unix://{tmp_path}/none.sock", said_by="the test"))
    with pytest.raises(DaemonUnreachableError):
        await end(nobody, ["a" * 64], tmp_path)
    await nobody.close()
    assert not (tmp_path / ("a" * 12)).exists()


class Stubborn:
    """An engine whose container does not do what it is told, or only some of it."""

    def __init__(self, *, hangs: frozenset[str]) -> None:
        self.hangs = hangs
        self.gone = False
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        step = request.path.rpartition("/")[2] if request.method != "DELETE" else "remove"
        if step in {"version", "_ping"}:
            return web.json_response({"ApiVersion": "1.41"})
        if step == "json":
            told = {"Id": "x", "Name": "/wedged", "Config": {}, "State": {}}
            return web.Response(status=404) if self.gone else web.json_response(told)
        if step in {"stop", "kill", "remove"}:
            self.asked.append(step)
            if step in self.hangs:
                await asyncio.sleep(30)
            self.gone = step == "remove"
        return web.Response(status=204 if step in {"stop", "kill", "remove"} else 404)


@pytest.mark.parametrize(
    ("hangs", "how", "steps"),
    [
        ("", "stopped", ["stop", "remove"]),
        ("stop", "killed", ["stop", "kill", "remove"]),
        ("stop kill", "removed", ["stop", "kill", "remove"]),
        ("stop kill remove", "unkillable", ["stop", "kill", "remove"]),
    ],
)
async def test_each_step_has_its_own_limit(
    hangs: str, how: str, steps: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in hangs.split():  # what does not hang may take its time on a loaded machine
        monkeypatch.setattr(ending, f"{step.upper()}_S", 0.2)
    stubborn = Stubborn(hangs=frozenset(hangs.split()))
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", stubborn.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.UnixSite(runner, str(tmp_path / "engine.sock")).start()
    client = Docker(Place(url=f"unix://{tmp_path}/engine.sock", said_by="the test"))
    [ended] = await end(client, ["x"], tmp_path / "keep")
    await client.close()
    await runner.cleanup()
    assert (ended.how, ended.name, stubborn.asked) == (how, "wedged", steps)
    assert ended.ok is (how != "unkillable")
    assert all(f"{step}: " in ended.trouble for step in hangs.split())
