"""Progress bars, where somebody waits."""

import io
import sys

import pytest

from supervisor.cli.bars import LONG_BYTES, MANY, bytes_bar, count_bar
from tests.cli.test_colour import Screen


def test_on_a_terminal_when_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is no markup, and harmless."""
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("COLUMNS", "100")
    with bytes_bar("a[bold]\x1b]0;x\x07.log", LONG_BYTES) as told:
        told(LONG_BYTES // 2)
    assert "a[bold]" in screen.getvalue()
    assert "\x1b]0" not in screen.getvalue()
    assert "MiB" in screen.getvalue()


def test_not_for_what_is_quick_nor_for_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is drawn."""
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with bytes_bar("a.log", LONG_BYTES - 1) as told:
        told(1)
    with count_bar("a", MANY - 1) as told:
        told(1)
    assert screen.getvalue() == ""
    file = io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    with count_bar("a", MANY) as told:
        told(1)
    assert file.getvalue() == ""


def test_things_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """``7/200``."""
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with count_bar("night", MANY) as told:
        told(7)
    assert f"7/{MANY}" in screen.getvalue()
