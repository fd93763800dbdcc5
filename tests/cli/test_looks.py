import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from supervisor.cli.looks import DEFAULT_THEME, has_many_colors, log_fault, looks, started_with

COLORS = {"TERM": "xterm-256color"}


def env(home: Path, **more: str) -> dict[str, str]:
    return {"HOME": str(home), **COLORS, **more}


def write(home: Path, name: str, text: str) -> Path:
    path = home / ".config/overnight" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_who_has_no_files_gets_the_default_and_is_greeted_once(tmp_path: Path) -> None:
    first = looks(env(tmp_path), tmp_path)
    assert first.theme == DEFAULT_THEME
    assert first.settings.newcomer
    assert first.settings.complaints == ()
    first.settings.remember("greeted", "yes")
    first.settings.remember("theme", "day")
    again = looks(env(tmp_path), tmp_path)
    assert not again.settings.newcomer
    assert again.theme == "day"


def test_own_themes_and_keys_come_first_and_bad_ones_are_told(tmp_path: Path) -> None:
    write(tmp_path, "themes/night.yaml", "colors:\n  primary: red\n")
    write(tmp_path, "themes/mine.yaml", 'dark: false\ncolors: {primary: "#5fafff"}\n')
    bad = write(
        tmp_path, "themes/bad.yaml", "dark: true\ncolors:\n  primary: red\n  eerror: blue\n"
    )
    torn = write(tmp_path, "themes/torn.yaml", "colors: {\n")
    text = write(tmp_path, "themes/text.yaml", "- red\n")
    keys = write(tmp_path, "keys.yaml", "pause: F5\npauze: F6\n")
    mine = looks(env(tmp_path), tmp_path)
    assert mine.themes["night"].colors == {"primary": "red"}
    assert not mine.themes["mine"].dark
    assert "bad" not in mine.themes
    assert mine.settings.keymap.key("pause_group") == "F5"
    told = "\n".join(mine.settings.complaints)
    assert f'{keys}:2: unknown action "pauze", did you mean "pause"?' in told
    assert f'{bad}:4: colors.eerror: unknown, did you mean "error"?' in told
    assert f"{torn}:" in told
    assert f"{text}:1: a theme is a mapping" in told
    assert len(mine.settings.complaints) == 4


def test_a_theme_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, "themes/binary.yaml", "")
    path.write_bytes(b"\xff\xfe\x00")
    assert str(path) in looks(env(tmp_path), tmp_path).settings.complaints[0]


@pytest.mark.parametrize(
    ("more", "remembered", "theme"),
    [
        ({"OVERNIGHT_THEME": "day"}, "contrast", "day"),
        ({}, "contrast", "contrast"),
        ({}, "gone", DEFAULT_THEME),
        ({"TERM": "linux"}, "contrast", "ansi-16"),
        ({"TERM": "linux", "COLORTERM": "truecolor"}, "contrast", "contrast"),
        ({"OVERNIGHT_THEME": "none such"}, "contrast", "contrast"),
    ],
)
def test_the_theme_is_asked_for_remembered_or_what_the_terminal_can_show(
    tmp_path: Path, more: dict[str, str], remembered: str, theme: str
) -> None:
    looks(env(tmp_path), tmp_path).settings.remember("theme", remembered)
    mine = looks(env(tmp_path, **more), tmp_path)
    assert mine.theme == theme
    told = mine.settings.complaints
    assert bool(told) == ("none such" in more.values())


@pytest.mark.parametrize(
    ("term", "many"),
    [("xterm-256color", True), ("xterm-kitty", True), ("screen", False), ("xterm", False)],
)
def test_a_terminal_is_known_by_its_name(term: str, many: bool) -> None:
    assert has_many_colors({"TERM": term}) == many


def test_faults_are_appended_for_the_user_alone(tmp_path: Path) -> None:
    log_fault(tmp_path, "one\n")
    path = Path(log_fault(tmp_path, "two\n"))
    assert re.sub(r"(?m)^2.*\n", "", path.read_text()) == "one\n\ntwo\n\n"
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("x" * 300_000)
    log_fault(tmp_path, "three\n")
    assert path.read_text().endswith("\nthree\n\n")
    assert path.with_suffix(".log.1").stat().st_size == 300_000


def test_a_fault_that_cannot_be_written_names_no_file(tmp_path: Path) -> None:
    (tmp_path / ".local").write_text("a file in the way")
    assert log_fault(tmp_path, "one\n") == ""


@pytest.mark.parametrize(
    ("more", "ascii_only"),
    [
        ({"LANG": "C"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, True),
        ({"LC_CTYPE": "C.UTF-8"}, False),
        ({}, False),
    ],
)
def test_a_locale_that_is_not_utf8_gets_ascii_although_python_changes_it(
    tmp_path: Path, more: dict[str, str], ascii_only: bool
) -> None:
    bare = {
        name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))
    }
    code = (
        "import os; from pathlib import Path; from supervisor.cli.looks import looks;"
        "print(looks(os.environ, Path(os.environ['HOME'])).glyphs.ascii_only)"
    )
    environment = {**bare, "HOME": str(tmp_path), **more}
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert said.stdout == f"{ascii_only}\n"


def test_where_the_kernel_does_not_tell_the_environment_of_python_counts(tmp_path: Path) -> None:
    assert started_with(tmp_path / "none") is os.environ
    (tmp_path / "environ").write_bytes(b"LANG=C\0odd\0A=b=c\0")
    assert started_with(tmp_path / "environ") == {"LANG": "C", "A": "b=c"}
