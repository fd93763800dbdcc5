"""What an engine and its machine use."""

import os
import socket
from pathlib import Path

import pytest

from supervisor.adapters.containers import daemon
from supervisor.adapters.docker.client import Docker
from tests.containers import require_docker
from tests.support import until


def test_only_an_engine_is_one(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    assert daemon.daemon_pid(path) is None
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        assert daemon.daemon_pid(path) is None, "this test is no container engine"


async def test_cpu_of_a_process_and_of_the_machine() -> None:
    mine, all_ = daemon.cpu_s_of(os.getpid()), daemon.host_cpu_s()
    assert mine is not None
    assert all_ is not None

    def burnt() -> bool:
        sum(range(300_000))
        now, host = daemon.cpu_s_of(os.getpid()), daemon.host_cpu_s()
        return now is not None and host is not None and now > mine and host > all_

    await until(burnt)
    assert daemon.cpu_s_of(2**22 + 1) is None


@pytest.mark.docker
def test_the_engine_here_is_found_by_its_socket() -> None:
    require_docker()
    place = Docker().place.socket
    assert place is not None
    pid = daemon.daemon_pid(place)
    assert pid is not None
    assert daemon.cpu_s_of(pid) is not None
