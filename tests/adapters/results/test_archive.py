"""Members of zip files are unpacked up to a limit; damage is told, never raised as something else."""

from pathlib import Path

import pytest

from supervisor.adapters.results.archive import Archive
from supervisor.adapters.results.bounded import Unreadable
from tests.adapters.results.archives import write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.eval"


@pytest.mark.parametrize("method", [93, 0])
def test_members_are_unpacked(path: Path, method: int) -> None:
    write(path, {"header.json": b"{}", "samples/1.json": b"x" * 100_000}, method=method)
    with Archive(path) as archive:
        assert archive.names == ("header.json", "samples/1.json")
        assert archive.member("header.json") == b"{}"
        assert archive.member("samples/1.json") == b"x" * 100_000


def test_a_member_beyond_the_limit_is_not_unpacked(path: Path) -> None:
    write(path, {"big": b"0" * 1000})
    with Archive(path) as archive, pytest.raises(Unreadable, match="larger"):
        archive.member("big", 999)


def test_a_member_that_holds_more_than_it_says_is_damaged(path: Path) -> None:
    write(path, {"bomb": b"0" * (8 << 20)})
    data = path.read_bytes()
    path.write_bytes(data.replace((8 << 20).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    with Archive(path) as archive, pytest.raises(Unreadable, match="damaged"):
        archive.member("bomb")


def test_a_half_written_archive_says_so(path: Path) -> None:
    write(path, {"header.json": b"{}" * 1000})
    whole = path.read_bytes()
    for size in range(0, len(whole), 7):
        path.write_bytes(whole[:size])
        with pytest.raises(Unreadable, match=r"half written|damaged"):
            Archive(path)


def test_any_damaged_byte_is_told(path: Path) -> None:
    write(path, {"header.json": b'{"status": "success"}' * 20})
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            with Archive(path) as archive:
                data = archive.member("header.json")
        except Unreadable:
            continue
        assert data == b'{"status": "success"}' * 20


def test_what_is_not_there_cannot_be_read(path: Path, tmp_path: Path) -> None:
    write(path, {"a": b""})
    with Archive(path) as archive, pytest.raises(Unreadable, match="has no b"):
        archive.member("b")
    with pytest.raises(Unreadable, match="No such file"):
        Archive(tmp_path / "nothing")
    write(path, {"a": b"x"}, method=12)
    with Archive(path) as archive, pytest.raises(Unreadable, match="method 12"):
        archive.member("a")


def test_a_directory_larger_than_the_file_is_refused(path: Path) -> None:
    write(path, {"a": b"x"})
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x05\x06")
    data[at + 12 : at + 16] = (1 << 30).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(Unreadable, match="too many"):
        Archive(path)
