"""Every byte of a container's log, and each once, however often it is asked for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from supervisor.adapters.docker.logs import LogCopy
from supervisor.ports import DaemonUnreachableError, NoSuchContainerError
from tests.fakes.daemon import Box, FakeDaemon, daemon

BODY = {"Cmd": ["forever"], "Labels": {}}


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[FakeDaemon]:
    async with daemon(tmp_path) as one:
        one.boxes["x"] = Box("x", "x", BODY, status="exited")
        yield one


async def copied(
    engine: FakeDaemon, path: Path, position: tuple[str, int] = ("0.000000000", 0)
) -> tuple[bytes, tuple[str, int]]:
    docker = engine.docker()
    copy = LogCopy(docker, path, "stdout", position, lambda: None)
    try:
        await copy.copy("x", follow=False)
    finally:
        await docker.close()
    return text_of(path), copy.position


def text_of(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


async def test_copies_one_stream(engine: FakeDaemon, tmp_path: Path) -> None:
    engine.write(engine.boxes["x"], "stdout", b"one\n")
    engine.write(engine.boxes["x"], "stderr", b"no\n")
    engine.write(engine.boxes["x"], "stdout", b"two")
    text, position = await copied(engine, tmp_path / "log")
    assert (text, position) == (b"one\ntwo", ("1000001.500000000", 4))


async def test_goes_on_where_it_was(engine: FakeDaemon, tmp_path: Path) -> None:
    box = engine.boxes["x"]
    engine.write(box, "stdout", b"one\n")
    _, position = await copied(engine, tmp_path / "log")
    box.log.append(("stdout", engine.now, b"of the same moment\n"))
    engine.write(box, "stdout", b"later\n")
    engine.asked.clear()
    text, position = await copied(engine, tmp_path / "log", position)
    assert text == b"one\nof the same moment\nlater\n"
    again, _ = await copied(engine, tmp_path / "log", position)
    assert again == text


@pytest.mark.parametrize("kept", [0, 3, 4, 11])
async def test_a_position_that_was_not_noted_costs_nothing(
    engine: FakeDaemon, tmp_path: Path, kept: int
) -> None:
    """The engine died between writing and noting, or a full disk cut a write short."""
    for text in (b"one\n", b"two\n", b"three\n"):
        engine.write(engine.boxes["x"], "stdout", text)
    (tmp_path / "log").write_bytes(b"one\ntwo\nthree\n"[:kept])
    assert (await copied(engine, tmp_path / "log"))[0] == b"one\ntwo\nthree\n"


async def test_a_file_that_is_shorter_than_noted_is_made_whole(
    engine: FakeDaemon, tmp_path: Path
) -> None:
    for text in (b"one\n", b"two\n"):
        engine.write(engine.boxes["x"], "stdout", text)
    _, position = await copied(engine, tmp_path / "log")
    (tmp_path / "log").write_bytes(b"on")
    assert (await copied(engine, tmp_path / "log", position))[0] == b"one\ntwo\n"


async def test_a_clock_that_goes_back_loses_nothing(engine: FakeDaemon, tmp_path: Path) -> None:
    box = engine.boxes["x"]
    engine.write(box, "stdout", b"one\n")
    box.log.append(("stdout", engine.now - 100, b"two\n"))
    _, position = await copied(engine, tmp_path / "log")
    assert position == ("0.000000000", 0)
    box.log.append(("stdout", engine.now - 99, b"three\n"))
    text, _ = await copied(engine, tmp_path / "log", position)
    assert text == b"one\ntwo\nthree\n"


async def test_no_container_and_no_engine_are_different(engine: FakeDaemon, tmp_path: Path) -> None:
    del engine.boxes["x"]
    with pytest.raises(NoSuchContainerError):
        await copied(engine, tmp_path / "log")
    engine.socket.rename(tmp_path / "moved.sock")
    with pytest.raises(DaemonUnreachableError):
        await copied(engine, tmp_path / "log")
