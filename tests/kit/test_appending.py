import multiprocessing
from pathlib import Path

import pytest

from supervisor.kit.appending import AppendedLines
from supervisor.kit.errors import BusyError, CheckpointError


def test_lines_are_there_at_once(tmp_path: Path) -> None:
    lines = AppendedLines(tmp_path / "deep" / "x")
    lines.append(b"one\n")
    lines.append(b"two\n")
    assert (tmp_path / "deep" / "x").read_bytes() == b"one\ntwo\n"
    assert list(lines.lines()) == [(b"one", True), (b"two", True)]
    lines.close()
    lines.close()


def test_a_torn_last_line_is_told_and_never_joined(tmp_path: Path) -> None:
    place = tmp_path / "x"
    place.write_bytes(b"one\ntw")
    lines = AppendedLines(place, "never")
    assert list(lines.lines()) == [(b"one", True), (b"tw", False)]
    lines.append(b"three\n")
    lines.close()
    assert place.read_bytes() == b"one\ntw\nthree\n"


def test_a_cut_line_is_gone(tmp_path: Path) -> None:
    place = tmp_path / "x"
    place.write_bytes(b"one\ntw")
    lines = AppendedLines(place, 5.0)
    lines.cut(4)
    lines.append(b"two\n")
    lines.close()
    assert place.read_bytes() == b"one\ntwo\n"


def _open(place: Path, answers: "multiprocessing.SimpleQueue[str]") -> None:
    try:
        AppendedLines(place)
    except BusyError as error:
        answers.put(str(error))


def test_a_second_process_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "x"
    lines = AppendedLines(place)
    context = multiprocessing.get_context("spawn")
    answers = context.SimpleQueue()
    other = context.Process(target=_open, args=(place, answers))
    other.start()
    other.join()
    assert "another process records into it" in answers.get()
    answers.close()
    other.close()
    lines.close()


def test_one_process_has_it_open_once(tmp_path: Path) -> None:
    lines = AppendedLines(tmp_path / "x")
    with pytest.raises(BusyError, match="this process records into it already"):
        AppendedLines(tmp_path / "x")
    lines.append(b"one\n")
    lines.close()
    AppendedLines(tmp_path / "x").close()


def test_a_place_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CheckpointError, match=r"Not a directory|File exists"):
        AppendedLines(tmp_path / "file" / "x")


def _fill(lines: AppendedLines, size: int) -> int:
    for written in range(1 << 20):
        try:
            lines.append(b"x" * (size - 1) + b"\n")
        except CheckpointError:
            return written
    raise AssertionError("an endless disk")


@pytest.mark.mount
def test_on_a_full_disk_every_line_is_whole(small_disk: Path) -> None:
    """Whatever the size of the line that does not fit: nothing of it stays, and smaller ones fit."""
    for size in (100, 5_000, 70_000):
        lines = AppendedLines(small_disk / f"{size}")
        written = _fill(lines, size)
        assert [len(line) for line, _ in lines.lines()] == [size - 1] * written
        assert (small_disk / f"{size}").stat().st_size == size * written
        lines.close()
        (small_disk / f"{size}").unlink()
