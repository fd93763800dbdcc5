"""Who is connected to a Unix socket, by what the kernel says."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from supervisor.adapters.containers import peers

SPEAKS = "import socket,sys; s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); print(1, flush=True); input()"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "engine.sock"))
        one.listen(8)
        yield one


def test_each_client_and_its_process(server: socket.socket) -> None:
    path = server.getsockname()
    assert peers.clients(path) == []
    with ExitStack() as stack:
        child = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-c", SPEAKS, path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        )
        assert child.stdout is not None
        child.stdout.readline()
        mine = stack.enter_context(socket.socket(socket.AF_UNIX))
        mine.connect(path)
        accepted = [stack.enter_context(server.accept()[0]) for _ in range(2)]
        found = peers.clients(path)
        assert len(found) == len(accepted)
        assert {one.uid for one in found} <= {os.geteuid(), None}
        holders = peers.holders([one.inode for one in found])
        assert set(holders.values()) == {os.getpid(), child.pid}
        child.kill()


def test_a_socket_may_be_named_through_a_link(server: socket.socket, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(server.getsockname())
    with socket.socket(socket.AF_UNIX) as mine:
        mine.connect(server.getsockname())
        with server.accept()[0]:
            assert len(peers.clients(str(link))) == 1


def test_nobody_holds_what_is_not_there() -> None:
    assert peers.holders([]) == {}
    assert peers.holders([4_000_000_000]) == {}
