"""Following and scanning many files: from the write of a line to its detection, and the CPU of it."""

import asyncio
import gc
import json
import os
import statistics
import subprocess
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
from supervisor.core.events import Detected, Event
from supervisor.core.models import ErrorClass, TaskId
from supervisor.core.rules import RuleBook
from supervisor.engine.pump import Pump
from supervisor.ports import Ref, Scanner
from tests.bench.gate import Figure, show
from tests.bench.places import fresh

_LINES_PER_S = 10
_ORDINARY = (
    "2026-02-19 02:04:11,482 INFO agent step {n}: calling tool bash with 'pytest -x tests/test_{n}.py'",
    '{{"role": "assistant", "content": "The fixture closes the file twice; I will patch line {n}."}}',
    "Epoch 3:  41%|####1     | {n}/3000 [02:11<03:08,  9.41it/s, loss=0.7731]",
    '  File "/opt/conda/lib/python3.11/site-packages/torch/nn/modules/module.py", line {n}, in forward',
    "[rank0]: step={n} lr=2.0e-05 loss=1.2215 grad_norm=0.81 tokens/s=18211",
    "+    if response.ok and not seen[{n}]:",
    "tests/test_tables.py::test_rows[{n}] PASSED                                [ 57%]",
    "Collecting numpy==1.26.{n} (from -r requirements.txt (line 3))",
    "drwxr-xr-x 2 root root 4096 Feb 19 02:04 results-{n}",
    '{{"step": {n}, "reward": 0.25, "tokens": 1812, "duration": 3.2}}',
)
_LOOK_ALIKE = "+    if response.status_code == 401 and not retried:  # token expired"
_USUAL = [_ORDINARY[n % len(_ORDINARY)].format(n=n) for n in range(99)] + [_LOOK_ALIKE]
_CLASSES = {ErrorClass.AUTH, ErrorClass.QUOTA, ErrorClass.USAGE_WINDOW}


@dataclass
class _Heard:
    """What reached the core, with how long it took."""

    delays_ms: list[float] = field(default_factory=list[float])

    async def submit(self, event: Event) -> None:
        if isinstance(event, Detected) and "@" in event.detection.line:
            written_ns = int(event.detection.line.rpartition("@")[2])
            self.delays_ms.append((time.time_ns() - written_ns) / 1e6)


@dataclass(frozen=True)
class _Round:
    delays_ms: list[float]
    cpu_share: float
    late_s: float
    """How far the writer fell behind its pace."""


def _pump(rules: RuleBook, scanner: Scanner, heard: _Heard, follower: InotifyFollower) -> Pump:
    return Pump(
        follower,
        scanner,
        rules,
        clock=SystemClock(),
        zone=zone_lookup(None),
        submit=heard.submit,
    )


async def _telling(rules: RuleBook, scanner: Scanner, count: int) -> list[str]:
    """Return samples of the packs, each of another rule, that a running attempt is heard for."""
    heard = _Heard()
    pump = _pump(rules, scanner, heard, InotifyFollower())
    samples = [rule.matches[0] for rule in rules if rule.error_class in _CLASSES and rule.matches]
    place = fresh("samples")
    found: list[str] = []
    async with asyncio.TaskGroup() as group:
        running = group.create_task(pump.run(), name="pump")
        for number, sample in enumerate(samples):
            ref = Ref(TaskId(f"sample/{number}"), 1)
            (place / str(number)).mkdir()
            (place / str(number) / "stderr.log").write_text(f"{sample} @{time.time_ns()}\n")
            before = len(heard.delays_ms)
            pump.begin(ref, place / str(number), {})
            await asyncio.sleep(0.1)
            await pump.finish(ref)
            if len(heard.delays_ms) == before + 1:
                found.append(sample)
            if len(found) == count:
                break
        running.cancel()
    return found


async def _round(
    rules: RuleBook,
    scanner: Scanner,
    telling: list[str],
    files: int,
    seconds: float,
    telling_every: int = 1,
    flood: Path | None = None,
) -> _Round:
    heard = _Heard()
    pump = _pump(rules, scanner, heard, InotifyFollower())
    place = fresh("follow")
    refs = [Ref(TaskId(f"g/{number}"), 1) for number in range(files)]
    for number in range(files):
        (place / str(number)).mkdir()
        (place / str(number) / "stderr.log").touch()
    plan = place / "plan.json"
    plan.write_text(
        json.dumps(
            {
                "paths": [str(place / str(number) / "stderr.log") for number in range(files)],
                "lines_per_s": _LINES_PER_S,
                "seconds": seconds,
                "usual": _USUAL,
                "telling": telling,
                "telling_every": telling_every,
            }
        )
    )
    async with asyncio.TaskGroup() as group:
        running = group.create_task(pump.run(), name="pump")
        for ref, number in zip(refs, range(files), strict=True):
            pump.begin(ref, place / str(number), {})
        if flood is not None:
            pump.begin(Ref(TaskId("flood/1"), 1), flood, {})
        await asyncio.sleep(1.0)
        writer = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.writers", str(plan), stdout=subprocess.PIPE
        )
        began, cpu = time.monotonic(), time.process_time()
        said, _ = await writer.communicate()
        share = (time.process_time() - cpu) / (time.monotonic() - began) * 100
        await asyncio.sleep(0.2)
        running.cancel()
    due = files // telling_every * len(telling)
    if writer.returncode or len(heard.delays_ms) != due:
        raise RuntimeError(f"{len(heard.delays_ms)} of {due} lines were detected")
    return _Round(sorted(heard.delays_ms), share, float(said))


