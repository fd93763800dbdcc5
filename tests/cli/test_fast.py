"""HTTP over a bare socket."""

import asyncio
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from supervisor.cli import fast
from supervisor.cli.words import CommandError
from supervisor.core.board import API
from tests.cli.conftest import Night


@contextmanager
def answering(path: Path, answer: bytes) -> Generator[str]:
    """Answer one request with ``answer`` and close."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()

    def respond() -> None:
        line, _ = server.accept()
        with line:
            line.recv(65536)
            line.sendall(answer)

    thread = threading.Thread(target=respond)
    thread.start()
    try:
        yield str(path)
    finally:
        thread.join()
        server.close()


def test_the_version_is_that_of_the_core() -> None:
    assert fast.API == API


async def test_it_asks_and_posts(night: Night) -> None:
    night.engine.reasons["g/ä b"] = ("because",)
    body = await asyncio.to_thread(fast.get, night.info.socket, "/v1/why", task="g/ä b")
    assert b"because" in body
    with pytest.raises(CommandError, match="no task g/x"):
        await asyncio.to_thread(fast.get, night.info.socket, "/v1/why", task="g/x")
    with pytest.raises(CommandError, match="no intent"):
        await asyncio.to_thread(fast.post, night.info.socket, "/v1/intents", b"{}")


def test_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(fast.EngineGoneError, match="no engine answers"):
        fast.get(str(tmp_path / "none"), "/v1/status")


def test_a_stuck_engine_is_told_from_a_gone_one(tmp_path: Path) -> None:
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "s"))
    server.listen()
    with server, pytest.raises(CommandError, match=r"not answered for 0\.05 s") as raised:
        fast.get(str(tmp_path / "s"), "/v1/status", 0.05)
    assert not isinstance(raised.value, fast.EngineGoneError)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b"HTTP/1.0 200 OK\r\nOvernight-Api: 9\r\n\r\n{}", "stop --leave-running, then"),
        (b"HTTP/1.0 200 OK\r\n\r\n{}", "version unknown"),
        (b"HTTP/1.0 200 OK\r\nOvernight-Api: 1\r\nContent-Length: 9\r\n\r\n{}", "closed the line"),
        (b"HTTP/1.0 500 Oh\r\nOvernight-Api: 1\r\n\r\n", "answered 500"),
        (b"", "closed the line"),
    ],
)
def test_bad_answers_are_named(tmp_path: Path, answer: bytes, message: str) -> None:
    with answering(tmp_path / "s", answer) as path, pytest.raises(CommandError, match=message):
        fast.get(path, "/v1/status")
