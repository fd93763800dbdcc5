"""The old state goes aside whole, whatever lies there already."""

from pathlib import Path

from supervisor.engine.fresh import move_aside


def test_moves_the_directory_and_makes_an_empty_private_one(tmp_path: Path) -> None:
    state = tmp_path / "night"
    state.mkdir()
    (state / "state.db").write_text("x")
    aside = move_aside(state, 0.0)
    assert aside.name == "night.old-19700101T000000Z"
    assert (aside / "state.db").read_text() == "x"
    assert list(state.iterdir()) == []
    assert state.stat().st_mode & 0o777 == 0o700


def test_two_in_one_second_do_not_meet(tmp_path: Path) -> None:
    state = tmp_path / "night"
    state.mkdir()
    first = move_aside(state, 0.0)
    second = move_aside(state, 0.0)
    assert first != second
    assert first.exists()
    assert second.exists()
