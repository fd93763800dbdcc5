"""Attempts on disk, and what today's rules make of what they wrote."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from supervisor.cli import disk
from supervisor.cli.detector import Detector
from supervisor.core.diagnosis import diagnose
from supervisor.core.judging import StreamJudge
from supervisor.core.lines import LineReader
from supervisor.core.models import End, ErrorClass, Stream
from supervisor.core.redact import redact

LAST_BYTES = 32 << 20
"""So much of each stream's end is read: what explains an end stands near it."""
_PIECE = 1 << 20
_STREAMS: tuple[Stream, ...] = ("stderr", "stdout")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt: its directory, or a log that stands for a failed one."""

    path: Path
    code: int | None
    """None: it has no exit record."""
    is_file: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What the rules make of a failed attempt."""

    error_class: ErrorClass | None
    """None: no rule explains it."""
    last_line: str
    """What it wrote last, redacted."""
    path: Path
    """The file that has this line."""


def attempts(root: Path) -> list[Attempt]:
    """Return the attempts below ``root``; where there are none its logs, as failed ones."""
    found = [
        Attempt(path=path, code=_code(path))
        for path in _below(root)
        if path.name.startswith("attempt-") and path.is_dir()
    ]
    if found:
        return found
    logs = (path for path in _below(root) if path.suffix == ".log" and path.is_file())
    return [Attempt(path=path, code=1, is_file=True) for path in logs]


def explanation(attempt: Attempt, detector: Detector) -> Explanation:
    """Return what explains a failed attempt by the end of its streams."""
    streams = (
        {"stderr": attempt.path}
        if attempt.is_file
        else {stream: attempt.path / f"{stream}.log" for stream in _STREAMS}
    )
    judges: list[tuple[Path, StreamJudge]] = []
    for stream, path in streams.items():
        origin: Stream = "stderr" if stream == "stderr" else "stdout"
        judge = StreamJudge(origin, detector.rules, detector.scanner.scan, detector.zone)
        _read(path, judge, detector)
        judges.append((path, judge))
    spoke = next((one for one in judges if one[1].last), judges[0])
    last_line = redact(spoke[1].last.decode("utf-8", "replace").strip())
    end = End(
        code=attempt.code,
        ended_at=_changed_at(judges[0][0]),
        detections=tuple(found for _, judge in judges for found in judge.detections()),
        last_line=last_line,
    )
    began_at = end.ended_at if attempt.is_file else _changed_at(attempt.path / "started")
    verdict = diagnose(end, success_exit=(0,), ending=None, started_at=began_at)
    known = verdict.error_class if verdict.error_class is not ErrorClass.UNKNOWN else None
    return Explanation(error_class=known, last_line=last_line, path=spoke[0])


def _read(path: Path, judge: StreamJudge, detector: Detector) -> None:
    """Show ``judge`` the last lines of a file; a missing file is an empty one."""
    reader = LineReader(detector.scanner.has_controls)
    try:
        with path.open("rb") as file:
            written_at = os.fstat(file.fileno()).st_mtime
            file.seek(max(0, os.fstat(file.fileno()).st_size - LAST_BYTES))
            while data := file.read(_PIECE):
                if block := reader.feed(data):
                    judge.take(block, written_at)
            if block := reader.flush():
                judge.take(block, written_at)
    except FileNotFoundError:
        return


def _below(root: Path) -> Iterator[Path]:
    """Yield everything below ``root``, in order; links are not followed."""
    for folder, names, files in os.walk(root):
        names.sort()
        yield from (Path(folder, name) for name in (*names, *sorted(files)))


def _code(attempt: Path) -> int | None:
    name, _, code = (disk.first_line(f"{attempt}/exit") or "").strip("\0 ").partition("=")
    return int(code) if name == "exit" and code.strip().isdigit() else None


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
