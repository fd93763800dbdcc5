"""The socket itself: who may open it, what happens to stuck readers, vanished files, strangers."""

import asyncio
import os
import socket
import stat
from contextlib import aclosing
from pathlib import Path

import pytest

from supervisor.ipc.client import SocketEngine
from supervisor.ipc.server import serve
from supervisor.ports import SupervisorError
from tests.fakes.engine import FakeEngine, board_of, row
from tests.support import until


async def test_only_the_owner_may_open_it(tmp_path: Path) -> None:
    path = tmp_path / "run" / "s"
    async with serve(FakeEngine(), str(path)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not path.exists()


async def test_a_file_left_behind_is_replaced(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    old = socket.socket(socket.AF_UNIX)
    old.bind(path)
    old.close()
    async with serve(FakeEngine(), path):
        assert (await SocketEngine(path).snapshot()).head.batch == "night"


async def test_a_vanished_file_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "run" / "s"
    async with serve(FakeEngine(), str(path), look_every_s=0.01):
        path.unlink()
        path.parent.rmdir()
        await until(path.exists)
        assert (await SocketEngine(str(path)).snapshot()).head.batch == "night"


async def test_a_path_too_long_for_the_kernel_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SupervisorError, match="100 bytes"):
        async with serve(FakeEngine(), str(tmp_path / ("x" * 100))):
            pytest.fail("listens")


async def test_an_exception_of_the_body_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        async with serve(FakeEngine(), str(tmp_path / "s")):
            raise KeyError("mine")


async def test_a_stuck_reader_slows_nobody(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    engine = FakeEngine(board_of(*(row(f"g/{n}", cause="x" * 400) for n in range(2000))))
    async with serve(engine, path):
        _, stuck = await asyncio.open_unix_connection(path, limit=1024)
        stuck.write(b"GET /v1/changes HTTP/1.1\r\nHost: x\r\n\r\n")
        await until(lambda: engine.readers == 1)
        async with aclosing(SocketEngine(path).changes()) as changes:
            await anext(changes)
            for number in range(50):
                await engine.show(row("g/1", "running", attempt=number))
                change = await anext(changes)
                assert change.tasks[0].attempt == number
        stuck.close()
        await stuck.wait_closed()
        await until(lambda: engine.readers == 0)


async def test_open_streams_do_not_hold_up_the_end(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    async with asyncio.timeout(10):
        async with serve(FakeEngine(), path):
            reader, writer = await asyncio.open_unix_connection(path)
            writer.write(b"GET /v1/changes HTTP/1.1\r\nHost: x\r\n\r\n")
            assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
        await reader.read()
        writer.close()
        await writer.wait_closed()


async def test_the_mask_of_the_process_is_put_back(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        async with serve(FakeEngine(), str(tmp_path / "s")):
            assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
