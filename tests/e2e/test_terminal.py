"""The screen in a real terminal: a client among others, whose death changes nothing."""

import json
import os
import signal
from pathlib import Path

from tests.e2e.night import OVERNIGHT, Night, batch, is_alive
from tests.e2e.shown import Shown
from tests.support import until_sync
from tests.terminal import terminal

SLEEPERS = {"g": {"one": "sleep 60", "two": "sleep 60"}}


def test_two_terminals_at_once_and_one_is_killed(night: Night) -> None:
    night.write(batch(SLEEPERS))
    pid = night.detach()
    until_sync(lambda: len(night.starts()) == 2)
    with terminal(
        [OVERNIGHT, "attach", "night"], cwd=night.place, environment=night.environment
    ) as one:
        one.wait_for(b"g/two")
        with terminal(
            [OVERNIGHT, "attach", "night"], cwd=night.place, environment=night.environment
        ) as two:
            two.wait_for(b"g/two")
            os.kill(one.pid, signal.SIGKILL)
            two.press(b"p")
            until_sync(lambda: night.status()["groups"][0]["state"] == "paused")
            two.settle(1.5)  # what the key does depends on what the screen shows
            two.press(b"p")
            until_sync(lambda: night.status()["groups"][0]["state"] == "running")
    assert is_alive(pid)
    assert set(night.phases().values()) == {"running"}
    assert len(night.starts()) == 2


def test_leaving_says_that_the_batch_runs_on(night: Night) -> None:
    night.write(batch(SLEEPERS))
    with terminal(
        [OVERNIGHT, "run", "night.yaml"], cwd=night.place, environment=night.environment
    ) as ui:
        ui.wait_for(b"g/two")
        until_sync(lambda: len(night.starts()) == 2)
        ui.press(b"q")
        ui.wait_for(b"runs on")
        assert ui.exit_code() == 0
    assert is_alive(night.engine_pid())
    assert set(night.phases().values()) == {"running"}


def test_closed_terminal_and_hangup_change_nothing(night: Night) -> None:
    night.write(batch(SLEEPERS))
    with terminal(
        [OVERNIGHT, "run", "night.yaml"], cwd=night.place, environment=night.environment
    ) as ui:
        ui.wait_for(b"g/two")
        until_sync(lambda: len(night.starts()) == 2)
        ui.hang_up()
    os.kill(night.engine_pid(), signal.SIGHUP)
    assert set(night.phases().values()) == {"running"}
    assert is_alive(night.engine_pid())


def test_ended_batch_shows_what_happened(night: Night) -> None:
    night.write(batch({"g": {"one": "true", "bad": "echo no such capsule >&2; exit 3"}}))
    with terminal(
        [OVERNIGHT, "run", "night.yaml"], cwd=night.place, environment=night.environment
    ) as ui:
        ui.wait_for(b"no such capsule")
        ui.settle(1.0)
        assert b"1 of 2" in ui.written
        ui.press(b"q")  # leaves the summary
        ui.settle()
        ui.press(b"q")
        assert ui.exit_code() == 0
    until_sync(lambda: not is_alive(night.engine_pid()))


def test_own_keys_work_and_what_was_learnt_is_there_the_next_evening(night: Night) -> None:
    night.write(batch(SLEEPERS))
    night.detach()
    home = Path(night.environment["HOME"])
    own = home / ".config/overnight"
    own.mkdir(parents=True)
    (own / "keys.yaml").write_text("pause: F5\nwhi: x\n")
    argv = [OVERNIGHT, "attach", "night"]
    with terminal(argv, cwd=night.place, environment=night.environment) as ui:
        ui.wait_for(b"g/two")
        ui.wait_for(b"NEW HERE")
        ui.wait_for(b'keys.yaml:2: unknown action "whi", did you mean "why"?')
        ui.press(b"p")
        ui.press(b"\x1b[15~")
        until_sync(lambda: night.status()["groups"][0]["state"] == "paused")
        ui.press(b"t")
        ui.wait_for(b"theme ")
        ui.press(b"q")
        assert ui.exit_code() == 0
    kept = json.loads((home / ".local/state/overnight/screen.json").read_text())
    assert kept["greeted"] == "yes"
    with terminal(argv, cwd=night.place, environment=night.environment) as ui:
        ui.wait_for(b"g/two")
        ui.settle()
        assert b"NEW HERE" not in ui.written
        ui.press(b"q")
        assert ui.exit_code() == 0
    assert night.overnight("doctor").stdout.count("keys.yaml:2") == 1


def test_a_screen_that_is_told_to_end_leaves_the_terminal_and_the_batch(night: Night) -> None:
    night.write(batch(SLEEPERS))
    pid = night.detach()
    argv = [OVERNIGHT, "attach", "night"]
    for number in (signal.SIGTERM, signal.SIGHUP):
        with terminal(argv, cwd=night.place, environment=night.environment) as ui:
            ui.wait_for(b"g/two")
            ui.settle()
            os.kill(ui.pid, number)
            ui.exit_code()
            assert ui.written.rfind(b"\x1b[?1049l") > ui.written.rfind(b"\x1b[?1049h")
    assert is_alive(pid)
    assert set(night.phases().values()) == {"running"}


def test_an_engine_that_was_killed_is_told_with_the_way_to_go_on(night: Night) -> None:
    night.write(batch(SLEEPERS))
    night.detach()
    until_sync(lambda: len(night.starts()) == 2)
    argv = [OVERNIGHT, "attach", "night"]
    with terminal(argv, cwd=night.place, environment=night.environment) as ui:
        shown = Shown(ui)
        shown.sees("running", "g/two")
        night.kill_engine()
        shown.sees("ENGINE GONE")
        shown.sees(f"overnight run {night.place}/night.yaml")
        night.detach()
        shown.sees("engine ok")
        shown.sees("running", "g/two")
    assert len(night.starts()) == 2, "what ran, ran on"
