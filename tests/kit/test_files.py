from pathlib import Path

import pytest

from supervisor.kit.errors import CheckpointError
from supervisor.kit.files import read_json, write_json


def test_what_was_written_is_read(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "state.json"
    write_json(place, {"phase": "failed", "done": 32})
    write_json(place, {"phase": "failed", "done": 33})
    assert read_json(place) == {"phase": "failed", "done": 33}
    assert [one.name for one in place.parent.iterdir()] == ["state.json"]


def test_a_missing_file_is_the_default(tmp_path: Path) -> None:
    assert read_json(tmp_path / "none.json", {"done": 0}) == {"done": 0}


def test_a_torn_file_is_named(tmp_path: Path) -> None:
    place = tmp_path / "state.json"
    place.write_text('{"phase": ')
    with pytest.raises(CheckpointError, match=r"state\.json: no JSON"):
        read_json(place)


def test_what_json_does_not_have_leaves_the_old_file(tmp_path: Path) -> None:
    place = tmp_path / "state.json"
    write_json(place, 1)
    with pytest.raises(TypeError):
        write_json(place, object())
    assert read_json(place) == 1


@pytest.mark.mount
def test_a_full_disk_leaves_the_old_file(small_disk: Path) -> None:
    place = small_disk / "state.json"
    write_json(place, {"done": 1})
    with pytest.raises(CheckpointError, match="No space left"):
        write_json(place, "x" * (1 << 20))
    assert read_json(place) == {"done": 1}
    assert [one.name for one in small_disk.iterdir()] == ["state.json"]
