from pathlib import Path

import pytest

from supervisor.config.themes import load_themes
from supervisor.ports import ConfigError


def test_the_first_folder_wins_and_missing_ones_are_passed_over(tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    mine.mkdir()
    theirs.mkdir()
    (mine / "night.yaml").write_text("dark: true\n")
    (theirs / "night.yaml").write_text("dark: false\n")
    (theirs / "day.yaml").write_text("colors: {primary: ansi_red}\n")
    found = load_themes([tmp_path / "none", mine, theirs])
    assert found == {"night": {"dark": True}, "day": {"colors": {"primary": "ansi_red"}}}


@pytest.mark.parametrize("text", ["- a\n", "a: [", "a: 1\na: 2\n"])
def test_a_file_that_is_no_theme_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.yaml").write_text(text)
    with pytest.raises(ConfigError, match=r"bad\.yaml"):
        load_themes([tmp_path])
