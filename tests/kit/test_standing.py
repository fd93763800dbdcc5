"""The engine is asked where it is, and not waited for where it is not."""

import json
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from supervisor.kit.standing import Engine, Standing

HELD = {
    "task": "g/a b",
    "holds": True,
    "until": 9.0,
    "limit": "api",
    "reason": "resets 4pm",
    "needs_you": False,
    "released_at": 5.5,
}


@contextmanager
def answering(place: Path, body: bytes, status: bytes = b"200 OK") -> Generator[list[bytes]]:
    """Listen at ``place`` and answer one request."""
    asked: list[bytes] = []

    def serve() -> None:
        line, _ = server.accept()
        with line:
            asked.append(line.recv(65536))
            line.sendall(b"HTTP/1.1 " + status + b"\r\nX: y\r\n\r\n" + body)

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place))
        server.listen()
        thread = threading.Thread(target=serve)
        thread.start()
        yield asked
        thread.join()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    (tmp_path / "engine.json").write_text(json.dumps({"socket": str(tmp_path / "s")}))
    return tmp_path


def engine(state: Path) -> Engine:
    marks = state / "tasks" / "g" / "a%20b" / "attempt-1" / "marks"
    return Engine({"OVERNIGHT_MARKS": str(marks), "OVERNIGHT_TASK": "g/a b"})


def test_the_engine_says_how_the_limits_stand(state: Path) -> None:
    with answering(state / "s", json.dumps(HELD).encode()) as asked:
        assert engine(state).standing() == Standing(
            holds=True, until=9.0, limit="api", reason="resets 4pm", released_at=5.5
        )
    assert asked[0].startswith(b"GET /v1/standing?task=g%2Fa%20b HTTP/1.0\r\n")


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b"null", b'{"holds": 1, "until": "x"}'])
def test_an_answer_that_nobody_understands_is_none(state: Path, body: bytes) -> None:
    with answering(state / "s", body):
        assert engine(state).standing() is None


def test_a_refusal_is_no_answer(state: Path) -> None:
    with answering(state / "s", json.dumps(HELD).encode(), b"404 Not Found"):
        assert engine(state).standing() is None


def test_without_an_engine_there_is_no_answer(state: Path, tmp_path: Path) -> None:
    assert engine(state).standing() is None
    (state / "engine.json").unlink()
    assert engine(state).standing() is None
    assert Engine({}).standing() is None
    assert Engine({"OVERNIGHT_MARKS": "/m"}).standing() is None
