"""The crash table: an engine killed at random moments of a batch, resumed, and what was lost."""

import os

from tests.bench.gate import Figure, show
from tests.bench.places import fresh
from tests.e2e.crash import Damage, killed_and_resumed


def table(*, quick: bool, slack: float) -> int:
    """Print the table; return how many limits were missed. Nothing may be lost, so no slack helps."""
    del slack
    rounds = 1 if quick else 5
    found: list[Damage] = []
    home = os.environ.get("HOME", "")
    for seed in range(rounds):
        place = fresh("crash")
        os.environ["HOME"] = str(place)
        found.append(killed_and_resumed(place, kills=50, seed=seed, longest_s=0.02))
    os.environ["HOME"] = home
    notes = [f"seed {seed}: {damage}" for seed, damage in enumerate(found)]
    figures = [
        Figure(name="kills", value=sum(d.kills for d in found)),
        Figure(name="tasks", value=sum(d.tasks for d in found)),
        Figure(name="tasks lost", value=sum(d.lost for d in found), limit=0),
        Figure(name="tasks run twice", value=sum(d.twice for d in found), limit=0),
        Figure(name="wrong exit codes", value=sum(d.wrong_codes for d in found), limit=0),
        Figure(name="log lines lost", value=sum(d.lines_lost for d in found), limit=0),
    ]
    return show("Crash: SIGKILL at random moments of 200 short tasks", notes, figures, 1.0)
