"""The terminal is lent to the operator's pager, and comes back as it was."""

from tests.e2e.night import OVERNIGHT, Night, batch
from tests.support import until_sync
from tests.terminal import terminal

PAGER = """#!/bin/sh
echo "PAGER HAS $(wc -l < "$1") LINES, MODE $(stat -c %a "$1")"
grep -c sk-proj "$1"
stty -a | grep -q ' icanon' && echo "COOKED"
read -r _
"""


def test_a_pager_gets_the_terminal_and_gives_it_back(night: Night) -> None:
    key = "sk-proj-" + "a1B2" * 12
    night.write(batch({"g": {"one": f"seq 1 3000; echo key={key}; sleep 60"}}))
    night.detach()
    until_sync(lambda: len(night.starts()) == 1)
    pager = night.place / "pager"
    pager.write_text(PAGER)
    pager.chmod(0o755)
    environment = {**night.environment, "PAGER": str(pager)}
    with terminal([OVERNIGHT, "attach", "night"], cwd=night.place, environment=environment) as ui:
        ui.wait_for(b"3000")
        ui.settle()
        ui.press(b"5")
        ui.settle()
        ui.press(b"v")
        ui.wait_for(b"PAGER HAS 3001 LINES, MODE 600\r\n0\r\nCOOKED")
        ui.settle()
        ui.written.clear()
        ui.send(b"\x03")  # ends the pager, not the screen

        def is_back() -> bool:
            ui.send(b"\r")  # a pager that ended at once is followed by a wait for this
            ui.settle()
            return b"engine" in ui.written and b"3000" in ui.written

        until_sync(is_back)
        ui.press(b"q")
        ui.wait_for(b"runs on")
        assert ui.exit_code() == 0
