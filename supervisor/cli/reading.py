"""Read a log of any size and judge it, with a progress bar where somebody waits for it."""

import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from supervisor.cli.bars import bytes_bar
from supervisor.cli.detector import Detector
from supervisor.cli.text import now as wall_now
from supervisor.cli.words import CommandError
from supervisor.core.judging import Judged

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A log that was read."""

    name: str
    size_bytes: int
    written_at: float
    """Unix seconds that reset times in it count from."""
    judged: Judged


def judged_log(name: str, detector: Detector, now: float | None, *, live: bool) -> Log:
    """Return what the file ``name`` proves; ``-`` is standard input.

    Times in it count from ``now``, else from when the file was written.

    Raises:
        CommandError: it cannot be read, or is a directory.
    """
    if name == "-":
        return _streamed(name, standard_input(), detector, now, live=live)
    path = Path(name)
    if path.is_dir():
        raise CommandError(
            f"{name} is a directory, and scan takes one file; for all attempts below it:"
            f" overnight rules coverage {name}"
        )
    if not path.is_file() and path.exists():
        with opened(name) as file:
            return _streamed(name, file, detector, now, live=live)
    return _whole(path, detector, now, live=live)


def opened(name: str) -> BinaryIO:
    """Open the file ``name``, or standard input for ``-``, to read its bytes.

    Raises:
        CommandError: it cannot be read.
    """
    if name == "-":
        return standard_input()
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}") from error


def standard_input() -> BinaryIO:
    """Return the bytes of standard input; who sits at a terminal is told what is waited for."""
    if sys.stdin.isatty():
        sys.stderr.write("reading from the terminal; Ctrl+D ends it\n")
    return sys.stdin.buffer


def _whole(path: Path, detector: Detector, now: float | None, *, live: bool) -> Log:
    """Judge a file, its regions looked over by all processors."""
    from supervisor.adapters.scanner.regions import Looker, glances, processors

    opened(str(path)).close()
    facts = path.stat()
    written_at = facts.st_mtime if now is None else now
    looker = Looker(path, detector.rules, detector.scanner)
    with (
        bytes_bar(path.name, facts.st_size) as told,
        closing(glances(looker, workers=processors(), told=told)) as parts,
    ):
        judged = detector.judge.judge_parts(parts, written_at, live=live)
    return Log(name=str(path), size_bytes=facts.st_size, written_at=written_at, judged=judged)


def _streamed(
    name: str, file: BinaryIO, detector: Detector, now: float | None, *, live: bool
) -> Log:
    """Judge what can be read only once, from its beginning to its end."""
    read = 0

    def pieces() -> Iterator[bytes]:
        nonlocal read
        while data := file.read(_PIECE):
            read += len(data)
            yield data

    written_at = wall_now() if now is None else now
    judged = detector.judge.judge(pieces(), written_at, live=live)
    return Log(name=name, size_bytes=read, written_at=written_at, judged=judged)
