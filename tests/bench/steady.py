"""Memory of the screen over a whole night, ten hours at a hundred times their speed."""

import os
import time

from tests.bench.engines import running
from tests.bench.gate import Figure, show
from tests.bench.places import fresh
from tests.bench.processes import OVERNIGHT, rss_mib
from tests.e2e.night import is_alive
from tests.terminal import Terminal, terminal

_BATCH = """
parallel: 14
run: [sleep, "1"]
for: {n: {lines: ids.txt}}
"""
"""Fourteen tasks a second: 5,000 in the six minutes of such a night."""
_NIGHT_S = 360.0
_TASKS = 5000
_KEYS = (b"1", b"2", b"3", b"4", b"5", b"6", b"1", b"G", b"g", b"s", b"s", b"s", b"s")
"""Every screen and both ends of the list: what is first loaded is loaded within the first hour."""
_LAST = 4000
"""Bytes of what the screen wrote are kept, for when it ends before its time."""


def _live(ui: Terminal, until: float) -> None:
    """Look around as a person does, until the moment ``until`` (monotonic)."""
    while time.monotonic() < until:
        for key in _KEYS:
            os.write(ui.fd, key)
            pause = time.monotonic() + 0.5
            while (left := pause - time.monotonic()) > 0:
                ui.read(left)
            del ui.written[:-_LAST]
            if not is_alive(ui.pid):
                raise RuntimeError(f"the screen has ended: {bytes(ui.written)!r}")


def table(*, quick: bool, slack: float) -> int:
    """Print the table; return how many limits were missed."""
    tasks, night_s = (_TASKS // 4, _NIGHT_S / 4) if quick else (_TASKS, _NIGHT_S)
    place = fresh("steady")
    (place / "ids.txt").write_text("".join(f"task-{number:04}\n" for number in range(tasks)))
    with (
        running(place, _BATCH) as engine,
        terminal([OVERNIGHT, "attach"], cwd=place, environment=engine.environment) as ui,
    ):
        ui.wait_for(b"waiting")
        began = time.monotonic()
        hours: list[float] = []
        for hour in range(1, 11):
            _live(ui, began + night_s * hour / 10)
            hours.append(rss_mib(ui.pid))
    early, late = hours[0], hours[-1]
    figures = [
        Figure(name="after the first hour", value=early, unit="MiB"),
        Figure(name="after the tenth hour", value=late, limit=120, unit="MiB"),
        Figure(name="growth", value=(late / early - 1) * 100, limit=3, unit="%"),
    ]
    notes = [
        f"{tasks} tasks; ten hours in {night_s:.0f} s; a key every half second",
        "MiB after each hour: " + " ".join(f"{hour:.1f}" for hour in hours),
    ]
    return show("Memory of the screen over a night", notes, figures, slack)
