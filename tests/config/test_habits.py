import json
from pathlib import Path

import pytest

from supervisor.config.habits import FILE, Habits


def test_what_is_kept_is_there_the_next_evening(tmp_path: Path) -> None:
    assert Habits(tmp_path).all() == {}
    Habits(tmp_path).keep("theme", "day")
    Habits(tmp_path).keep("greeted", "yes")
    Habits(tmp_path).keep("theme", "dim")
    assert Habits(tmp_path).all() == {"theme": "dim", "greeted": "yes"}
    (kept,) = tmp_path.rglob("screen*")
    assert kept.name == FILE


@pytest.mark.parametrize("text", ["", "{", "[1]", "\x00"])
def test_a_damaged_file_is_as_none_and_written_anew(tmp_path: Path, text: str) -> None:
    Habits(tmp_path).keep("theme", "day")
    (kept,) = tmp_path.rglob(FILE)
    kept.write_text(text)
    assert Habits(tmp_path).all() == {}
    Habits(tmp_path).keep("theme", "dim")
    assert json.loads(kept.read_text()) == {"theme": "dim"}


def test_what_cannot_be_written_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file in the way")
    with pytest.raises(OSError, match="state"):
        Habits(tmp_path / "state").keep("theme", "day")
    assert [path.name for path in tmp_path.rglob("*")] == ["state"]
