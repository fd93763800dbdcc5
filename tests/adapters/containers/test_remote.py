"""What the engine itself says of a container, where the kernel's files are out of reach."""

from collections.abc import AsyncGenerator, Iterator
from typing import Any

import pytest

from supervisor.adapters.containers import remote
from supervisor.adapters.docker.client import Docker
from supervisor.core.containers import Container, Sentinels
from tests.containers import Lab, docker, lab

# Fields: Docker Engine API v1.41, ContainerStats; the figures are made up. v1 beside v2.
V1: dict[str, Any] = {
    "read": "2026-11-22T05:24:59Z",
    "pids_stats": {"current": 3},
    "blkio_stats": {
        "io_service_bytes_recursive": [
            {"major": 8, "minor": 0, "op": "Read", "value": 4096},
            {"major": 8, "minor": 0, "op": "Write", "value": 8192},
            {"major": 8, "minor": 0, "op": "Total", "value": 12288},
        ]
    },
    "cpu_stats": {
        "cpu_usage": {"total_usage": 2_500_000_000},
        "throttling_data": {"throttled_time": 750_000_000},
    },
    "memory_stats": {"usage": 52428800, "stats": {"total_inactive_file": 10485760}},
    "networks": {
        "eth0": {"rx_bytes": 1000, "tx_bytes": 500},
        "eth1": {"rx_bytes": 30, "tx_bytes": 20},
    },
}
V2: dict[str, Any] = V1 | {
    "memory_stats": {"usage": 104857600, "stats": {"inactive_file": 52428800}},
    "blkio_stats": {"io_service_bytes_recursive": [{"op": "read", "value": 7}]},
}


def test_counters_of_both_versions() -> None:
    one = remote.counted(V1, 5.0)
    assert one is not None
    assert (one.cpu_s, one.mem_bytes, one.pids, one.throttled_s) == (2.5, 40 << 20, 3, 0.75)
    assert (one.net_bytes, one.sent_bytes, one.block_bytes) == (1550, 520, 12288)
    two = remote.counted(V2, 5.0)
    assert two is not None
    assert (two.mem_bytes, two.block_bytes) == (50 << 20, 7)


def test_what_is_not_counted_is_unknown() -> None:
    bare = {"read": "2026-11-22T05:24:59Z", "cpu_stats": {"cpu_usage": {"total_usage": 1}}}
    one = remote.counted(bare, 5.0)
    assert one is not None
    assert (one.mem_bytes, one.net_bytes, one.block_bytes, one.pids) == (None, None, None, None)
    assert remote.counted({"read": "0001-01-01T00:00:00Z", "cpu_stats": {}}, 5.0) is None


@pytest.fixture
def here() -> Iterator[Lab]:
    with lab() as one:
        yield one


@pytest.fixture
async def engine() -> AsyncGenerator[Docker, None]:
    one = Docker()
    yield one
    await one.close()


def facts(id_: str, *command: str) -> Container:
    return Container(
        id=id_, name="x", image="i", created_at=0, status="running", pid=1, command=command
    )


@pytest.mark.docker
async def test_a_real_engine_answers(here: Lab, engine: Docker) -> None:
    id_ = here.run("one", "tail", "-f", "/dev/null")
    one = facts(id_, "tail", "-f", "/dev/null")
    used = await remote.usage(engine, id_, 5.0)
    assert used is not None
    assert used.at == 5.0
    assert used.pids == 1
    alone = await remote.life(engine, one, used.pids)
    assert (alone.extra, alone.sleeper) == (0, True)
    docker("exec", "-d", id_, "sh", "-c", "sleep 60; true")
    both = await remote.life(engine, one, None)
    assert (both.extra, both.sleeper) == (1, True)


@pytest.mark.docker
async def test_files_are_asked_for_one_by_one(here: Lab, engine: Docker) -> None:
    id_ = here.run("one", "tail", "-f", "/dev/null")
    script = (
        "echo 401 > /workspace/error.log; touch -d '2026-02-02 02:40:00' /workspace/error.log;"
        """ echo '{"capsule-1": {}}' > /workspace/input.json; ln -s error.log /workspace/link"""
    )
    docker("exec", id_, "sh", "-c", script)
    wanted = Sentinels(
        workspace="/workspace",
        error_files=("/workspace/none", "/workspace/error.log"),
        output_files=("/workspace/output.json",),
        id_file="/workspace/input.json",
    )
    found = await remote.files(engine, facts(id_), wanted)
    assert (found.error_file, found.error_at) == ("/workspace/error.log", 1_770_000_000.0)
    assert (found.output_file, found.items) == (None, ("capsule-1",))
    assert found.written_at is not None
    assert found.written_at > 1_770_000_000.0


@pytest.mark.docker
async def test_one_that_is_gone_tells_nothing(here: Lab, engine: Docker) -> None:
    gone = here.create("one", "true")
    docker("rm", gone)
    assert await remote.usage(engine, gone, 5.0) is None
    assert (await remote.life(engine, facts(gone, "sleep", "1"), 2)).extra is None
    found = await remote.files(engine, facts(gone), Sentinels(workspace="/w", id_file="/i"))
    assert (found.written_at, found.items) == (None, ())
