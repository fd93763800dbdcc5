"""Lines of large files are found by words and patterns, a stretch at a time."""

from pathlib import Path

import pytest

from supervisor.adapters import searching
from supervisor.adapters.searching import FileSearcher
from supervisor.ports import Hits


def find(path: Path, text: str, *, regex: bool = False, offset: int = 0) -> Hits:
    return FileSearcher().search(path, text, regex=regex, offset=offset)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "stdout.log"
    path.write_bytes(b"first\nError: 503 error\nnone\nerror again\xff\nno end: Error")
    return path


def test_words_are_found_in_either_case_once_a_line(log: Path) -> None:
    assert find(log, "error") == Hits(lines=(6, 28, 41), until=54, size=54)
    assert find(log, "Error").lines == (6, 41)
    assert find(log, "5.3").lines == ()


def test_patterns_are_found_line_by_line(log: Path) -> None:
    assert find(log, r"^no\w+$", regex=True).lines == (23,)
    assert find(log, r"5\d3", regex=True).lines == (6,)


def test_no_pattern_is_told_and_nothing_else_happens(log: Path) -> None:
    found = find(log, "(", regex=True)
    assert found.trouble.startswith("no pattern: missing")
    assert (found.lines, found.size) == ((), 0)


def test_a_pattern_that_explodes_elsewhere_takes_no_time(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"a" * 100_000 + b"\n")
    assert find(path, "(a+)+b", regex=True).lines == ()


def test_a_missing_file_is_an_empty_one(tmp_path: Path) -> None:
    assert find(tmp_path / "none", "x") == Hits(lines=(), until=0, size=0)


def test_a_search_goes_a_stretch_and_the_next_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "STRETCH_BYTES", 64)
    monkeypatch.setattr(searching, "_PIECE", 32)
    path = tmp_path / "log"
    path.write_bytes(b"".join(b"line %03d\n" % number for number in range(50)))
    found, offset, asked = list[int](), 0, 0
    while offset < path.stat().st_size:
        hits = find(path, "line", offset=offset)
        assert hits.until > offset
        found += hits.lines
        offset, asked = hits.until, asked + 1
    assert found == [number * 9 for number in range(50)]
    assert asked > 5


def test_many_lines_come_in_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_LINES", 3)
    path = tmp_path / "log"
    path.write_bytes(b"x\n" * 5 + b"x")
    assert find(path, "x") == Hits(lines=(0, 2, 4), until=6, size=11)
    assert find(path, "x", offset=6) == Hits(lines=(6, 8, 10), until=11, size=11)


def test_a_line_longer_than_a_piece_is_looked_at_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_PIECE", 16)
    path = tmp_path / "log"
    path.write_bytes(b"a" * 40 + b"needle\nend\n")
    assert find(path, "end").lines == (47,)
    assert find(path, "needle").until == 51


def test_without_re2_words_are_found_and_patterns_refused(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_linear", lambda: None)
    assert find(log, "error").lines == (6, 28, 41)
    assert find(log, "Error").lines == (6, 41)
    assert "google-re2" in find(log, "x+", regex=True).trouble
