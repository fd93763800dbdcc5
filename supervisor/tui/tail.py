"""The last lines of a log, fed with bytes."""

import codecs
from collections import deque

from supervisor.tui.format import plain

LINES_KEPT = 5000
LONGEST_LINE = 16 * 1024
"""Characters of one line that are kept for the screen; the file keeps all."""
_TAB = 8


class Tail:
    """Lines as they would stand on a terminal: a carriage return begins the line anew.

    What lines carry beside text (escape sequences, control characters) is left out.
    """

    def __init__(self, *, begins_inside: bool = False, ascii_only: bool = False) -> None:
        self._ascii_only = ascii_only
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._done: deque[str] = deque(maxlen=LINES_KEPT)
        self._rest = ""
        self._skip = begins_inside
        self.dropped = 0
        """Lines that were finished and are no longer kept."""

    def feed(self, data: bytes) -> None:
        """Take ``data``, the next bytes of the file."""
        head, *others = (self._rest + self._decoder.decode(data)).split("\n")
        for line in others:
            self._finish(head)
            head = line
        self._rest = _shown_part(head) if len(head) > LONGEST_LINE else head

    def _finish(self, line: str) -> None:
        if self._skip:
            self._skip = False
            return
        if len(self._done) == LINES_KEPT:
            self.dropped += 1
        self._done.append(self._clean(line))

    def _clean(self, line: str) -> str:
        return plain(_shown_part(line).expandtabs(_TAB), ascii_only=self._ascii_only)

    @property
    def finished(self) -> int:
        """How many lines are complete, counted from the first byte fed."""
        return self.dropped + len(self._done)

    def line(self, number: int) -> str:
        """Return complete line ``number``, counted from the first byte fed."""
        return self._done[number - self.dropped]

    @property
    def unfinished(self) -> str:
        """What stands after the last line end."""
        return "" if self._skip else self._clean(self._rest)


def _shown_part(line: str) -> str:
    line = line.removesuffix("\r")
    return line[line.rfind("\r") + 1 :][-LONGEST_LINE:]
