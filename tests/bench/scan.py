"""From the bytes of a log to detections, against ripgrep, bare hyperscan and ``re`` line by line.

Bare hyperscan is the same database over the same pieces of the same file, in one thread, with a
callback that counts. The pipeline uses all processors, as ``overnight scan`` does, and is compared by the
clock; with one process it is compared by the processor's time.
"""

import os
import re
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from typing_extensions import override

from supervisor.adapters.scanner.automaton import Re2Scanner
from supervisor.adapters.scanner.compiling import compiled, database, loaded
from supervisor.adapters.scanner.hyper import HyperScanner
from supervisor.adapters.scanner.plain import ReScanner
from supervisor.adapters.scanner.portable import portable
from supervisor.adapters.scanner.regions import Looker, glances, processors
from supervisor.adapters.zones import zone_lookup
from supervisor.config.packs import load_built
from supervisor.core.judging import Judge
from supervisor.core.models import Origin
from supervisor.core.rules import Finding, RuleBook
from supervisor.core.shape import shape_of
from supervisor.ports import Scanner
from tests.bench.gate import Figure, show
from tests.bench.logs import write_log
from tests.bench.places import fresh

_MIB = 1 << 20
_BLOCK = 64 * 1024
_RULES = Path(__file__).parents[2] / "configs" / "rules.json"


class _Unjudged(RuleBook):
    """Takes nothing for an error, without a look."""

    @override
    def judge(
        self,
        line: str,
        candidates: Sequence[str],
        *,
        stream: Origin = "stderr",
        beside: tuple[str, str] = ("", ""),
    ) -> Finding | None:
        return None


@dataclass(frozen=True)
class _Rate:
    """MiB a second, by the clock and by the processor's time (of its own process)."""

    clock: float
    cpu: float


