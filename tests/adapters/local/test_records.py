"""The two files of an attempt."""

from pathlib import Path

import pytest

from supervisor.adapters.local.procfs import Ident, boot_id, process
from supervisor.adapters.local.records import (
    BLANK,
    Claimed,
    Tombstone,
    Torn,
    Unclaimed,
    bury,
    make_blank,
    read_claim,
    read_exit,
)


@pytest.mark.parametrize("flush", [True, False])
def test_a_blank_is_no_record(tmp_path: Path, flush: bool) -> None:
    make_blank(str(tmp_path), flush=flush)
    assert (tmp_path / "exit").read_bytes() == BLANK
    assert (tmp_path / "exit").stat().st_mode & 0o777 == 0o600
    assert read_exit(str(tmp_path)) is None


def test_a_blank_never_wipes_a_record(tmp_path: Path) -> None:
    (tmp_path / "exit").write_bytes(b"exit=3".ljust(63) + b"\n")
    make_blank(str(tmp_path), flush=False)
    record = read_exit(str(tmp_path))
    assert record is not None
    assert record.code == 3
    assert record.ended_at == (tmp_path / "exit").stat().st_mtime


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"exit=3\n",
        b"exit=3".ljust(64),
        b"exit=3".ljust(62) + b"\n",
        b"exit=3".ljust(63) + b"\nx",
        b"exit=".ljust(63) + b"\n",
        b"exit=1234".ljust(63) + b"\n",
        b"exit=3" + bytes(57) + b"\n",
    ],
)
def test_anything_but_one_whole_line_is_no_record(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "exit").write_bytes(text)
    assert read_exit(str(tmp_path)) is None


def test_nothing_is_no_record(tmp_path: Path) -> None:
    assert read_exit(str(tmp_path / "missing")) is None
    assert read_claim(str(tmp_path / "missing")) == Unclaimed()


def test_a_claim_names_its_process(tmp_path: Path) -> None:
    stat = Path("/proc/self/stat").read_text(encoding="ascii")
    (tmp_path / "started").write_text(f"{boot_id()} {stat}", encoding="ascii")
    claim = read_claim(str(tmp_path))
    this = process(int(stat.split()[0]))
    assert this is not None
    assert isinstance(claim, Claimed)
    assert (claim.shim, claim.boot_id) == (this.ident, boot_id())


@pytest.mark.parametrize("text", ["", "boot 12 (sh", "boot 12 (sh) S 1 2 3", "boot 12 (sh) S 1\n"])
def test_half_a_claim_is_torn(tmp_path: Path, text: str) -> None:
    (tmp_path / "started").write_text(text, encoding="ascii")
    assert read_claim(str(tmp_path)) == Torn()


def test_a_claim_is_made_once(tmp_path: Path) -> None:
    directory = str(tmp_path / "not" / "there" / "yet")
    assert bury(directory)
    assert not bury(directory)
    assert read_claim(directory) == Tombstone()


def test_a_tombstone_never_replaces_a_claim(tmp_path: Path) -> None:
    stat = "7 (sh) S " + " ".join(["0"] * 49)
    (tmp_path / "started").write_text(f"boot {stat}\n", encoding="ascii")
    assert not bury(str(tmp_path))
    claim = read_claim(str(tmp_path))
    assert isinstance(claim, Claimed)
    assert claim.shim == Ident(7, 0)
