import subprocess
import sys
from pathlib import Path

import pytest

from supervisor.config.themes import BUILT, built, load_themes
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


SHIPPED = Path(__file__).parents[2] / "themes"


def test_the_built_file_is_fresh() -> None:
    assert (SHIPPED / BUILT).read_text(encoding="utf-8") == built(SHIPPED), "run `make rules`"


def test_the_built_file_says_the_same_without_a_parser() -> None:
    code = (
        "import sys; from pathlib import Path; from supervisor.config.themes import load_themes;"
        f"print(sorted(load_themes([Path({str(SHIPPED)!r})])), 'ruamel.yaml' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == f"{sorted(path.stem for path in SHIPPED.glob('*.yaml'))} False\n"


def test_a_theme_that_was_not_built_is_read(tmp_path: Path) -> None:
    (tmp_path / BUILT).write_text('{"night": {"dark": true}, "gone": {}}')
    (tmp_path / "night.yaml").write_text("dark: false\n")
    (tmp_path / "new.yaml").write_text("dark: false\n")
    assert load_themes([tmp_path]) == {"new": {"dark": False}, "night": {"dark": True}}


def test_a_damaged_built_file_is_named(tmp_path: Path) -> None:
    (tmp_path / BUILT).write_text("{")
    with pytest.raises(ConfigError, match=r"built\.json"):
        load_themes([tmp_path])