@dataclass
class _Bench:
    """One log, and the ways to search it; each returns how fast it was."""

    log: Path
    slice_mib: int
    rules: RuleBook = field(default_factory=lambda: load_built(_RULES))
    cache: Path = field(default_factory=lambda: fresh("patterns"))
    found: dict[str, int] = field(default_factory=dict[str, int])

    def __post_init__(self) -> None:
        self.patterns = [portable(rule.pattern).search for rule in self.rules]
        began = time.perf_counter()
        compiled(self.patterns)
        self.compile_s = time.perf_counter() - began
        self.scanner = HyperScanner(self.rules, cache=self.cache)
        self.slice = self.log.with_name("slice")
        with self.log.open("rb") as file:
            data = file.read(self.slice_mib * _MIB)
        self.slice.write_bytes(data[: data.rfind(b"\n") + 1])

    def ways(self) -> Mapping[str, Callable[[], _Rate]]:
        return {
            "bare hyperscan": self.bare,
            "pipeline": lambda: self.pipeline(processors()),
            "pipeline, one process": lambda: self.pipeline(1),
            "lines and rules": lambda: self.attribution(processors()),
            "ripgrep": self.ripgrep,
            "re2": lambda: self.engine("re2", Re2Scanner(self.rules), self.slice_mib * _MIB),
            "re, line by line": lambda: self.engine("re", ReScanner(self.rules), _MIB // 4),
        }

    def bare(self) -> _Rate:
        bare = loaded(database(self.patterns, self.cache))
        matches = 0

        def count(*_match: object) -> None:
            nonlocal matches
            matches += 1

        started = _now()
        with self.log.open("rb", buffering=0) as file:
            while data := file.read(_BLOCK):
                bare.scan(data, match_event_handler=count)
        return _rate(self.log.stat().st_size, started)

    def pipeline(self, workers: int) -> _Rate:
        rules = load_built(_RULES)  # each round shall see the log for the first time
        shape_of.cache_clear()
        judge = Judge(rules, self.scanner.scan, zone_lookup("UTC"))
        looker = Looker(self.log, rules, self.scanner)
        started = _now()
        judged = judge.judge_parts(glances(looker, workers=workers), 0.0, live=False)
        self.found["lines"] = judged.lines
        self.found["detections remembered"] = len(judged.detections)
        return _rate(self.log.stat().st_size, started)

    def attribution(self, workers: int) -> _Rate:
        """Only tell which line matches which rule; judge none of them."""
        looker = Looker(self.log, _Unjudged(self.rules), self.scanner)
        started = _now()
        lines = sum(part.lines for part in glances(looker, workers=workers))
        assert lines == self.found["lines"]
        return _rate(self.log.stat().st_size, started)

    def ripgrep(self) -> _Rate:
        words = self.log.with_name("patterns")
        words.write_text("".join(f"{_ascii(rule.pattern)}\n" for rule in self.rules))
        command = ["rg", "--no-unicode", "-i", "-c", "-f", str(words), str(self.slice)]
        started = _now()
        counted = subprocess.run(command, capture_output=True, check=True)
        rate = _rate(self.slice.stat().st_size, started)
        self.found["lines ripgrep found"] = int(counted.stdout)
        return rate

    def engine(self, name: str, scanner: Scanner, size: int) -> _Rate:
        with self.slice.open("rb") as file:
            data = file.read(size)
        data = data[: data.rfind(b"\n") + 1]
        started = _now()
        lines: set[int] = set()
        done = 0
        while done < len(data):
            end = data.rfind(b"\n", done, done + _BLOCK) + 1
            lines.update(done + match.start for match in scanner.scan(data[done:end]))
            done = end
        rate = _rate(len(data), started)
        self.found[f"lines {name} found"] = len(lines)
        return rate

    def candidates(self) -> tuple[float, float]:
        """Return how many lines any rule matches: percent of all, and of a MiB."""
        data = self.slice.read_bytes()
        hits = {match.line for match in self.scanner.scan(data)}
        return 100 * len(hits) / data.count(b"\n"), len(hits) / len(data) * _MIB

    def slowest(self) -> list[tuple[float, str]]:
        """Return the rules that alone are slowest, with their rates: where to look first."""
        data = self.slice.read_bytes()[: 4 * _MIB]
        rates: list[tuple[float, str]] = []
        for rule in self.rules:
            alone = loaded(compiled([portable(rule.pattern).search]))
            started = _now()
            alone.scan(data, match_event_handler=_ignore)
            rates.append((_rate(len(data), started).cpu, rule.id))
        return sorted(rates)[:4]


def table(*, quick: bool, slack: float) -> int:
    """Print the table; return how many limits were missed."""
    place = fresh("scan")
    size, rounds = (32 * _MIB, 3) if quick else (256 * _MIB, 5)
    write_log(place / "log", size)
    bench = _Bench(place / "log", slice_mib=2 if quick else 4)
    rates: dict[str, list[_Rate]] = {name: [] for name in bench.ways()}
    for _ in range(rounds):
        for name, way in bench.ways().items():
            rates[name].append(way())
    middle = {name: statistics.median(one.clock for one in all_) for name, all_ in rates.items()}
    slowest = bench.slowest()
    share, per_mib = bench.candidates()
    return show("Scan: bytes of a log to detections", _notes(bench, rates, slowest), [
        Figure(name="lines that any rule matches", value=share, unit="%"),
        Figure(name="lines that any rule matches", value=per_mib, unit="of a MiB"),
        Figure(name="patterns compiled", value=bench.compile_s, limit=10, unit="s", absolute=True),
        Figure(name=f"slowest rule alone: {slowest[0][1]}", value=slowest[0][0], limit=200,
               at_most=False, unit="MiB/s", absolute=True),
        *(Figure(name=name, value=rate, unit="MiB/s") for name, rate in middle.items()),
        _over("pipeline / ripgrep", rates, "pipeline", "ripgrep", 2),
        _over("pipeline / bare hyperscan", rates, "pipeline", "bare hyperscan", 0.8),
        _over("lines and rules / bare hyperscan", rates, "lines and rules", "bare hyperscan", 0.8),
        _over("one process / bare hyperscan, CPU", rates, "pipeline, one process",
              "bare hyperscan", None, cpu=True),
        _over("re2 / re, line by line, CPU", rates, "re2", "re, line by line", 50, cpu=True),
    ], slack)  # fmt: skip


def _notes(
    bench: _Bench, rates: Mapping[str, list[_Rate]], slowest: list[tuple[float, str]]
) -> list[str]:
    found = ", ".join(f"{value:,} {name}" for name, value in bench.found.items())
    return [
        f"{bench.log.stat().st_size / _MIB:.0f} MiB, {len(bench.rules)} rules,"
        f" {processors()} processors, load {os.getloadavg()[0]:.1f}; ripgrep and re2 read the first"
        f" {bench.slice_mib} MiB, re 256 KiB",
        found,
        f"slowest rules alone: {', '.join(f'{name} {rate:.0f} MiB/s' for rate, name in slowest)}",
        *(
            f"{name}, MiB/s: {', '.join(f'{one.clock:.1f}' for one in values)}"
            for name, values in rates.items()
        ),
    ]


def _over(
    name: str,
    rates: Mapping[str, list[_Rate]],
    ours: str,
    theirs: str,
    limit: float | None,
    *,
    cpu: bool = False,
) -> Figure:
    """Return the median of the ratios of each round: both parts had the same neighbours."""
    ratios = [
        a.cpu / b.cpu if cpu else a.clock / b.clock
        for a, b in zip(rates[ours], rates[theirs], strict=True)
    ]
    return Figure(name=name, value=statistics.median(ratios), limit=limit, at_most=False)


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _rate(size: int, started: tuple[float, float]) -> _Rate:
    clock, cpu = (now - before for now, before in zip(_now(), started, strict=True))
    return _Rate(size / _MIB / clock, size / _MIB / max(cpu, 1e-9))


def _ascii(pattern: str) -> str:
    """Write a pattern as ripgrep takes it without Unicode: letters as bytes, quotes unescaped."""
    pattern = re.sub(r"(\\\\)|\\([\"'])", lambda found: found[1] or found[2], pattern)
    return "".join(
        letter if letter.isascii() else "".join(f"\\x{byte:02x}" for byte in letter.encode())
        for letter in pattern
    )


def _ignore(*_match: object) -> None:
    """Be told of a match."""
