"""Questions are asked only of people."""

import io
import sys

import pytest

from supervisor.cli.confirm import confirm, on_terminal
from supervisor.cli.words import Args, CommandError


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("answer", "agreed"),
    [("y\n", True), ("YES\n", True), ("n\n", False), ("\n", False), ("", False)],
)
def test_on_a_terminal(monkeypatch: pytest.MonkeyPatch, answer: str, agreed: bool) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert on_terminal()
    if agreed:
        confirm("Really?", Args([], {}))
    else:
        with pytest.raises(CommandError, match="nothing was done"):
            confirm("Really?", Args([], {}))
    assert sys.stdout.getvalue() == "Really? [y/N] "  # type: ignore[attr-defined]


def test_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    with pytest.raises(CommandError, match="Really\\? Give --yes"):
        confirm("Really?", Args([], {}))
    confirm("Really?", Args([], {"yes": [""]}))
