"""A process that answers as inspect does, over its socket; and those that do not."""

import asyncio
import json
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from supervisor.adapters.results.inspect_control import ask
from supervisor.ports import Said

PID = 4242
TASK = {
    "model": "openai/gpt",
    "log_location": "file:///logs/a.eval",
    "samples": {"total": 6, "completed": 2, "errored": 1, "cancelled": 0, "in_flight": 3},
    "total_tokens": 100,
    "total_messages": 7,
    "http_retries": 72,
}


@pytest.fixture
def data(own_home: Path) -> Path:
    data = own_home / ".local/share/inspect_ai"
    (data / "control").mkdir(parents=True)
    (data / "traces").mkdir()
    return data


@asynccontextmanager
async def process(data: Path, body: str, status: str = "200 OK") -> AsyncGenerator[None]:
    """Answer every request with ``body``."""
    socket = data / f"control/{PID}.sock"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status}\r\nx: y\r\n\r\n{body}".encode())
        writer.close()

    facts = {"pid": PID, "socket_path": str(socket), "api_version": 8}
    (data / f"control/{PID}.json").write_text(json.dumps(facts))
    async with await asyncio.start_unix_server(answer, socket):
        yield


def traced(data: Path, *messages: str) -> None:
    lines = [json.dumps({"level": "HTTP", "message": message}) for message in messages]
    noise = json.dumps({"level": "TRACE", "message": 'an agent says "HTTP" -> x retry 1 [Made up]'})
    text = "\n".join(['half a line "HTTP"}', *lines, noise, ""])
    (data / f"traces/trace-{PID}.log").write_text(text)


async def test_a_running_eval_says_what_it_does(data: Path) -> None:
    async with process(data, json.dumps([TASK, {**TASK, "samples": {}, "http_retries": 0}])):
        said = await ask((1, os.getpid(), PID))
    assert said == Said(
        done=2,
        total=6,
        work=217,
        retries=72,
        words="inspect runs 3 samples of openai/gpt, 72 HTTP retries",
        paths=(Path("/logs/a.eval"), Path("/logs/a.eval")),
    )


async def test_the_last_reason_to_try_again_comes_from_the_trace(data: Path) -> None:
    traced(
        data,
        "[a t/1/1 openai/gpt] -> gpt retry 1 (retrying in 3 seconds) [APIConnectionError]",
        "[b t/2/1 openai/gpt] -> gpt retry 4 (retrying in 50 seconds) [InternalServerError 503 ] []",
        "something else",
    )
    async with process(data, json.dumps([TASK])):
        said = await ask((PID,))
    assert said is not None
    assert said.words.endswith("72 HTTP retries, the last for InternalServerError 503")


@pytest.mark.parametrize(
    ("body", "status"),
    [("[]", "200 OK"), ("{", "200 OK"), (json.dumps([TASK]), "404 Not Found"), ("7", "200 OK")],
)
async def test_an_answer_that_says_nothing_is_none(data: Path, body: str, status: str) -> None:
    async with process(data, body, status):
        assert await ask((PID,)) is None


async def test_odd_values_do_no_harm(data: Path) -> None:
    odd = {"model": 7, "log_location": None, "samples": [], "http_retries": "x"}
    async with process(data, json.dumps([odd, "x"])):
        assert await ask((PID,)) == Said(done=0, words="inspect runs 0 samples")


async def test_who_has_no_socket_or_does_not_answer_says_nothing(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await ask(()) is None
    assert await ask((PID,)) is None
    (data / f"control/{PID}.json").write_text('{"socket_path": 3}')
    assert await ask((PID,)) is None
    (data / f"control/{PID}.json").write_text(json.dumps({"socket_path": str(data / "none")}))
    assert await ask((PID,)) is None
    monkeypatch.setattr("supervisor.adapters.results.inspect_control._PATIENCE_S", 0.05)
    silent = data / "silent.sock"
    (data / f"control/{PID}.json").write_text(json.dumps({"socket_path": str(silent)}))
    gone = asyncio.Event()

    async def say_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gone.wait()
        writer.close()

    async with await asyncio.start_unix_server(say_nothing, silent):
        assert await ask((PID,)) is None
        gone.set()


async def test_the_place_follows_the_user_s_own(
    data: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Below the short home of a test: a socket's path has at most 107 bytes.
    place = own_home / "own"
    place.mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(place))
    data.rename(place / "inspect_ai")  # noqa: ASYNC240 - before anything runs
    async with process(place / "inspect_ai", json.dumps([TASK])):
        assert await ask((PID,)) is not None
