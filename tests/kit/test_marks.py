import json
from pathlib import Path

import pytest

from supervisor.kit import marks as module
from supervisor.kit.marks import Marks


def said(place: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in place.read_text().splitlines()]


def test_each_mark_is_a_line_of_the_file(tmp_path: Path) -> None:
    marks = Marks({"OVERNIGHT_MARKS": str(tmp_path / "m"), "OVERNIGHT_TASK": "g/t"})
    marks.progress(1, 3, failed=1, item="q2")
    marks.failed("q1", "HTTP 500", "server_error")
    marks.mended("q1")
    marks.waiting(1_700_000_000.0, "resets 4pm", "usage_window")
    marks.going_on()
    marks.used({"tokens_in": 10, "cost": 0.25})
    marks.close()
    marks.close()
    assert said(tmp_path / "m") == [
        {"done": 1, "errors": 1, "total": 3, "item": "q2"},
        {"failed": "q1", "class": "server_error", "error": "HTTP 500"},
        {"ok": "q1"},
        {"waiting": "resets 4pm", "until": 1_700_000_000.0, "class": "usage_window"},
        {"waiting": None},
        {"tokens_in": 10, "cost": 0.25},
    ]


def test_without_a_supervisor_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marks = Marks({})
    marks.progress(1, 2)
    marks.failed("q", "x")
    assert not marks.heard
    assert capsys.readouterr().out == ""


def test_in_a_container_marks_go_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    Marks({"OVERNIGHT_TASK": "g/t"}).progress(1, 2)
    assert capsys.readouterr().out == '@overnight {"done":1,"errors":0,"total":2}\n'


def test_what_cannot_be_written_is_dropped_and_counted(tmp_path: Path) -> None:
    marks = Marks({"OVERNIGHT_MARKS": str(tmp_path / "none" / "m")})
    marks.progress(1, 2)
    assert marks.dropped == 1


@pytest.mark.mount
def test_a_full_disk_tears_one_mark_at_most(small_disk: Path) -> None:
    marks = Marks({"OVERNIGHT_MARKS": str(small_disk / "m")})
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space"):
        filler.write_bytes(b"x" * (1 << 20))
    for number in range(100):
        marks.failed(f"q{number}", "e" * 500)
    assert marks.dropped > 0
    filler.unlink()
    marks.progress(1, 2)
    marks.close()
    *before, last = (small_disk / "m").read_text().splitlines()
    assert json.loads(last) == {"done": 1, "errors": 0, "total": 2}
    assert sum(line[-1:] != "}" for line in before if line) <= 1


def test_after_very_many_marks_the_counters_are_told_seldom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MANY", 10)
    monkeypatch.setattr(module, "_SELDOM_S", 1000.0)
    marks = Marks({"OVERNIGHT_MARKS": str(tmp_path / "m")})
    for number in range(50):
        marks.progress(number + 1, 50)
    marks.close()
    told = [mark["done"] for mark in said(tmp_path / "m")]
    assert len(told) <= 12
    assert told[-1] == 50
