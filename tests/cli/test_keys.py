from pathlib import Path

import pytest

from supervisor.config.keys import read_own_keys
from supervisor.tui.actions import ACTIONS
from supervisor.tui.keymap import DEFAULT, keymap_of
from tests.cli.conftest import call


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "overnight").mkdir()
    return tmp_path / "overnight/keys.yaml"


def test_what_it_prints_is_a_file_that_says_the_same(tmp_path: Path) -> None:
    said = call("keys")
    assert said.code == 0
    path = tmp_path / "printed.yaml"
    path.write_text(said.out)
    own, faults = read_own_keys(path)
    assert faults == ()
    assert len(own) == len(ACTIONS)
    keymap, faults = keymap_of(own)
    assert faults == ()
    assert keymap.actions == DEFAULT.actions


def test_it_shows_the_keys_in_force_and_what_is_wrong(config: Path) -> None:
    config.write_text("pause: F5\nwhi: x\n")
    said = call("keys")
    assert said.code == 1
    assert "pause:                   'F5' " in said.out
    assert said.err == (
        f'{config}:2: unknown action "whi", did you mean "why"? (`overnight keys` lists them)\n'
    )
