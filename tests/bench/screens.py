"""Key to paint on every screen with 5,000 tasks of which 100 change each second, and memory."""

import compileall
import os
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import supervisor
from supervisor.tui.places import SCREENS
from tests.bench.gate import Figure, show
from tests.bench.places import fresh
from tests.terminal import Terminal, terminal

TASKS = 5000
CHANGES_S = 100
_SCREEN = """
import sys
from types import SimpleNamespace
from supervisor.cli.attach import screen
sys.exit(screen(SimpleNamespace(socket=sys.argv[1])))
"""
_CURSOR = "▌".encode()
"""Drawn where the cursor comes to be; what changes by itself draws none."""
_WHOLE = 600
"""Text without a cursor moves as a whole: so many bytes are more than what changes by itself."""
_LETTER = "ß".encode()
_TRIES = 2
_MOVES = (b"j", b"j", b"\x1b[6~", b"k", b"\x1b[5~", b"j", b"k")
"""Down, page down, up, page up: each moves the cursor, also in a list of a few rows."""
_BACK = (b"k", b"k", b"\x1b[5~", b"j", b"\x1b[6~")
"""Of a text whose end is shown."""
_SCREENS = [(place.name, place.key.encode()) for place in SCREENS if place.key]


@contextmanager
def crowd(path: Path) -> Generator[None]:
    """Run the engine that shows all these tasks."""
    argv = [sys.executable, "-m", "tests.bench.crowd", str(path), str(TASKS), str(CHANGES_S)]
    process = subprocess.Popen(argv, cwd=Path(__file__).parents[2])
    try:
        deadline = time.monotonic() + 60
        while not path.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the engine to look at did not start")
            time.sleep(0.05)
        yield
    finally:
        process.kill()
        process.wait()


def answer_ms(ui: Terminal, key: bytes, sign: bytes) -> float | None:
    """Return the milliseconds from ``key`` to the paint that answers it; None: none came."""
    while ui.read(0):
        pass
    seen = len(ui.written)
    began = time.perf_counter()
    os.write(ui.fd, key)
    while time.perf_counter() - began < 2.0:
        ui.read(0.5)
        news = ui.written[seen:]
        if sign in news if sign else len(news) >= _WHOLE:
            return (time.perf_counter() - began) * 1000
    return None


def answers(ui: Terminal, keys: Sequence[bytes], sign: bytes, count: int) -> list[float]:
    """Press ``count`` keys, one after the other, at moments that have nothing to do with changes."""
    found: list[float] = []
    for at in range(count):
        _rest(ui, 0.06 + at * 37 % 90 / 1000)
        key = keys[at % len(keys)]
        answer = answer_ms(ui, key, sign)
        if answer is not None:
            found.append(answer)
        elif not found and at == _TRIES:
            break
    return sorted(found)


def typing(ui: Terminal, count: int) -> list[float]:
    """Type a letter into a filter ``count`` times, which no task has, and take it back."""
    found: list[float] = []
    for _ in range(count):
        answer = answer_ms(ui, _LETTER, _LETTER)
        os.write(ui.fd, b"\x7f")
        _rest(ui, 0.25)
        found += [answer] if answer is not None else []
    return sorted(found)


def _rest(ui: Terminal, seconds: float) -> None:
    until = time.perf_counter() + seconds
    while (left := until - time.perf_counter()) > 0:
        ui.read(left)


def rss_mib(pid: int, field: str) -> float:
    """Return ``VmRSS`` or ``VmHWM`` of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


def cpu_percent(ui: Terminal, seconds: float) -> float:
    """Return the CPU that the screen uses while nobody presses a key, in percent of a core."""
    began = _cpu_s(ui.pid)
    _rest(ui, seconds)
    return (_cpu_s(ui.pid) - began) / seconds * 100


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def table(*, quick: bool, slack: float) -> int:
    """Print the table; return how many limits were missed."""
    count = 60 if quick else 300
    compileall.compile_dir(str(Path(supervisor.__file__).parent), quiet=1)
    place = fresh("screens")
    home = place / "home"
    home.mkdir()
    load = os.getloadavg()[0]
    notes = [
        f"{TASKS} tasks, {CHANGES_S} change each second; 120 x 40, {count} keys each",
        f"{os.cpu_count()} cores, load {load:.1f}: what else runs adds to these times",
    ]
    with crowd(place / "s.sock"):
        argv = [sys.executable, "-c", _SCREEN, str(place / "s.sock")]
        environment = {**os.environ, "HOME": str(home)}
        with terminal(argv, cwd=place, environment=environment) as ui:
            ui.wait_for(b"instance-")
            _rest(ui, 3)
            for (
                _,
                key,
            ) in _SCREENS:  # a screen is loaded when it is first shown, which is no key's fault
                os.write(ui.fd, key)
                _rest(ui, 2)
            figures = [
                one for name, key in _SCREENS for one in _screen(ui, name, key, count, notes)
            ]
            os.write(ui.fd, b"1/")
            _rest(ui, 2)
            figures += _row("a filter being typed", typing(ui, count // 3), notes)
            rss = rss_mib(ui.pid, "VmRSS")
            figures.append(Figure(name="memory", value=rss, unit="MiB", limit=120))
            notes.append(f"the most memory it ever had: {rss_mib(ui.pid, 'VmHWM'):.0f} MiB")
    return show("The screen with many tasks: key to paint, and memory", notes, figures, slack)


def _screen(ui: Terminal, name: str, key: bytes, count: int, notes: list[str]) -> list[Figure]:
    if Path(f"/proc/{ui.pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
        raise RuntimeError(f"the screen ended: {bytes(ui.written[-600:])!r}")
    # From the first task of the first screen, which has failed and so has a log.
    for part in (b"1", b"g", key):
        os.write(ui.fd, part)
        _rest(ui, 1)
    log = name == "log"
    found = _row(name, answers(ui, _BACK if log else _MOVES, b"" if log else _CURSOR, count), notes)
    notes.append(
        f"{'':{len(name)}}  {cpu_percent(ui, 4):.1f} % of a core while nobody presses a key"
    )
    os.write(ui.fd, b"\x1b")
    _rest(ui, 0.5)
    return found


def _row(name: str, times: list[float], notes: list[str]) -> list[Figure]:
    if not times:
        notes.append(f"{name}: nothing answers these keys")
        return []
    median, worst = times[len(times) // 2], times[-1]
    notes.append(f"{name}: {len(times)} answers, median {median:.1f} ms, worst {worst:.1f} ms")
    p99 = times[max(0, int(len(times) * 0.99) - 1)]
    return [Figure(name=f"{name}, p99", value=p99, limit=50, unit="ms", absolute=True)]
