"""Windows of logs: offsets are true, secrets are not shown, nothing missing is an error."""

from pathlib import Path

import pytest

from supervisor.engine.windows import MOST_BYTES, masked, window

SECRET = b"token=sk-abcdefghijklmnop0123456789"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "stderr.log"
    path.write_bytes(b"first\nsecond\nthird\n")
    return path


@pytest.mark.parametrize(
    ("offset", "size", "start", "data"),
    [
        (0, 6, 0, b"first\n"),
        (6, 100, 6, b"second\nthird\n"),
        (-6, 100, 13, b"third\n"),
        (-100, 5, 0, b"first"),
        (500, 5, 19, b""),
    ],
)
def test_reads_what_was_asked(log: Path, offset: int, size: int, start: int, data: bytes) -> None:
    found = window(log, offset, size)
    assert (found.offset, found.size, found.data) == (start, 19, data)


def test_a_missing_file_is_empty(tmp_path: Path) -> None:
    assert window(tmp_path / "none", -10, 10).size == 0


def test_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x\n" * MOST_BYTES)
    assert len(window(tmp_path / "big", 0, 1 << 30).data) == MOST_BYTES


def test_secrets_are_masked_at_the_same_length() -> None:
    raw = b"ok\r\n" + SECRET + b"\r\n\xff\xfe bytes\n"
    clean = masked(raw)
    assert b"sk-abc" not in clean
    assert len(clean) == len(raw)
    assert clean.startswith(b"ok\r\n")
    assert clean.endswith(b"\r\n\xff\xfe bytes\n")


def test_a_window_that_begins_inside_a_secret_does_not_show_it(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"a\n" + SECRET + b"\n")
    assert b"0123456789" not in window(tmp_path / "x", 20, 100).data
