"""What is new in a file that grows, is cut, rewritten, rotated or replaced."""

import os
from pathlib import Path

import pytest

from supervisor.adapters.places import AGAIN, AT_ONCE, MOST_ENTRIES, Places

SINCE = 1_770_000_000.0


def write(path: Path, text: str | bytes, at: float = SINCE + 1, mode: str = "wb") -> None:
    """Write as if it were ``at``."""
    data = text.encode() if isinstance(text, str) else text
    with path.open(mode) as file:
        file.write(data)
    os.utime(path, (at, at))


def data(places: Places, path: Path) -> tuple[bytes, bool] | None:
    piece = places.read(str(path))
    return (piece.data, piece.begins) if piece else None


def test_a_file_that_grows_is_read_on(tmp_path: Path) -> None:
    """Each byte once, with the time it was written."""
    places, log = Places(), tmp_path / "a.log"
    write(log, "one\n")
    assert data(places, log) == (b"one\n", True)
    assert data(places, log) is None
    write(log, "two\n", SINCE + 2, "ab")
    piece = places.read(str(log))
    assert piece is not None
    assert (piece.data, piece.begins, piece.modified_at) == (b"two\n", False, SINCE + 2)


def test_what_lay_there_before_is_old(tmp_path: Path) -> None:
    """A log of last night is not read; what is added to it is."""
    places, log = Places(), tmp_path / "a.log"
    write(log, "old error\n", SINCE - 100)
    places.pass_over((f"{tmp_path}/*.log",), SINCE)
    assert places.unread((f"{tmp_path}/*.log",), SINCE) == []
    write(log, "new\n", SINCE + 1, "ab")
    assert places.unread((f"{tmp_path}/*.log",), SINCE) == [str(log)]
    assert data(places, log) == (b"new\n", False)
    assert places.unread((f"{tmp_path}/*.log",), SINCE) == []


@pytest.mark.parametrize("again", ["short", "a line that is longer than the first\n"])
def test_a_file_written_anew_is_read_from_its_beginning(tmp_path: Path, again: str) -> None:
    """Also when it is longer than before: its first bytes are others."""
    places, log = Places(), tmp_path / "a.log"
    write(log, "the first text\n")
    assert data(places, log) is not None
    write(log, again, SINCE + 2)
    assert data(places, log) == (again.encode(), True)


def test_a_rotated_file_is_read_from_its_beginning(tmp_path: Path) -> None:
    """The same name, another file."""
    places, log = Places(), tmp_path / "a.log"
    write(log, "same\n")
    assert data(places, log) is not None
    log.rename(tmp_path / "a.log.1")
    write(log, "same\nmore\n", SINCE + 2)
    assert data(places, log) == (b"same\nmore\n", True)


def test_a_json_document_is_read_whole_each_time(tmp_path: Path) -> None:
    """Also when only its end changed."""
    places, result = Places(), tmp_path / "result.json"
    write(result, '{"a": 1}')
    piece = places.read(str(result))
    assert piece is not None
    assert piece.whole
    write(result, '{"a": 1}\n', SINCE + 2)
    assert data(places, result) == (b'{"a": 1}\n', True)
    assert data(places, result) is None


def test_of_an_unknown_large_file_only_the_end_counts(tmp_path: Path) -> None:
    """From the next whole line on."""
    places, log = Places(), tmp_path / "a.log"
    write(log, b"x" * 99 + b"\n" + b"y" * (AGAIN - 5) + b"\nend\n")
    piece = places.read(str(log))
    assert piece is not None
    assert piece.data == b"end\n"


def test_no_more_than_the_last_part_of_a_flood_is_read(tmp_path: Path) -> None:
    """Memory is bounded, and half a line is none."""
    places, log = Places(), tmp_path / "a.log"
    write(log, "begin\n")
    assert data(places, log) is not None
    write(log, b"z" * 50 + b"\n" + b"w" * AT_ONCE + b"\nend\n", SINCE + 2, "ab")
    assert data(places, log) == (b"end\n", True)


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    """A directory, a pipe, a broken link, nothing at all."""
    places = Places()
    os.mkfifo(tmp_path / "pipe.log")
    (tmp_path / "dir.log").mkdir()
    (tmp_path / "link.log").symlink_to("nowhere")
    for name in ("pipe.log", "dir.log", "link.log", "none.log"):
        assert places.read(str(tmp_path / name)) is None
    assert places.unread((f"{tmp_path}/*.log", f"{tmp_path}/none/*.log"), 0.0) == []


def test_file_systems_that_know_whole_seconds_only(tmp_path: Path) -> None:
    """A file of the second in which the attempt began counts; one of the second before not."""
    places = Places()
    write(tmp_path / "a.log", "x", SINCE)
    write(tmp_path / "b.log", "x", SINCE - 1)
    assert places.unread((f"{tmp_path}/*.log",), SINCE + 0.9) == [str(tmp_path / "a.log")]


def test_links_that_lead_in_circles_end(tmp_path: Path) -> None:
    """Each directory is looked at once."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "back").symlink_to(tmp_path)
    write(tmp_path / "deep" / "a.log", "x")
    assert Places().unread((f"{tmp_path}/**/*.log",), SINCE) == [str(tmp_path / "deep" / "a.log")]


def test_what_lies_below_one_directory(tmp_path: Path) -> None:
    """Each file once, whatever matches it."""
    (tmp_path / "new").mkdir()
    write(tmp_path / "a.log", "x")
    write(tmp_path / "new" / "b.log", "x")
    patterns = (f"{tmp_path}/**/*.log", f"{tmp_path}/new/*.log")
    places = Places()
    assert places.unread_below(str(tmp_path / "new"), patterns, SINCE) == [
        str(tmp_path / "new" / "b.log")
    ]
    assert len(places.unread(patterns, SINCE)) == 2


def test_a_huge_directory_is_not_read_to_its_end(tmp_path: Path) -> None:
    """An end waits for no more than so many entries."""
    places = Places()
    for number in range(3):
        (tmp_path / str(number)).mkdir()
    assert MOST_ENTRIES == 20_000
    write(tmp_path / "2" / "a.log", "x")
    places.read(str(tmp_path / "2" / "a.log"))
    places.forget(str(tmp_path / "2" / "a.log"))
    assert places.unread((f"{tmp_path}/*/a.log",), SINCE) == [str(tmp_path / "2" / "a.log")]
