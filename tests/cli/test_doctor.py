"""``overnight doctor``."""

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
