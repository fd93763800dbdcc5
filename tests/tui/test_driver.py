"""The screen in a pseudo-terminal: what it leaves there, and what it outlives."""

import os
import signal
import sys
import termios
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from supervisor.tui.driver import RESTORE
from tests.support import until_sync
from tests.terminal import Terminal, terminal

ROOT = Path(__file__).parents[2]
SHOWN = b"corebench-night"
PLAY = [sys.executable, "-m", "tests.tui.play"]
MODES = (b"\x1b[?1000", b"\x1b[?1003", b"\x1b[?1006", b"\x1b[?2004", b"\x1b[?1004", b"\x1b[?1049")
"""Mouse, paste marks, reports of the focus, the other screen: on with h, off with l."""


@contextmanager
def playing(argv: list[str] = PLAY) -> Generator[Terminal]:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    with terminal(argv, cwd=ROOT, environment=environment) as ui:
        yield ui


def left_behind(ui: Terminal) -> list[bytes]:
    """Return the modes that were switched on and not off again."""
    written = bytes(ui.written)
    return [mode for mode in MODES if written.rfind(mode + b"h") > written.rfind(mode + b"l")]


def is_raw(ui: Terminal) -> bool:
    return not termios.tcgetattr(ui.fd)[3] & termios.ICANON


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["TERM", "INT"])
def test_signals_end_it_in_order_with_the_terminal_restored(number: int) -> None:
    with playing() as ui:
        ui.wait_for(SHOWN)
        ui.settle()
        os.kill(ui.pid, number)
        assert ui.exit_code() == 0
        assert left_behind(ui) == []
        assert b"runs on without this screen" in ui.written
        assert not is_raw(ui)


def test_hup_ends_it_at_once_with_the_terminal_restored() -> None:
    with playing() as ui:
        ui.wait_for(SHOWN)
        ui.settle()
        assert is_raw(ui)
        os.kill(ui.pid, signal.SIGHUP)
        assert ui.exit_code() == 128 + signal.SIGHUP
        assert ui.written.endswith(RESTORE.encode())
        assert left_behind(ui) == []
        assert not is_raw(ui)


def test_it_ends_with_its_terminal_although_hangups_are_ignored() -> None:
    argv = ["/bin/sh", "-c", f"trap '' HUP; exec {' '.join(PLAY)}"]
    with playing(argv) as ui:
        ui.wait_for(SHOWN)
        ui.settle()
        ui.hang_up()
        until_sync(lambda: os.waitpid(ui.pid, os.WNOHANG)[0] == ui.pid)
        ui.code = 0


def test_bytes_that_are_no_text_are_dropped_and_keys_go_on() -> None:
    with playing() as ui:
        ui.wait_for(SHOWN)
        ui.settle()
        os.write(ui.fd, b"\xff\xfe\xfc")
        ui.settle()
        os.write(ui.fd, b"?")
        ui.wait_for(b"This screen")


@pytest.mark.parametrize("stop", ["ctrl+z", "SIGTSTP", "SIGSTOP"])
def test_the_shell_gets_a_clean_terminal_and_fg_brings_the_screen_back(stop: str) -> None:
    with playing(["/bin/bash", "--norc", "--noprofile", "--noediting", "-i"]) as ui:
        os.write(ui.fd, f"PS1='ready> '; {' '.join(PLAY)}\n".encode())
        ui.wait_for(SHOWN)
        ui.settle()
        if stop == "ctrl+z":
            os.write(ui.fd, b"\x1a")
        else:
            os.kill(os.tcgetpgrp(ui.fd), getattr(signal, stop))
        ui.wait_for(b"Stopped")
        ui.settle()
        if stop != "SIGSTOP":
            assert left_behind(ui) == []
        before = len(ui.written)
        os.write(ui.fd, b"fg\n")
        until_sync(lambda: bool(ui.read(0.1)) and SHOWN in ui.written[before:])
        ui.settle()
        os.write(ui.fd, b"?")
        ui.wait_for(b"This screen")
        assert is_raw(ui)
        os.write(ui.fd, b"\x1b")
        ui.settle()
        os.write(ui.fd, b"q")
        ui.wait_for(b"runs on without this screen")
        ui.settle()
        assert left_behind(ui) == []
        os.write(ui.fd, b"echo still $((40+2))\n")
        ui.wait_for(b"still 42")


def test_a_fault_of_the_screen_restores_the_terminal_and_names_its_log(tmp_path: Path) -> None:
    with playing([sys.executable, "-m", "tests.tui.faulty", str(tmp_path)]) as ui:
        ui.wait_for(SHOWN)
        ui.settle()
        os.write(ui.fd, b"f")
        assert ui.exit_code() == 1
        assert left_behind(ui) == []
        assert not is_raw(ui)
        (log,) = tmp_path.rglob("screen.log")
        last = ui.written.rpartition(b"\x1b[?1049l")[2].decode()
        assert "The screen failed: ZeroDivisionError: the screen's own fault" in last
        assert "corebench-night runs on without this screen" in last
        assert f"Told in full in {log}" in last.replace("\r\n", "")
        assert "in fail" in log.read_text()
        assert len(last.splitlines()) < 12
