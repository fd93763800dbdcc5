"""``overnight demo``: where it goes and what it copies; the night itself is an end-to-end test."""

from pathlib import Path

import pytest

from supervisor.cli import demo
from supervisor.cli.words import CommandError
from tests.cli.conftest import Place, call


def test_a_place_that_is_taken_is_refused(place: Place) -> None:
    (place.path / "full").mkdir()
    (place.path / "full/file").touch()
    said = call("demo", "--dir", "full")
    assert said.code == 1
    assert "is not empty" in said.err


def test_it_is_copied_whole(tmp_path: Path) -> None:
    batch = demo._copied(tmp_path, "demo-fast.yaml")
    assert batch == tmp_path / "demo.yaml"
    assert (tmp_path / "demo/runner.py").exists()
    assert (tmp_path / "demo/server.py").exists()


def test_a_server_that_does_not_start_is_named(tmp_path: Path) -> None:
    demo._copied(tmp_path, "demo-fast.yaml")
    (tmp_path / "demo/server.py").write_text("raise SystemExit(1)\n")
    with pytest.raises(CommandError, match="the demo's server does not start"):
        demo._serve(tmp_path, "0.2")
