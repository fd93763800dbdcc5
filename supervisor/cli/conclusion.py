"""What ``scan`` found in a file, for a person and for a script."""

import sys
from collections.abc import Iterator
from datetime import datetime, tzinfo
from shutil import get_terminal_size

from supervisor.cli.colour import Paint
from supervisor.cli.reading import Log
from supervisor.cli.samples import PASSED_OVER, Document, candidates, verdict, weighed
from supervisor.cli.text import cleaned, cut, span, wrapped
from supervisor.core.backoff import slack_s
from supervisor.core.models import Detection, Verdict
from supervisor.core.weighing import Candidate

_PIPED = 100_000
"""Columns where nobody reads along: a line stays one line."""
_SHOWN = 12
"""Lines listed on a terminal without being asked for more."""
_KIB = 1024.0


def document(log: Log) -> Document:
    """Return what ``scan --json`` says."""
    judged = log.judged
    proof = judged.proof
    return {
        "v": 1,
        "file": log.name,
        "bytes": log.size_bytes,
        "lines": judged.lines,
        "skipped_bytes": judged.skipped,
        "written_at": log.written_at,
        **verdict(judged),
        "line_number": judged.lines - proof.from_end if proof else None,
        "cause": judged.verdict.cause or None,
        "candidates": weighed(judged),
    }


def lines(log: Log, zone: tzinfo, *, explain: bool) -> Iterator[str]:
    """Yield what a person reads: what was found with line numbers, then the conclusion."""
    page = _Page(zone)
    if explain:
        yield from page.explanation(log)
    else:
        yield from page.listing(log)
    yield from page.conclusion(log)
    if log.judged.skipped:
        yield f"skipped {log.judged.skipped:,} bytes of lines longer than 1 MiB: only their heads were read"


class _Page:
    """Lays lines out for the terminal, or for a pipe."""

    def __init__(self, zone: tzinfo) -> None:
        self._paint = Paint(sys.stdout)
        self._on_terminal = sys.stdout.isatty()
        self._width = max(40, get_terminal_size().columns) if self._on_terminal else _PIPED
        self._zone = zone

    def listing(self, log: Log) -> Iterator[str]:
        """Yield every detection in the order of the file."""
        found = log.judged.detections
        shown = found[-_SHOWN:] if self._on_terminal else found
        if len(shown) < len(found):
            yield self._paint(
                f"  {len(found) - len(shown)} more before these; --explain shows them all", "dim"
            )
        for detection in shown:
            yield from self._entry(detection, log)
        if shown:
            yield ""

    def explanation(self, log: Log) -> Iterator[str]:
        """Yield every candidate with its points, the best first, and why it won or lost."""
        for one in candidates(log.judged):
            style = "green" if one.won else "dim"
            yield f"{one.points:>3} points  {self._paint(one.outcome, style)}"
            yield from self._entry(one.detection, log)
            yield from self._reasons(one)
            yield ""
        for detection in log.judged.passed_over:
            yield f"  0 points  {self._paint(PASSED_OVER, 'dim')}"
            yield from self._entry(detection, log)
            yield ""

    def conclusion(self, log: Log) -> Iterator[str]:
        """Yield the class, the cause, its line, and when to go on."""
        judged, found = log.judged, log.judged.verdict
        yield self._paint(self._facts(log), "dim")
        if not log.size_bytes:
            yield "it is empty: there is nothing to judge"
        elif found.error_class is None:
            yield self._paint("nothing that a running task would be stopped for", "green")
        elif judged.proof is None:
            yield self._field("class", self._paint("unknown", "bold", "yellow"))
            yield from self._words("last", _last_words(found))
            yield "no rule explains it; if it should: overnight rules coverage --help"
        else:
            yield self._field("class", self._paint(str(found.error_class), "bold", "red"))
            yield from self._words("cause", cleaned(found.cause))
            yield self._field("proof", f"line {_number(judged.proof, log)}, {judged.proof.rule}")
            if found.retry_at is not None:
                yield from self._words("again", self._when(found, log))

    def _entry(self, detection: Detection, log: Log) -> Iterator[str]:
        """Yield where a line stands, what it means, and the line."""
        number = self._paint(f"{_number(detection, log):>9}", "cyan")
        head = (
            f"{number}  {self._paint(f'{detection.error_class:<14}', 'bold')} {detection.rule:<24}"
        )
        if self._on_terminal:
            yield head.rstrip()
            yield f"{'':>9}  {cut(cleaned(detection.line), self._width - 11)}"
        else:
            yield f"{head} {cleaned(detection.line)}"

    def _reasons(self, one: Candidate) -> Iterator[str]:
        text = ", ".join(reason.told() for reason in one.reasons)
        for line in wrapped(text, self._width - 11, "", 9):
            yield f"{'':>9}  {self._paint(line, 'dim')}"

    def _when(self, found: Verdict, log: Log) -> str:
        """Say when a stated time is, from when it counts, and what is added to it."""
        assert found.retry_at is not None
        wait_s = found.retry_at - log.written_at
        after = f"{span(wait_s)} after it was written" if wait_s >= 1 else "at once"
        return (
            f"{self._moment(found.retry_at)}, {after}; a batch adds {slack_s(wait_s):.0f}s of slack"
        )

    def _facts(self, log: Log) -> str:
        name = "standard input" if log.name == "-" else cleaned(log.name)
        counted = f"{log.judged.lines:,} lines, {_size(log.size_bytes)}"
        written = f"times count from {self._moment(log.written_at)}"
        return cut(f"{name}: {counted}; {written}", self._width)

    def _moment(self, at: float) -> str:
        return datetime.fromtimestamp(at, self._zone).strftime("%Y-%m-%d %H:%M:%S %Z")

    def _field(self, name: str, text: str) -> str:
        return f"{name:<7} {text}"

    def _words(self, name: str, text: str) -> Iterator[str]:
        first, *rest = wrapped(text, self._width - 8, "", 12)
        yield self._field(name, first)
        yield from (f"{'':<7} {line}" for line in rest)


def _last_words(found: Verdict) -> str:
    return cleaned(found.cause.removeprefix("exit 1: "))


def _number(detection: Detection, log: Log) -> int:
    return log.judged.lines - detection.from_end


def _size(size_bytes: int) -> str:
    size = float(size_bytes)
    for unit in ("bytes", "KiB", "MiB"):
        if size < _KIB:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= _KIB
    return f"{size:.1f} GiB"
