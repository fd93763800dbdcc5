"""``overnight doctor``."""

from pathlib import Path

import pytest

from supervisor.cli import doctor
from supervisor.cli.machine import Finding
from tests.cli.conftest import Place, call


def test_findings_with_their_cures(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    good = Finding(what="python", level="ok", found="3.11")
    bad = Finding(what="logout", level="bad", found="kills", cure="overnight run FILE --service")
    monkeypatch.setattr(doctor, "_CHECKS", (lambda: good, lambda: bad))
    said = call("doctor")
    assert said.code == 1
    assert said.out == (
        "ok    python: 3.11\nBAD   logout: kills\n      → overnight run FILE --service\n"
    )
    monkeypatch.setattr(doctor, "_CHECKS", (lambda: good,))
    assert call("doctor").code == 0


def test_here(place: Place) -> None:
    assert call("doctor").out.count("\n") >= 10


def test_own_keys_and_themes_are_looked_at(
    tmp_path: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert "ok    keys, themes: " in call("doctor").out
    folder = tmp_path / "overnight"
    (folder / "themes").mkdir(parents=True)
    (folder / "keys.yaml").write_text("why: w\npause: w\n")
    (folder / "themes/mine.yaml").write_text("colors: {primary: bleu}\n")
    said = call("doctor")
    assert said.code == 1
    assert f'BAD   keys, themes: {folder}/keys.yaml:2: "w" means "why" already' in said.out
    assert f'{folder}/themes/mine.yaml:1: colors.primary: "bleu" is no colour' in said.out
