"""The part of a log that is in memory: whole lines around what is read, never the whole file."""

from dataclasses import dataclass

PAGE = 64 * 1024
"""Bytes asked for at once."""
MOST_BYTES = 2 * 1024 * 1024
"""So much is kept; what is farther from the reader is asked for again."""
LONGEST_LINE = 16 * 1024
"""Bytes of one line that are shown; the file keeps all."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line: where it begins in the file (bytes), and its bytes without the line end."""

    offset: int
    raw: bytes


class Pages:
    """Consecutive lines from ``low`` to ``high`` (bytes) of a file of ``size`` bytes."""

    def __init__(self) -> None:
        self.low = 0
        self.high = 0
        self.size = 0
        self.lines: list[TextLine] = []
        self.unfinished: TextLine | None = None
        """The end of the file after its last line end."""

    def begin(self, offset: int, data: bytes, size: int) -> None:
        """Forget all and begin with ``data`` from ``offset``; a line cut at its front is left out."""
        if offset > 0:
            cut = data.find(b"\n") + 1
            # Within a line that has no end in sight there is nothing better to begin with.
            offset, data = offset + cut, data[cut:]
        self.low = self.high = offset
        self.lines, self.unfinished = [], None
        self.append(offset, data, size)

    def append(self, offset: int, data: bytes, size: int) -> int:
        """Take what follows ``high``; return how many lines were dropped at the front."""
        self.size = size
        if offset != self.high:
            return 0
        new, rest = _split(offset, data)
        if not new and len(rest) > LONGEST_LINE:
            new, rest = [TextLine(offset, rest)], b""
        self.lines += new
        self.high += len(data) - len(rest)
        self.unfinished = TextLine(self.high, rest[-LONGEST_LINE:]) if rest else None
        return self._drop_front()

    def prepend(self, offset: int, data: bytes, size: int) -> int:
        """Take what ends at ``low``; return how many lines it added."""
        self.size = size
        if offset + len(data) != self.low:
            return 0
        if offset > 0:
            cut = data.find(b"\n") + 1
            if cut == len(data):
                cut = 0
            offset, data = offset + cut, data[cut:]
        new, rest = _split(offset, data)
        if rest:
            new.append(TextLine(self.low - len(rest), rest))
        self.lines[:0] = new
        self.low = offset
        self._drop_end()
        return len(new)

    def _drop_front(self) -> int:
        dropped = 0
        while self.high - self.low > MOST_BYTES and dropped + 1 < len(self.lines):
            dropped += 1
            self.low = self.lines[dropped].offset
        del self.lines[:dropped]
        return dropped

    def _drop_end(self) -> None:
        while self.high - self.low > MOST_BYTES and len(self.lines) > 1:
            self.high = self.lines.pop().offset
            self.unfinished = None


def _split(offset: int, data: bytes) -> tuple[list[TextLine], bytes]:
    """Return the whole lines of ``data`` and what stands after the last line end."""
    *whole, rest = data.split(b"\n")
    lines: list[TextLine] = []
    for raw in whole:
        lines.append(TextLine(offset, raw))
        offset += len(raw) + 1
    return lines, rest
