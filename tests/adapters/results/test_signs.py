"""Files and texts by which success shows; a sign that is half there is none."""

from pathlib import Path

from supervisor.adapters.results.signs import missing_files, missing_markers
from tests.adapters.results.looks import look, written


def test_each_glob_wants_a_file_with_content_of_this_attempt(tmp_path: Path) -> None:
    files = ("out/*.json", "report.txt", "old.txt", "empty.txt")
    written(tmp_path / "out/a.json", "{}")
    written(tmp_path / "old.txt", "x", after_s=-60)
    written(tmp_path / "empty.txt", "")
    assert missing_files(look(tmp_path, files=files)) == ("report.txt", "old.txt", "empty.txt")
    written(tmp_path / "report.txt", "x")
    assert missing_files(look(tmp_path, files=("report.txt",))) == ()


def test_each_text_must_stand_in_one_of_the_logs(tmp_path: Path) -> None:
    where = look(tmp_path, markers=("all done", "saved to"), said="12 saved to x\n")
    assert missing_markers(where) == ("all done",)
    gone = look(tmp_path, markers=("x",), logs=(tmp_path / "gone.log",))
    assert missing_markers(gone) == ("x",)
    assert missing_markers(look(tmp_path)) == ()


def test_a_text_across_the_pieces_of_a_large_log_is_found(tmp_path: Path) -> None:
    said = "." * ((1 << 20) - 4) + "all done" + "." * (3 << 20)
    assert missing_markers(look(tmp_path, markers=("all done", "d", "none"), said=said)) == (
        "none",
    )
