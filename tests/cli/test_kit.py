"""``overnight kit``."""

from pathlib import Path

from tests.cli.conftest import Place, call


def test_it_copies_and_says_how_to_go_on(place: Place, tmp_path: Path) -> None:
    said = call("kit", "--copy", str(tmp_path / "src"))
    assert said.code == 0, said.err
    assert said.out.endswith("in your runner: import overnight_kit as kit\n")
    assert (tmp_path / "src" / "overnight_kit" / "__init__.py").exists()


def test_a_place_is_needed(place: Place) -> None:
    said = call("kit")
    assert (said.code, said.out) == (1, "")
    assert "overnight kit --copy DIR" in said.err
