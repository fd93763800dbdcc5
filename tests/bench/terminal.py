"""What the screen sends to a terminal of 120 by 40, beside htop, lazydocker and docker stats."""

import os
import shutil
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bench.engines import running
from tests.bench.gate import Figure, show
from tests.bench.places import fresh
from tests.bench.processes import OVERNIGHT
from tests.bench.recording import Recording
from tests.containers import Lab, lab, require_docker
from tests.terminal import terminal
from tests.tui.served import Player, served

_FIRST = b"task-00003"
"""Is on the first whole picture."""
_CALM_S = 4.0
"""After this time nothing is left of a program's beginnings."""
_KEY_GAP_S = 0.15
"""The pace at which people press a key again and again; a log is shown once the cursor rests."""
_CONTAINERS, _BUSY = 60, 3
Values = dict[str, list[float]]


@dataclass(frozen=True)
class _Peer:
    """A program beside the same sixty containers.

    Its screen begins with ``begins``; ``keys`` bring ``shows`` on it.
    """

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str]
    begins: bytes
    keys: bytes = b""
    shows: bytes = b""


OURS = "ours, a real engine"

_OTHERS = {
    "docker stats": (["docker", "stats"], b"PIDS"),
    "lazydocker": (["lazydocker"], b"Containers"),
    "htop": (["htop", "-d", "10"], b"Load"),
}
_BATCH = """
run: sleep 10000
groups: {{g: {{containers: {{name: "{prefix}-*"}}, tasks: [{{id: one}}]}}}}
"""
LIMITS: Mapping[str, tuple[float, str]] = {
    "start": (20_000, "B"),
    "overview, nothing happens": (0, "B/s"),
    "overview, 3 of 60 rows change": (500, "B/s"),
    "overview, 3 rows: CPU": (2, "%"),
    "overview, all 60 rows change": (1500, "B/s"),
    "overview, 60 rows: CPU": (7, "%"),
    "containers, nothing happens": (0, "B/s"),
    "containers, 3 of 60 rows change": (500, "B/s"),
    "containers, 3 rows: CPU": (2, "%"),
    "containers, all 60 rows change": (1500, "B/s"),
    "containers, 60 rows: CPU": (7, "%"),
    "log, 200 lines/s followed": (2500, "B/s"),
    "overview, cursor key": (1000, "B"),
    "containers, cursor key": (1000, "B"),
    "overview, page key": (4000, "B"),
    "containers, page key": (4000, "B"),
    "log, line key": (4000, "B"),
    "overview, pointer moves": (3000, "B/s"),
    "containers, pointer moves": (3000, "B/s"),
    "without the diff, all 60 rows change": (6000, "B/s"),
    OURS: (500, "B/s"),
}
_PLAIN_TEXTUAL = """
import sys
sys.modules["supervisor.tui.diff"] = None
sys.argv = ["overnight", "attach", "night"]
from supervisor.cli.main import main
sys.exit(main())
"""
"""The program on a Textual that the diff does not know."""


def table(*, quick: bool, slack: float) -> int:
    """Print the table; return how many limits were missed."""
    rounds, seconds = (1, 5.0) if quick else (5, 8.0)
    values: Values = defaultdict(list)
    place = fresh("terminal")
    with served(place / "played", "plain") as player, _peers(place) as peers:
        for _ in range(rounds):
            _ours(player, place, seconds, values)
            _fallback(player, place, seconds, values)
            for peer in peers:
                _peer(peer, place, seconds, values)
    notes = [
        f"{name}: {', '.join(f'{one:.0f}' for one in found)}" for name, found in values.items()
    ]
    figures = [_figure(name, statistics.median(found)) for name, found in values.items()]
    return show("The screen on the wire", notes, [*figures, *_ratios(values)], slack)


def _figure(name: str, value: float) -> Figure:
    limit, unit = LIMITS.get(name, (None, "%" if name.endswith("CPU") else "B/s"))
    return Figure(name=name, value=value, limit=limit, unit=unit, absolute=unit == "%")


def _ratios(values: Values) -> list[Figure]:
    if "lazydocker" not in values:
        return []
    theirs = statistics.median(values["lazydocker"])
    return [
        Figure(
            name=f"{name} / lazydocker", value=statistics.median(values[name]) / theirs, limit=0.2
        )
        for name in ("containers, all 60 rows change", OURS)
    ]


