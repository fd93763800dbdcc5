"""First paint of the attached screen with 1,000 tasks, and key to paint."""

import compileall
import os
import statistics
import sys
from pathlib import Path

import supervisor
from tests.bench.engines import running
from tests.bench.gate import Figure, show
from tests.bench.places import fresh
from tests.bench.processes import OVERNIGHT
from tests.terminal import terminal

_EMPTY_APP = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("painted-here")
Empty().run()
"""


def table(*, quick: bool, slack: float) -> int:
    """Print the table; return how many limits were missed."""
    rounds, keys = (5, 60) if quick else (11, 200)
    ours: list[float] = []
    empty: list[float] = []
    answers: list[float] = []
    # Textual was compiled when it was installed; so are we, but for a checkout that changed since.
    compileall.compile_dir(str(Path(supervisor.__file__).parent), quiet=1)
    batch = 'parallel: 20\nrun: [sleep, "1000"]\nfor: {n: {lines: ids.txt}}\n'
    place = fresh("paint")
    (place / "ids.txt").write_text("".join(f"task-{number:04}\n" for number in range(1000)))
    with running(place, batch) as engine:
        for _ in range(rounds):
            with terminal([OVERNIGHT, "attach"], cwd=place, environment=engine.environment) as ui:
                ours.append(ui.wait_for(b"task-0003"))
            with terminal(
                [sys.executable, "-c", _EMPTY_APP], cwd=place, environment=os.environ
            ) as ui:
                empty.append(ui.wait_for(b"painted-here"))
        with terminal([OVERNIGHT, "attach"], cwd=place, environment=engine.environment) as ui:
            ui.wait_for(b"task-0003")
            ui.settle(1.5)
            for number in range(keys):
                answers.append(ui.press(b"k" if number % 20 >= 10 else b"j") * 1000)
                ui.settle(0.05)
    answers.sort()
    mine, theirs = statistics.median(ours), statistics.median(empty)
    figures = [
        Figure(name="first paint, 1,000 tasks", value=mine, unit="s"),
        Figure(name="first paint, empty app", value=theirs, unit="s"),
        Figure(name="ratio", value=mine / theirs, limit=1.8),
        Figure(name="key to paint, median", value=statistics.median(answers), unit="ms"),
        Figure(
            name="key to paint, p99",
            value=answers[int(len(answers) * 0.99) - 1],
            limit=80,
            unit="ms",
        ),
    ]
    notes = [
        f"first paint, round {n + 1}: ours {a:.2f} s, empty {b:.2f} s"
        for n, (a, b) in enumerate(zip(ours, empty, strict=True))
    ]
    return show("The screen: first paint and keys", notes, figures, slack)
