"""Colours, where they belong."""

import io

import pytest
from typing_extensions import override

from supervisor.cli.colour import Paint


class Screen(io.StringIO):
    @override
    def isatty(self) -> bool:
        return True


def test_only_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    """And only for who wants them."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    assert Paint(Screen())("no", "bold", "red") == "\x1b[1;31mno\x1b[0m"
    assert Paint(Screen())("no") == "no"
    assert Paint(io.StringIO())("no", "red") == "no"
    monkeypatch.setenv("TERM", "dumb")
    assert Paint(Screen())("no", "red") == "no"
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert Paint(Screen())("no", "red") == "no"