def _ours(player: Player, place: Path, seconds: float, values: Values) -> None:
    player.tell("rows 0")
    with _attached(player, place) as (record, press):
        values["start"].append(record.start(_FIRST))
        for name, key, busy in (("overview", b"1", b"g"), ("containers", b"2", b"G")):
            press(key)
            _still(name, record, seconds, values)
            press(busy)  # where the rows are that change
            _changing(name, player, record, seconds, values)
        press(b"1l")  # the log of the task under the cursor
        player.tell("lines 200")
        record.steady(1.0)
        values["log, 200 lines/s followed"].append(record.steady(seconds)[0])
        player.tell("lines 0")
        values["log, line key"].append(record.keys([b"k"] * 10, _KEY_GAP_S))


def _still(name: str, record: Recording, seconds: float, values: Values) -> None:
    values[f"{name}, nothing happens"].append(record.quiet(round(seconds)))
    values[f"{name}, cursor key"].append(record.keys([b"j"] * 12 + [b"k"] * 12, _KEY_GAP_S))
    pages = [b"\x1b[6~", b"\x1b[5~"] * 5
    values[f"{name}, page key"].append(record.keys(pages, _KEY_GAP_S))
    values[f"{name}, pointer moves"].append(record.moves(seconds / 2))


def _changing(name: str, player: Player, record: Recording, seconds: float, values: Values) -> None:
    for rows, words in ((_BUSY, "3 of 60 rows"), (_CONTAINERS, "all 60 rows")):
        player.tell(f"rows {rows}")
        record.steady(1.5)
        sent, cpu = record.steady(seconds)
        values[f"{name}, {words} change"].append(sent)
        values[f"{name}, {rows} rows: CPU"].append(cpu)
    player.tell("rows 0")
    record.steady(1.5)


def _fallback(player: Player, place: Path, seconds: float, values: Values) -> None:
    argv = [sys.executable, "-c", _PLAIN_TEXTUAL]
    with terminal(argv, cwd=place, environment=player.environment) as ui:
        record = Recording(ui)
        record.start(_FIRST)
        player.tell("rows 60")
        record.steady(2.0)
        values["without the diff, all 60 rows change"].append(record.steady(seconds)[0])
    player.tell("rows 0")


def _peer(peer: _Peer, place: Path, seconds: float, values: Values) -> None:
    with terminal(peer.argv, cwd=place, environment=peer.environment) as ui:
        record = Recording(ui)
        ui.wait_for(peer.begins, timeout_s=120.0)
        ui.settle(0.5)
        ui.send(peer.keys)
        ui.wait_for(peer.shows, timeout_s=120.0)
        record.steady(_CALM_S)
        sent, cpu = record.steady(seconds)
        values[peer.name].append(sent)
        values[f"{peer.name}: CPU"].append(cpu)


@contextmanager
def _attached(player: Player, place: Path) -> "Iterator[tuple[Recording, Callable[[bytes], None]]]":
    argv = [OVERNIGHT, "attach", "night"]
    with terminal(argv, cwd=place, environment=player.environment) as ui:

        def press(key: bytes) -> None:
            ui.send(key)
            ui.settle(1.0)

        yield Recording(ui), press


@contextmanager
def _peers(place: Path) -> Iterator[Sequence[_Peer]]:
    """Yield what can be measured here, beside sixty containers of which three work."""
    try:
        require_docker()
    except pytest.skip.Exception as reason:
        print(f"\n  lazydocker, docker stats and htop are not measured: {reason}")
        yield ()
        return
    here = fresh("terminal-engine")
    with lab() as containers:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda number: _made(containers, number), range(_CONTAINERS)))
        with running(here, _BATCH.format(prefix=containers.prefix)) as engine:
            attach = [OVERNIGHT, "attach", "bench"]
            name = f"{containers.prefix}-".encode()
            yield [_Peer(OURS, attach, engine.environment, b"one", b"2G", name), *_installed()]


def _installed() -> Iterator[_Peer]:
    """Yield those of the other programs that are there; say which are not."""
    where = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for name, (argv, begins) in _OTHERS.items():
        path = shutil.which(argv[0], path=where)
        if path is None:
            print(f"\n  {name} is not installed, and not measured")
        else:
            yield _Peer(name, [path, *argv[1:]], os.environ, begins)


def _made(here: Lab, number: int) -> None:
    if number < _BUSY:
        here.run(str(number), "sh", "-c", "while :; do :; done", options=("--cpus", "0.2"))
    else:
        here.run(str(number), "tail", "-f", "/dev/null")
