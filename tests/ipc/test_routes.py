"""What each route answers, to any HTTP client."""

import asyncio
import json
from pathlib import Path

import pytest

from supervisor.ipc.server import serve
from tests.fakes.engine import FakeEngine, row
from tests.support import until


async def _raw(path: str, message: bytes) -> bytes:
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(message)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_status_is_a_plain_document(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    async with serve(FakeEngine(), path):
        answer = await _raw(path, b"GET /v1/status HTTP/1.0\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Overnight-Api: 1" in head
    assert json.loads(body)["v"] == 1


async def test_wait_answers_when_the_batch_is_over(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    engine = FakeEngine()
    async with serve(engine, path), asyncio.TaskGroup() as group:
        answer = group.create_task(_raw(path, b"GET /v1/wait HTTP/1.0\r\n\r\n"))
        await until(lambda: engine.readers)
        await engine.show(row("g/a", "running"))
        assert not answer.done()
        await engine.show(row("g/a", "succeeded"), state="done")
        assert json.loads((await answer).partition(b"\r\n\r\n")[2])["state"] == "done"


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (b"GET /v1/why HTTP/1.0\r\n\r\n", b"400"),
        (b"GET /v1/log?task=a&offset=x&size=1 HTTP/1.0\r\n\r\n", b"400"),
        (b"GET /nothing HTTP/1.0\r\n\r\n", b"404"),
        (b"POST /v1/intents HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}", b"400"),
        (
            b"POST /v1/intents HTTP/1.0\r\nContent-Length: 39\r\n\r\n"
            b'{"intent": {"kind": "Nope"}, "who": ""}',
            b"400",
        ),
    ],
)
async def test_wrong_requests_are_told_so(tmp_path: Path, message: bytes, status: bytes) -> None:
    path = str(tmp_path / "s")
    engine = FakeEngine()
    async with serve(engine, path):
        assert (await _raw(path, message)).split(b" ")[1] == status
    assert not engine.wanted