def _at(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


async def _flood(rules: RuleBook, scanner: Scanner, telling: list[str], seconds: float) -> _Round:
    """The same with 100 files beside one that is written as fast as the disk takes it."""
    place = fresh("flood")
    (place / "stderr.log").touch()
    program = (
        "import os,sys,time\n"
        "out=os.open(sys.argv[1],os.O_WRONLY|os.O_APPEND)\n"
        "piece=(b'x'*99+b'\\n')*10000\n"
        "began=time.time()\n"
        "n=0\n"
        "while (t:=time.time()-began)<float(sys.argv[2]):\n"
        "    if n<t*100: os.write(out,piece); n+=1\n"
        "    else: time.sleep(0.002)\n"
    )
    flood = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(place / "stderr.log"), str(seconds + 2)
    )
    try:
        return await _round(rules, scanner, telling, 100, seconds, flood=place)
    finally:
        if flood.returncode is None:
            flood.kill()
        await flood.wait()
        (place / "stderr.log").unlink()


async def _begin_and_finish(rules: RuleBook, scanner: Scanner, count: int) -> float:
    """Return the CPU of following an attempt that writes nothing, in microseconds."""
    pump = _pump(rules, scanner, _Heard(), InotifyFollower())
    place = fresh("empty")
    for number in range(count):
        (place / str(number)).mkdir()
        for name in ("stdout.log", "stderr.log"):
            (place / str(number) / name).touch()
    began = time.process_time()
    for number in range(count):
        ref = Ref(TaskId(f"g/{number}"), 1)
        pump.begin(ref, place / str(number), {})
        await pump.finish(ref)
    return (time.process_time() - began) / count * 1e6


def table(*, quick: bool, slack: float) -> int:
    """Print the table; return how many limits were missed."""
    rules = load_built(find("configs/rules.json", os.environ))
    scanner = best_scanner(rules, cache=Path.home() / ".cache/overnight")
    telling = asyncio.run(_telling(rules, scanner, 1))
    gc.freeze()  # as the engine does once it has started
    rounds, seconds = (2, 8.0) if quick else (5, 15.0)
    block = "".join(f"{line}\n" for line in _USUAL).encode()
    notes = [f"{len(scanner.scan(block))} of 100 usual lines match a rule, as look-alikes do"]
    p99: list[float] = []
    floods: list[float] = []
    empty: list[float] = []
    shares: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        many = asyncio.run(_round(rules, scanner, telling, 1000, seconds, 5))
        few = asyncio.run(_round(rules, scanner, telling, 60, seconds, 10))
        p99.append(_at(many.delays_ms, 0.99))
        flood = asyncio.run(_flood(rules, scanner, telling, seconds / 2))
        floods.append(_at(flood.delays_ms, 0.99))
        empty.append(asyncio.run(_begin_and_finish(rules, scanner, 500)))
        shares[0].append(many.cpu_share)
        shares[1].append(few.cpu_share)
        notes.append(
            f"round {number + 1}: 1,000 files p50 {_at(many.delays_ms, 0.5):5.1f} ms, p99 {p99[-1]:5.1f} ms,"
            f" worst {many.delays_ms[-1]:5.1f} ms, {many.cpu_share:5.1f} % of a core,"
            f" writer {many.late_s * 1000:.0f} ms late; 60 files p99 {_at(few.delays_ms, 0.99):5.1f} ms,"
            f" {few.cpu_share:4.2f} %; 100 files beside 100 MB/s p99 {floods[-1]:5.1f} ms,"
            f" {flood.cpu_share:4.1f} %; begin + finish {empty[-1]:4.1f} µs"
        )
    figures = [
        Figure(
            name="1,000 files: write to detection, p99",
            value=statistics.median(p99),
            limit=60,
            unit="ms",
            absolute=True,
        ),
        Figure(name="1,000 files: CPU", value=statistics.median(shares[0]), unit="% of a core"),
        Figure(
            name="60 files: CPU",
            value=statistics.median(shares[1]),
            limit=2.5,
            unit="% of a core",
            absolute=True,
        ),
        Figure(
            name="100 files beside one of 100 MB/s, p99",
            value=statistics.median(floods),
            limit=150,
            unit="ms",
            absolute=True,
        ),
        Figure(
            name="begin + finish of a silent attempt",
            value=statistics.median(empty),
            limit=60,
            unit="µs",
            absolute=True,
        ),
    ]
    return show(
        f"Following and scanning: each file {_LINES_PER_S} lines a second", notes, figures, slack
    )
