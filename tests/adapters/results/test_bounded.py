"""Foreign files: only regular ones, only so much of them, and no secrets out of them."""

import os
from pathlib import Path

import pytest

from supervisor.adapters.results.bounded import (
    Unreadable,
    as_count,
    as_list,
    as_record,
    head,
    lines,
    opened,
    parsed,
    record,
    tail,
    told,
    whole,
)


def test_a_pipe_or_folder_is_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/zero")):
        with pytest.raises(Unreadable, match="no regular file"):
            opened(path)
    with pytest.raises(Unreadable, match="No such file"):
        opened(tmp_path / "nothing")


def test_no_more_is_read_than_allowed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"0123456789")
    assert (head(path, 3), tail(path, 3), whole(path, 10)) == (b"012", b"789", b"0123456789")
    assert tail(path, 99) == b"0123456789"
    with pytest.raises(Unreadable, match="larger than 0 MiB"):
        whole(path, 9)
    with pytest.raises(Unreadable, match="larger"):
        list(lines(path, 9))


def test_only_whole_lines_of_bounded_length(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one\n" + b"x" * (9 << 20) + b"\ntwo\nhalf")
    assert list(lines(path, 1 << 30)) == [b"one\n", b"two\n"]


@pytest.mark.parametrize(
    "text", [b"", b"{", b'{"a": 1', b"\xff\xfe", b"[" * 100_000, b"9" * 10_000]
)
def test_what_is_no_json_is_told(text: bytes) -> None:
    with pytest.raises(Unreadable, match=r"results\.json: is half written or no JSON"):
        parsed(text, "results.json")


def test_values_are_what_they_should_be_or_nothing() -> None:
    assert record(b'{"a": 1}', "") == {"a": 1}
    assert (record(b"[]", ""), as_record("x"), as_list({}), as_list([1])) == ({}, {}, [], [1])
    assert [as_count(value) for value in (3, 0, -1, True, 1.5, "3", None)] == [3, 0] + [None] * 5


def test_texts_are_clean_redacted_and_cut_at_a_line() -> None:
    assert told("\x1b[31mred\x1b[0m\r\n", 99) == "red"
    assert "abcdef" not in told("Authorization: Bearer abcdef1234567890", 99)
    assert told("first line\nsecond\nthird", 13) == "second\nthird"
    assert told("x" * 50, 10) == "x" * 10
    assert told(None, 10) == told({"a": 1}, 10) == ""
