"""What one attempt says of itself: the marks in its file, and those on its stdout."""

import logging
import os
from pathlib import Path

from supervisor.core.account import Account
from supervisor.core.marks import WORD
from supervisor.core.places import MARKS
from supervisor.core.told import Told

log = logging.getLogger(__name__)

_AT_ONCE = 4 << 20
"""Bytes of the file that are read in one look."""
_OF_STDOUT = 1 << 20
"""Of stdout the last so many of what is new: whoever writes more has its marks in the file."""
_STDOUT = "stdout.log"
_WORD = WORD.encode()


class Saying:
    """Reads on where it stopped; only whole lines count."""

    __slots__ = ("_account", "_directory", "_read_to")

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._account = Account()
        self._read_to: dict[str, int] = {}

    @property
    def counter(self) -> tuple[int, int] | None:
        """Done and total, where both were said."""
        return self._account.counter

    @property
    def marks(self) -> int | None:
        """How many good marks there were so far; None: not one."""
        return self._account.marks or None

    @property
    def lines(self) -> int:
        """How many lines were taken in as marks, good ones and others."""
        return self._account.marks + self._account.malformed

    @property
    def size(self) -> int:
        """How many bytes there are to be read."""
        return sum(_size(f"{self._directory}/{name}") for name in (MARKS, _STDOUT))

    def told(self) -> Told | None:
        """Return what all marks so far add up to; None: there were none."""
        return self._account.told()

    def look(self, now: float) -> bool:
        """Take in what is new; return whether there may be more than was read in one look."""
        try:
            lines, more = self._new(MARKS, _AT_ONCE, from_end=False)
            self._account.take((_text(line) for line in lines), now)
            said, _ = self._new(_STDOUT, _OF_STDOUT, from_end=True)
        except OSError as error:
            # What cannot be read says nothing; other signs decide.
            log.debug("marks cannot be read", exc_info=error)
            return False
        # A bar that redraws its line may stand before it.
        parts = (part for line in said if _WORD in line for part in line.split(b"\r"))
        marks = (_text(part) for part in parts if part.lstrip().startswith(_WORD + b" "))
        self._account.take(marks, now, sure=False)
        return more

    def look_to_the_end(self, now: float) -> None:
        """Take in all there is."""
        while self.look(now):
            pass

    def _new(self, name: str, most: int, *, from_end: bool) -> tuple[list[bytes], bool]:
        """Return the whole lines since the last look, and whether more is left."""
        path = f"{self._directory}/{name}"
        size, start = _size(path), self._read_to.get(name, 0)
        if size < start:
            start = 0
        if size == start:
            return [], False
        begin = max(start, size - most) if from_end else start
        data = _read(path, begin, min(size, begin + most))
        end = data.rfind(b"\n") + 1
        if not end and len(data) == most:
            end = len(data)  # An endless line is passed over, or it would be read for ever.
        self._read_to[name] = begin + end
        lines = data[:end].split(b"\n")
        cut = begin > start
        return lines[cut:-1], begin + len(data) < size and end > 0


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116 - a path object costs more than the call
    except FileNotFoundError:
        return 0


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace")


def _read(path: str, start: int, end: int) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.pread(descriptor, end - start, start)
    finally:
        os.close(descriptor)
