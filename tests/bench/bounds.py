"""What following costs where output is not as it should be: one endless line, bytes, a flood."""

import asyncio
import gc
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from supervisor.adapters.clock import SystemClock
from supervisor.adapters.follow import InotifyFollower
from supervisor.adapters.scanner import best_scanner
from supervisor.adapters.zones import zone_lookup
from supervisor.config.data import find
from supervisor.config.packs import load_built
from supervisor.core.events import Event, Noted
from supervisor.core.models import TaskId
from supervisor.core.rules import RuleBook
from supervisor.engine.pump import Pump
from supervisor.ports import Ref, Scanner
from tests.bench.gate import Figure, show
from tests.bench.places import fresh

_FILES = 2
_LAST = b"\nopenai.AuthenticationError: Error code: 401 - the last line\n"
_OUTPUTS = {
    "a line of 1 GiB": "for _ in range(1024): os.write(out, b'x' * (1 << 20))",
    "300 MiB of bytes": "for _ in range(300): os.write(out, os.urandom(1 << 20))",
    "100 MB/s for 8 s": (
        "piece = b'ordinary words of a fast log, line 0123456789\\n' * 20000\n"
        "began, done = time.time(), 0\n"
        "while (spent := time.time() - began) < 8:\n"
        "    if done < spent * 1e8: done += os.write(out, piece)\n"
        "    else: time.sleep(0.002)"
    ),
}


@dataclass
class _Seen:
    """What one run showed."""

    mib_per_file: float = 0.0
    pauses_ms: list[float] = field(default_factory=list[float])
    told: set[str] = field(default_factory=set[str])
    detected: int = 0

    async def submit(self, event: Event) -> None:
        if isinstance(event, Noted):
            self.told.add(event.text)


def _memory_mib() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 2**20


async def _look(seen: _Seen) -> None:
    """Note how much memory there is, and how much of the processor others take between two looks."""
    gc.collect()
    at_first = _memory_mib()
    while True:
        cpu = time.thread_time()
        await asyncio.sleep(0.01)
        seen.pauses_ms.append((time.thread_time() - cpu) * 1000)
        seen.mib_per_file = max(seen.mib_per_file, (_memory_mib() - at_first) / _FILES)


async def _run(output: str, rules: RuleBook, scanner: Scanner) -> _Seen:
    seen = _Seen()
    clock, zone = SystemClock(), zone_lookup(None)
    pump = Pump(InotifyFollower(), scanner, rules, clock=clock, zone=zone, submit=seen.submit)
    place = fresh("bounds")
    refs = [Ref(TaskId(f"g/{number}"), 1) for number in range(_FILES)]
    program = f"import os, sys, time\nout = os.open(sys.argv[1], os.O_WRONLY)\n{output}\n"
    program += f"os.write(out, {_LAST!r})"
    async with asyncio.TaskGroup() as group:
        running = group.create_task(pump.run(), name="pump")
        writers: list[tuple[str, ...]] = []
        for number, ref in enumerate(refs):
            log = place / str(number) / "stderr.log"
            log.parent.mkdir()
            log.touch()
            pump.begin(ref, log.parent, {})
            writers.append((sys.executable, "-c", program, str(log)))
        await asyncio.sleep(0.3)
        looking = group.create_task(_look(seen), name="look")
        started = [await asyncio.create_subprocess_exec(*argv) for argv in writers]
        for writer in started:
            await writer.wait()
        for ref in refs:
            seen.detected += bool((await pump.finish(ref)).detections)
        looking.cancel()
        running.cancel()
    for number in range(_FILES):
        (place / str(number) / "stderr.log").unlink()
    return seen


def table(*, quick: bool, slack: float) -> int:
    """Print the table; return how many limits were missed."""
    del quick
    rules = load_built(find("configs/rules.json", os.environ))
    scanner = best_scanner(rules, cache=Path.home() / ".cache/overnight")
    asyncio.run(_run("os.write(out, b'error: warm\\n' * 10000)", rules, scanner))
    notes: list[str] = []
    figures: list[Figure] = []
    for name, output in _OUTPUTS.items():
        seen = asyncio.run(_run(output, rules, scanner))
        if seen.detected != _FILES:
            raise RuntimeError(f"{name}: the last line was found in {seen.detected} files")
        notes.append(f"{name}: {'; '.join(sorted(seen.told)) or 'read whole'}")
        figures += [
            Figure(name=f"{name}: memory of a file", value=seen.mib_per_file, limit=8, unit="MiB"),
            Figure(name=f"{name}: longest stretch of work", value=max(seen.pauses_ms), limit=100,
                   unit="ms CPU", absolute=True),
        ]  # fmt: skip
    return show(f"Output that is no log, {_FILES} files at once", notes, figures, slack)
