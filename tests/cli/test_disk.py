"""Small reads that never raise for what is missing."""

from pathlib import Path

import pytest

from supervisor.cli import disk


def test_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    (tmp_path / "b").write_text("one\ntwo\n")
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    file = str(tmp_path / "b")
    assert disk.names(str(tmp_path)) == ["a", "b", "link"]
    assert disk.first_line(file) == "one"
    assert disk.size_of(file) == 8
    assert disk.is_file(file)
    assert disk.is_directory(str(tmp_path / "a"))
    assert disk.exists(file)
    assert disk.real(str(tmp_path / "link")) == str(tmp_path / "a")
    assert disk.parent(file) == str(tmp_path)
    assert disk.in_home("x/y") == f"{own_home}/x/y"
    monkeypatch.chdir(tmp_path)
    assert disk.cwd() == str(tmp_path)
    with disk.opened(file) as stream:
        assert stream.read(3) == b"one"


def test_what_is_not(tmp_path: Path) -> None:
    nothing = str(tmp_path / "none")
    assert disk.names(nothing) == []
    assert disk.first_line(nothing) is None
    assert disk.size_of(nothing) == 0
    assert disk.facts(nothing) is None
    assert not disk.exists(nothing)


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"a": '])
def test_facts_are_an_object_or_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "f").write_text(text)
    assert disk.facts(str(tmp_path / "f")) is None
    (tmp_path / "f").write_text('{"a": 1}')
    assert disk.facts(str(tmp_path / "f")) == {"a": 1}
