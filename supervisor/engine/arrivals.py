"""Notes beside each log file how long it was when, so that a reader can be told when lines came.

``stdout.times`` beside ``stdout.log``: lines of ``OFFSET UNIX_SECONDS``, or ``OFFSET UNIX_SECONDS late`` where
an engine that had been away found what was written meanwhile.
"""

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from supervisor.core.models import Stream, TaskId
from supervisor.core.places import attempt_dir
from supervisor.ports import Arrival

log = logging.getLogger(__name__)

EVERY_S = 10.0
"""A stream that is always written to is noted so often in the end: so exactly times are known."""
_FIRST_S = 1.0
_GROWING_S = 60.0
"""The rests between notes grow by a second in such a time."""
_MOST_STREAMS = 2000
"""Remembered at once; of one that was forgotten the next note counts as late."""
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC

Offsets = Mapping[tuple[TaskId, int, Stream], int]


@dataclass(slots=True)
class _Noted:
    path: str
    offset: int
    at: float
    since: float
    """When the first was noted by this engine."""
    left_out: tuple[int, float] | None = None
    """What was seen since, too soon to be noted."""


class ArrivalFiles:
    """Writes and reads the notes of one batch; a disk that takes none costs times, nothing else."""

    def __init__(self, state_dir: str, now: Callable[[], float]) -> None:
        self._state_dir = state_dir
        self._now = now
        self._noted: dict[tuple[TaskId, int, Stream], _Noted] = {}

    def note(self, offsets: Offsets) -> None:
        """Hear up to where streams have been read by now."""
        now = self._now()
        for key, offset in offsets.items():
            noted = self._noted.pop(key, None) or self._begun(key, now)
            self._noted[key] = noted
            if offset <= noted.offset:
                continue
            if now - noted.at < min(EVERY_S, max(_FIRST_S, (now - noted.since) / _GROWING_S)):
                noted.left_out = (offset, now)
                continue
            lines = (
                f"{offset} {now:.0f}{' late' if noted.at == 0 and _has_some(noted.path) else ''}\n"
            )
            if noted.left_out is not None:
                lines = f"{noted.left_out[0]} {noted.left_out[1]:.0f}\n{lines}"
            noted.offset, noted.at, noted.left_out = offset, now, None
            _append(noted.path, lines)
        while len(self._noted) > _MOST_STREAMS:
            self._forget(next(iter(self._noted)))

    def _begun(self, key: tuple[TaskId, int, Stream], now: float) -> _Noted:
        task, attempt, stream = key
        path = f"{attempt_dir(self._state_dir, task, attempt)}/{stream}.times"
        return _Noted(path, offset=0, at=0.0, since=now)

    def _forget(self, key: tuple[TaskId, int, Stream]) -> None:
        noted = self._noted.pop(key)
        if noted.left_out is not None:
            _append(noted.path, f"{noted.left_out[0]} {noted.left_out[1]:.0f}\n")


def arrivals(log_path: Path) -> Sequence[Arrival]:
    """Return when a log file grew, oldest first; its end came when it was last written to."""
    try:
        last = log_path.stat()
    except FileNotFoundError:
        return ()
    found: list[Arrival] = []
    for one in _noted_of(log_path):
        # An engine that begins anew reads a little twice; a file that was truncated begins anew.
        if (found[-1].offset if found else 0) < one.offset <= last.st_size:
            found.append(one)
    if not found or found[-1].offset < last.st_size:
        found.append(Arrival(offset=last.st_size, at=last.st_mtime, late=not found))
    return found


def _noted_of(log_path: Path) -> Iterator[Arrival]:
    try:
        text = log_path.with_suffix(".times").read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return
    for line in text.splitlines():
        words = line.split()
        # A crash may have cut a line.
        if len(words) >= 2 and words[0].isdecimal() and words[1].isdecimal():
            yield Arrival(offset=int(words[0]), at=float(words[1]), late=words[2:] == ["late"])


def _has_some(path: str) -> bool:
    return Path(path).exists()


def _append(path: str, lines: str) -> None:
    try:
        descriptor = os.open(path, _FLAGS, 0o600)
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            file.write(lines.encode())
    except OSError as error:
        log.debug("the time of a log cannot be noted", exc_info=error)
