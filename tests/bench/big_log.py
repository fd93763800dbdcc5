"""A log of 2 GiB: how soon its end is on the screen, and what that takes, beside less and tail."""

import os
import shutil
import statistics
from collections import defaultdict
from pathlib import Path

from tests.bench.gate import Figure, show
from tests.bench.places import fresh
from tests.bench.processes import OVERNIGHT, rss_mib
from tests.terminal import Terminal, terminal
from tests.tui.served import served

_LAST = b"the-very-last-line"
_BLOCK = b"".join(
    b"%07d INFO step %d: model answered in %d ms\n" % (n, n, n % 997) for n in range(20_000)
)


def table(*, quick: bool, slack: float) -> int:
    """Print the table; return how many limits were missed."""
    size = (256 if quick else 2048) << 20
    place = fresh("big-log")
    small, large = place / "small.log", place / "large.log"
    _write(small, 1 << 16)
    _write(large, size)
    seconds: dict[str, list[float]] = defaultdict(list)
    memory: dict[str, list[float]] = defaultdict(list)
    for _ in range(1 if quick else 5):
        for name, path in (("ours, 64 KiB", small), ("ours", large)):
            _ours(name, path, place, seconds, memory)
        for name, argv in (("less +G", ["less", "+G"]), ("tail -n 40", ["tail", "-n", "40"])):
            if shutil.which(argv[0]) is not None:
                with terminal([*argv, str(large)], cwd=place, environment=os.environ) as ui:
                    seconds[name].append(ui.wait_for(_LAST))
                    if name.startswith("less"):
                        memory[name].append(rss_mib(ui.pid))
    notes = [
        f"{name}: {', '.join(f'{one:.3f} s' for one in found)}" for name, found in seconds.items()
    ]
    figures = [
        Figure(name=f"{name}: to the last line", value=statistics.median(found), unit="s")
        for name, found in seconds.items()
    ]
    figures += [
        Figure(name=f"{name}: memory", value=statistics.median(found), unit="MiB")
        for name, found in memory.items()
    ]
    mine, little = statistics.median(seconds["ours"]), statistics.median(seconds["ours, 64 KiB"])
    more = statistics.median(memory["ours"]) - statistics.median(memory["ours, 64 KiB"])
    figures += [
        Figure(name="ours, beside the small log", value=mine / little, limit=1.5, unit="x"),
        Figure(name="ours: memory it takes more", value=more, limit=8, unit="MiB"),
    ]
    return show(f"A log of {size >> 20} MiB", notes, figures, slack)


def _ours(
    name: str,
    path: Path,
    place: Path,
    seconds: dict[str, list[float]],
    memory: dict[str, list[float]],
) -> None:
    """Open the log from the overview ; the time is that from the key to the last line."""
    home = place / f"home-{len(seconds[name])}-{path.stem}"
    with served(home, "plain") as player:
        argv = [OVERNIGHT, "attach", "night"]
        with terminal(argv, cwd=place, environment=player.environment) as ui:
            ui.wait_for(b"task-00003")
            ui.settle(1.0)
            player.tell(f"log {path}")
            seconds[name].append(_opened(ui))
            ui.settle(1.0)
            memory[name].append(rss_mib(ui.pid))


def _opened(ui: Terminal) -> float:
    before = ui.wait_for(b"")
    ui.written.clear()
    ui.send(b"l")
    return ui.wait_for(_LAST) - before


def _write(path: Path, size: int) -> None:
    with path.open("wb") as file:
        while file.tell() < size:
            file.write(_BLOCK[: size - file.tell()])
        file.write(b"\n%s\n" % _LAST)
