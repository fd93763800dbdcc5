"""The client against a made-up engine: what is an answer, what is a refusal, what is silence."""

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from aiohttp import web

from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.place import Place
from supervisor.ports import DaemonRefusedError, DaemonUnreachableError, NoSuchContainerError


async def version(request: web.Request) -> web.Response:
    return web.json_response({"ApiVersion": "1.41"})


async def echo(request: web.Request) -> web.Response:
    return web.json_response({"query": dict(request.query), "body": await request.json()})


async def gone(request: web.Request) -> web.Response:
    return web.json_response({"message": "No such\ncontainer: x"}, status=404)


async def no(request: web.Request) -> web.Response:
    return web.Response(text="all address pools are used", status=500)


async def silent(request: web.Request) -> web.Response:
    await asyncio.sleep(60)
    raise AssertionError


async def cut(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    await answer.write(b"begin")
    assert request.transport is not None
    request.transport.abort()
    return answer


async def lines(request: web.Request) -> web.Response:
    return web.Response(body=b"one\ntwo\n")


async def ok(request: web.Request) -> web.Response:
    return web.Response(status=204)


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncGenerator[Docker, None]:
    app = web.Application()
    app.router.add_get("/version", version)
    app.router.add_post("/v1.41/echo", echo)
    app.router.add_get("/v1.41/gone", gone)
    app.router.add_get("/v1.41/no", no)
    app.router.add_get("/v1.41/silent", silent)
    app.router.add_get("/v1.41/cut", cut)
    app.router.add_get("/v1.41/lines", lines)
    app.router.add_delete("/v1.41/thing", ok)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    socket = tmp_path / "docker.sock"
    await web.UnixSite(runner, str(socket)).start()
    docker = Docker(Place(url=f"unix://{socket}", said_by="the test"), limit_s=5)
    yield docker
    await docker.close()
    await runner.cleanup()


async def test_speaks_the_engines_own_version(engine: Docker) -> None:
    params = {"all": True, "tail": 5, "filters": {"label": ["a=b"]}}
    said = await engine.post("echo", params, {"Image": "x"})
    assert said["body"] == {"Image": "x"}
    assert json.loads(said["query"].pop("filters")) == {"label": ["a=b"]}
    assert said["query"] == {"all": "1", "tail": "5"}
    await engine.delete("thing")


async def test_tells_no_such_thing_from_other_refusals(engine: Docker) -> None:
    with pytest.raises(NoSuchContainerError, match="No such container: x"):
        await engine.get("gone")
    with pytest.raises(DaemonRefusedError, match="all address pools are used") as refusal:
        await engine.get("no")
    assert refusal.value.status == 500
    assert not isinstance(refusal.value, NoSuchContainerError)


async def test_silence_is_neither_answer_nor_refusal(engine: Docker) -> None:
    with pytest.raises(DaemonUnreachableError, match=r"the test.*did not answer within 0.05 s"):
        await engine.get("silent", limit_s=0.05)
    assert (await engine.post("echo", {}, {}))["body"] == {}


async def test_a_cut_line_is_unreachable(engine: Docker) -> None:
    with pytest.raises(DaemonUnreachableError):
        await engine.get("cut")
    with pytest.raises(DaemonUnreachableError):
        await everything(engine, "cut")


async def everything(engine: Docker, path: str) -> bytes:
    async with engine.stream("GET", path) as body:
        return await body.read()


async def test_streams_and_refuses_a_stream(engine: Docker) -> None:
    assert await everything(engine, "lines") == b"one\ntwo\n"
    with pytest.raises(NoSuchContainerError):
        await everything(engine, "gone")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("unix:///no/such.sock", "does it run"),
        ("tcp://127.0.0.1:1", "tcp://127.0.0.1:1"),
        ("carrier://pigeon", "not a unix://"),
    ],
)
async def test_says_where_nobody_is(url: str, words: str) -> None:
    docker = Docker(Place(url=url, said_by="the test"))
    with pytest.raises(DaemonUnreachableError, match=words):
        await docker.get("info")
    await docker.close()
