"""What a client says about engines that are gone, broken off or of another version."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest

from supervisor.core.board import Change, Head
from supervisor.core.codec import dumps
from supervisor.ipc.client import SocketEngine
from supervisor.ports import EngineGoneError, EngineTooNewError


@asynccontextmanager
async def _answering(path: Path, answer: bytes) -> AsyncGenerator[SocketEngine, None]:
    """Serve the same bytes to everybody and close the line."""

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_unix_server(respond, path):
        yield SocketEngine(str(path))


async def test_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(EngineGoneError, match="no engine answers"):
        await SocketEngine(str(tmp_path / "none")).snapshot()
    with pytest.raises(EngineGoneError) as error:
        await SocketEngine(str(tmp_path / "none"), lambda: "overnight run x").snapshot()
    assert error.value.cure == "overnight run x"


@pytest.mark.parametrize("version", [b"Overnight-Api: 2\r\n", b""])
async def test_another_version_says_the_way_out(tmp_path: Path, version: bytes) -> None:
    answer = b"HTTP/1.1 200 OK\r\n" + version + b"Content-Length: 2\r\n\r\n{}"
    async with _answering(tmp_path / "s", answer) as engine:
        with pytest.raises(EngineTooNewError, match="stop --leave-running, then overnight run"):
            await engine.snapshot()


async def test_a_line_that_breaks_is_no_end_in_good_order(tmp_path: Path) -> None:
    line = dumps(Change(seq=1, whole=True, head=Head(), tasks=()), Change).encode() + b"\n"
    answer = (
        b"HTTP/1.1 200 OK\r\nOvernight-Api: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
        + f"{len(line):x}\r\n".encode()
        + line
        + b"\r\n"
    )
    async with (
        _answering(tmp_path / "s", answer) as engine,
        aclosing(engine.changes()) as changes,
    ):
        assert (await anext(changes)).seq == 1
        with pytest.raises(EngineGoneError, match="closed the line"):
            await anext(changes)


async def test_lines_cut_across_chunks_are_joined(tmp_path: Path) -> None:
    line = dumps(Change(seq=5, whole=True, head=Head(), tasks=()), Change).encode() + b"\n"
    halves = (line[:20], line[20:] + line)
    body = b"".join(f"{len(one):x}\r\n".encode() + one + b"\r\n" for one in halves)
    head = b"HTTP/1.1 200 OK\r\nOvernight-Api: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with (
        _answering(tmp_path / "s", head + body + b"0\r\n\r\n") as engine,
        aclosing(engine.changes()) as changes,
    ):
        assert [change.seq async for change in changes] == [5, 5]


async def test_a_truncated_body_is_a_gone_engine(tmp_path: Path) -> None:
    answer = b"HTTP/1.1 200 OK\r\nOvernight-Api: 1\r\nContent-Length: 99\r\n\r\n{}"
    async with _answering(tmp_path / "s", answer) as engine:
        with pytest.raises(EngineGoneError):
            await engine.snapshot()
