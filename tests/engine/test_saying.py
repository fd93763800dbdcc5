"""Marks are read once each, in their order, from a file and from stdout."""

from pathlib import Path

import pytest

from supervisor.engine import saying as module
from supervisor.engine.saying import Saying

NOW = 1_000.0


def write(place: Path, text: str, name: str = "marks") -> None:
    with (place / name).open("a") as file:
        file.write(text)


def test_who_says_nothing(tmp_path: Path) -> None:
    saying = Saying(tmp_path)
    saying.look_to_the_end(NOW)
    assert (saying.told(), saying.counter, saying.marks, saying.size) == (None, None, None, 0)


def test_whole_lines_count_once(tmp_path: Path) -> None:
    saying = Saying(tmp_path)
    write(tmp_path, '{"done":1,"total":3}\n{"done":2,')
    assert not saying.look(NOW)
    assert (saying.counter, saying.marks) == ((1, 3), 1)
    write(tmp_path, '"total":3}\n')
    saying.look(NOW)
    saying.look(NOW)
    assert (saying.counter, saying.marks, saying.lines) == ((2, 3), 2, 2)


def test_text_marks_stand_at_the_beginning_of_a_line_of_stdout(tmp_path: Path) -> None:
    saying = Saying(tmp_path)
    write(tmp_path, "hello\n  @overnight done=1 total=9\n", "stdout.log")
    write(tmp_path, 'he said "@overnight done=5 total=9"\n@overnighted done=6\n', "stdout.log")
    write(tmp_path, "37%|###   | 37/100\r@overnight done=2 total=9\n", "stdout.log")
    saying.look(NOW)
    assert (saying.counter, saying.lines) == ((2, 9), 2)


def test_a_file_begun_anew_is_read_anew(tmp_path: Path) -> None:
    saying = Saying(tmp_path)
    write(tmp_path, '{"done":1,"total":300}\n')
    saying.look(NOW)
    (tmp_path / "marks").write_text('{"done":2}\n')
    saying.look(NOW)
    assert saying.counter == (2, 300)


def test_much_is_read_in_several_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 64)
    write(tmp_path, "".join(f'{{"done":{n},"total":50}}\n' for n in range(50)))
    saying = Saying(tmp_path)
    assert saying.look(NOW)
    assert saying.counter is not None
    assert saying.counter[0] < 49
    saying.look_to_the_end(NOW)
    assert (saying.counter, saying.marks) == ((49, 50), 50)


def test_an_endless_line_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 64)
    write(tmp_path, "x" * 1000 + '\n{"done":1,"total":2}\n')
    saying = Saying(tmp_path)
    for _ in range(50):
        saying.look(NOW)
    assert saying.counter == (1, 2)


def test_of_a_flood_on_stdout_the_end_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_OF_STDOUT", 64)
    write(tmp_path, "@overnight done=1 total=9\n" + "x" * 500 + "\n", "stdout.log")
    write(tmp_path, "@overnight done=2 total=9\n", "stdout.log")
    saying = Saying(tmp_path)
    saying.look(NOW)
    assert saying.counter == (2, 9)


def test_what_cannot_be_read_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "marks").mkdir()
    write(tmp_path, "@overnight done=2 total=9\n", "stdout.log")
    assert not Saying(tmp_path).look(NOW)
