from pathlib import Path

import pytest

from supervisor.ports import NoSuchTaskError
from supervisor.tui.log_copy import LogCopy, save
from supervisor.tui.log_reader import Source
from tests.fakes.engine import FakeEngine

LINES = [b"line %06d" % number for number in range(200_000)]
DATA = b"\n".join(LINES) + b"\n"


def copying(data: bytes, stream: str = "stdout") -> LogCopy:
    fake = FakeEngine()
    fake.logs["g/a", 1, "stdout"] = data
    return LogCopy(fake, Source("g/a", 1, stream))  # type: ignore[arg-type]


async def whole(copy: LogCopy, first: int = 0, here: int = 0, most: int | None = None) -> bytes:
    return b"".join([piece async for piece in copy.pieces(first, here, most)])


async def test_all_of_a_log_is_copied_without_what_steers_terminals() -> None:
    assert await whole(copying(DATA)) == DATA
    assert await whole(copying(b"")) == b""
    hostile = b"\x1b[31mred\x1b[0m\x1b]52;c;aGk=\x07\n 10%\r 20%\nend"
    assert await whole(copying(hostile)) == b"red\n 20%\nend\n"


async def test_a_part_begins_and_is_counted_in_whole_lines() -> None:
    copy = copying(DATA)
    text = await whole(copy, 12 * 1000 + 5, 12 * 1500, 12 * 1000)
    assert text.startswith(LINES[1001] + b"\n")
    assert text.split(b"\n")[copy.line - 1] == LINES[1500]
    assert len(text) <= 12 * 1000
    copy = copying(DATA)
    await whole(copy, 0, 12 * 150_000)
    assert copy.line == 150_001


async def test_lines_that_were_found_are_copied_whole() -> None:
    found = [12 * number for number in (0, 1, 2, 500, 150_000, 199_999)]
    text = b"".join([piece async for piece in copying(DATA).lines(found)])
    assert text == b"".join(LINES[at // 12] + b"\n" for at in found)
    long = b"x" * 100_000
    assert b"".join([p async for p in copying(b"a\n" + long + b"\n").lines([2])]) == long + b"\n"
    assert [piece async for piece in copying(b"shrunk\n").lines([900])] == []


async def test_a_file_is_new_and_private_or_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "log"
    shares: list[float] = []
    copy = copying(DATA)
    assert await save(copy.pieces(), path, lambda: shares.append(copy.share)) == len(DATA)
    assert path.read_bytes() == DATA
    assert path.stat().st_mode & 0o777 == 0o600
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    with pytest.raises(FileExistsError):
        await save(copying(b"other\n").pieces(), path, lambda: None)
    assert path.read_bytes() == DATA


async def test_nothing_is_left_of_a_copy_that_failed(tmp_path: Path) -> None:
    with pytest.raises(NoSuchTaskError):
        await save(copying(DATA, "stderr").pieces(), tmp_path / "log", lambda: None)
    assert not (tmp_path / "log").exists()
