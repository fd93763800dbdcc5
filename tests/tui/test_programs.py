import os
import signal
import sys
from pathlib import Path

import pytest

from supervisor.tui.programs import chosen, command, run

HERE = {"PATH": os.environ["PATH"]}


def test_the_operators_own_programs_are_taken() -> None:
    assert chosen("pager", {**HERE, "PAGER": "cat -A 'x y'"}) == ["cat", "-A", "x y"]
    assert chosen("editor", {**HERE, "EDITOR": "cat", "VISUAL": " "}) == ["cat"]
    assert chosen("editor", {**HERE, "EDITOR": "nothing", "VISUAL": "cat"}) == ["cat"]


def test_what_cannot_be_taken_is_said_with_the_way_out() -> None:
    with pytest.raises(ValueError, match="no-such is not installed; set PAGER to a pager that is"):
        chosen("pager", {**HERE, "PAGER": "no-such"})
    with pytest.raises(ValueError, match="vi is not installed; set EDITOR"):
        chosen("editor", {"PATH": "/nowhere"})
    with pytest.raises(ValueError, match="EDITOR cannot be read"):
        chosen("editor", {**HERE, "EDITOR": "vi '"})


def test_programs_that_can_begin_at_the_line() -> None:
    assert command(["/usr/bin/less", "-R"], Path("/x"), 7) == ["/usr/bin/less", "-R", "+7", "/x"]
    assert command(["cat"], Path("/x"), 7) == ["cat", "/x"]
    assert command(["less"], Path("/x"), 1) == ["less", "/x"]


def test_a_program_that_ends_at_once_waits_for_enter() -> None:
    asked: list[str] = []
    assert run(["true"], asked.append) == ""
    assert "Enter" in asked[0]
    assert run([sys.executable, "-c", "raise SystemExit(3)"], asked.append).endswith("with 3")
    assert "No such file" in run(["/no/such"], asked.append)


def test_a_key_meant_for_the_program_does_not_end_us() -> None:
    before = signal.getsignal(signal.SIGINT)
    interrupts = f"import os; os.kill({os.getpid()}, 2)"
    assert run([sys.executable, "-c", interrupts], lambda _: None) == ""
    assert signal.getsignal(signal.SIGINT) is before
