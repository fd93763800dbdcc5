"""What is saved of a container: masked where it is shown, bounded, and never at others' cost."""

import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest
from aiohttp import web

from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.keeping import describe, masked, output, save
from supervisor.adapters.docker.place import Place
from supervisor.ports import DaemonUnreachableError

TOLD = {
    "Id": "x",
    "Name": "/agent/one",
    "Config": {"Env": ["OPENAI_API_KEY=sk-abcdefghij0123456789", "EMPTY=", "BARE"], "Tty": False},
    "Args": ["--token", "s3cretvalue"],
}


def test_an_inspection_shows_names_of_variables_but_no_value() -> None:
    told = json.loads(masked(TOLD))
    assert told["Config"]["Env"] == [
        "OPENAI_API_KEY=[redacted]",
        "EMPTY=[redacted]",
        "BARE=[redacted]",
    ]
    assert "s3cret" not in masked({"Cmd": "run --token s3cretvalue", "Config": None})


def packed(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def frame(stream: int, data: bytes) -> bytes:
    return bytes([stream, 0, 0, 0]) + len(data).to_bytes(4, "big") + data


BOMB = gzip.compress(packed("bomb", bytes(10 << 20)), 1)


@pytest.fixture
async def engine(tmp_path: Path):  # type: ignore[no-untyped-def]
    """An engine that packs what it sends, as Docker does for who can unpack it."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/json"):
            return web.json_response(TOLD)
        if request.path == "/version":
            return web.json_response({"ApiVersion": "1.41"})
        if request.path.endswith("/logs"):
            return web.Response(body=frame(1, b"out\n") + frame(2, b"err\n") + b"\1\0\0")
        match request.query["path"]:
            case "/workspace/error.log":
                data = gzip.compress(packed("error.log", b"Error code: 401\n"))
                return web.Response(body=data)
            case "/bomb":
                return web.Response(body=BOMB)
            case "/cut":
                return web.Response(body=packed("cut", b"x" * 100_000)[:60_000])
            case _:
                return web.json_response({"message": "no such file"}, status=404)

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.UnixSite(runner, str(tmp_path / "engine.sock")).start()
    client = Docker(Place(url=f"unix://{tmp_path}/engine.sock", said_by="the test"))
    yield client
    await client.close()
    await runner.cleanup()


async def test_files_are_unpacked_and_bounded(engine: Docker, tmp_path: Path) -> None:
    files = ("/workspace/error.log", "/bomb", "/cut", "/missing")
    kept, trouble = await save(engine, "x", TOLD, tmp_path / "keep", files)
    place = tmp_path / "keep" / "agent%2Fone"
    assert trouble == ""
    assert [path.name for path in kept] == [
        "error.log",
        "bomb",
        "cut",
        "output.log",
        "inspect.json",
    ]
    assert (place / "inside" / "error.log").read_text() == "Error code: 401\n"
    assert (place / "output.log").read_text() == "out\nerr\n"
    assert (place / "inside" / "bomb").stat().st_size == 4 << 20
    assert 40_000 < (place / "inside" / "cut").stat().st_size < 60_000


async def test_a_link_is_never_written_through(engine: Docker, tmp_path: Path) -> None:
    place = tmp_path / "keep" / "agent%2Fone"
    (place / "inside").mkdir(parents=True)
    (place / "inside" / "error.log").symlink_to(tmp_path / "precious")
    kept, trouble = await save(engine, "x", TOLD, tmp_path / "keep")
    assert "error.log: " in trouble
    assert len(kept) == 2
    assert not (tmp_path / "precious").exists()


async def test_the_output_of_a_terminal_has_no_frames(engine: Docker) -> None:
    assert (await output(engine, "x", lines=5, tty=True)).startswith(b"\1\0\0\0")
    assert await output(engine, "x", lines=5, tty=False) == b"out\nerr\n"


async def test_an_engine_that_is_not_there_keeps_nothing(tmp_path: Path) -> None:
    nobody = Docker(Place(url=f"unix://{tmp_path}/none.sock", said_by="the test"))
    with pytest.raises(DaemonUnreachableError):
        await output(nobody, "x", lines=5, tty=False)
    kept, trouble = await save(nobody, "x", TOLD, tmp_path / "keep")
    await nobody.close()
    assert [path.name for path in kept] == ["inspect.json"]
    assert "output.log: cannot reach" in trouble


async def test_one_is_described_with_its_error_file(engine: Docker) -> None:
    told = await describe(engine, "x", 5, ("/workspace/error.log", "/missing"))
    assert told.output == "out\nerr\n\n--- /workspace/error.log\nError code: 401"
    assert "[redacted]" in told.inspection
