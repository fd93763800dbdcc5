"""A process that somebody else started."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from supervisor.adapters.local.procfs import start_of
from supervisor.adapters.outside import GoneError, Outside
from tests.support import until


@pytest.fixture
def child() -> Iterator["subprocess.Popen[bytes]"]:
    one = subprocess.Popen(["sh", "-c", "read line; exit 7"], stdin=subprocess.PIPE)
    yield one
    one.kill()
    one.communicate()


def outside(child: "subprocess.Popen[bytes]", *logs: Path) -> Outside:
    return Outside(child.pid, start_of(child.pid), logs)


def _has(heard: bytearray, text: bytes) -> bool:
    return text in heard


async def followed(
    child: "subprocess.Popen[bytes]", one: Outside, *steps: "tuple[Path, str, str]"
) -> bytes:
    """Do the steps (write ``text`` to a file, ``w`` anew or ``a`` more) while it is read; then end it."""
    heard = bytearray()

    def read() -> None:
        for piece in one.output():
            heard.extend(piece)

    reading = asyncio.create_task(asyncio.to_thread(read))
    for path, mode, text in steps:
        with path.open(mode) as file:
            file.write(text)
        await until(partial(_has, heard, text.encode()))
    assert child.stdin is not None
    child.stdin.write(b"\n")
    child.stdin.flush()
    await asyncio.to_thread(child.wait)
    await reading
    return bytes(heard)


async def test_its_logs_are_read_from_now_on(
    child: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    log = tmp_path / "run.log"
    log.write_text("long ago\n")
    with closing(outside(child, log)) as one:
        said = await followed(child, one, (log, "a", "step 1\n"), (log, "a", "step 2\n"))
    assert said == b"step 1\nstep 2\n"


async def test_a_log_may_come_later_be_cut_or_replaced(
    child: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    log, other = tmp_path / "run.log", tmp_path / "run.log.new"
    with closing(outside(child, log)) as one:
        steps = ((log, "w", "a first long line\n"), (log, "w", "cut\n"))
        said = await followed(child, one, *steps)
        other.write_text("replaced\n")
        other.replace(log)
        assert said == b"a first long line\ncut\n"
        assert b"".join(one.output()) == b"replaced\n"


async def test_how_it_ended_where_the_kernel_tells(child: "subprocess.Popen[bytes]") -> None:
    with closing(outside(child)) as one:
        assert await followed(child, one) == b""
        assert one.exit_code() in {7, None}


def test_killed_by_a_signal(child: "subprocess.Popen[bytes]") -> None:
    with closing(outside(child)) as one:
        child.kill()
        child.wait()
        assert list(one.output()) == []
        assert one.exit_code() in {137, None}


def test_one_that_is_gone_or_another_by_now(child: "subprocess.Popen[bytes]") -> None:
    with pytest.raises(GoneError, match="another one by now"):
        Outside(child.pid, 1, ())
    with pytest.raises(GoneError, match="there is no process"):
        Outside(2**22 + 1, 1, ())


def test_letting_go_leaves_it_alone(child: "subprocess.Popen[bytes]") -> None:
    outside(child).close()
    assert child.poll() is None
