"""Which attempts speak to the container engine."""

import os
import socket
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from supervisor.adapters.containers.clients import Speaker, attempt_of, only_looks, speakers
from tests.adapters.containers.test_peers import SPEAKS

MARK = {"OVERNIGHT_BATCH_UUID": "u", "OVERNIGHT_TASK": "g/t", "OVERNIGHT_ATTEMPT": "3"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "engine.sock"))
        one.listen(8)
        yield one


@contextmanager
def speaking(
    server: socket.socket, *argv: str, name: str = "python", env: dict[str, str] | None = None
) -> Generator[int, None, None]:
    """Let a process called ``name`` be connected; yield its pid."""
    child = subprocess.Popen(
        [name, "-c", SPEAKS, server.getsockname(), *argv],
        executable=sys.executable,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **(env or {})},
    )
    with child:
        assert child.stdout is not None
        child.stdout.readline()
        with server.accept()[0]:
            yield child.pid
            child.kill()


def test_an_attempt_is_known_by_its_mark(server: socket.socket) -> None:
    with speaking(server, env=MARK), speaking(server) as other:
        found = speakers(server.getsockname(), "u")
        assert {(one.task, one.attempt) for one in found} == {("g/t", 3), (None, 0)}
        assert {one.task for one in speakers(server.getsockname(), "another")} == {None}
        assert attempt_of(other, "u") == (None, 0)


def test_an_ancestor_may_carry_the_mark(server: socket.socket) -> None:
    script = f"env -i {sys.executable} -c '{SPEAKS}' {server.getsockname()}; true"
    child = subprocess.Popen(
        ["sh", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **MARK},
    )
    with child:
        assert child.stdout is not None
        child.stdout.readline()
        with server.accept()[0]:
            (one,) = speakers(server.getsockname(), "u")
            assert (one.task, one.attempt) == ("g/t", 3)
            assert child.stdin is not None
            child.stdin.write(b"\n")


@pytest.mark.parametrize(
    "words",
    [
        "docker events",
        "/usr/bin/docker logs -f agentrun--1",
        "docker --host=x ps",
        "docker container stats",
        "python -m supervisor.cli.engine /x",
        "python -P -m supervisor.cli.engine /x",
        "/usr/bin/python /usr/bin/overnight containers",
        "overnight containers",
    ],
)
def test_who_only_looks_makes_nothing(words: str) -> None:
    assert only_looks(words.split())


@pytest.mark.parametrize(
    "words",
    [
        "docker run -d --name logs img",
        "docker create img ps",
        "docker compose up",
        "docker exec agentrun--1 sh",
        "python hal.py stats",
        "",
    ],
)
def test_whoever_else_is_there_may_make_them(words: str) -> None:
    assert not only_looks(words.split())


def test_this_very_process_is_no_maker(server: socket.socket) -> None:
    with socket.socket(socket.AF_UNIX) as mine:
        mine.connect(server.getsockname())
        with server.accept()[0]:
            assert speakers(server.getsockname(), "u") == []


def test_only_docker_s_command_line_names_containers() -> None:
    run = Speaker(words=("docker", "run", "--name", "agentrun--1", "img"))
    assert run.names("agentrun--1")
    assert not run.names("agentrun--2", "agentrun")
    assert Speaker(words=("/usr/bin/docker", "run", "--name=x", "img")).names("x")
    assert not Speaker(words=("python", "x")).names("x")
    assert not Speaker().names("x")
