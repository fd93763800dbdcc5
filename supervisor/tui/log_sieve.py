"""Only those lines of a log in which something was found; their texts come as they are looked at."""

from bisect import bisect_left
from collections.abc import Sequence

from supervisor.ports import LogWindow
from supervisor.tui.log_rows import Row, rows_of
from supervisor.tui.pages import LONGEST_LINE, PAGE, TextLine

_MOST_TEXTS = 2000
"""So many are kept; what is farther from the reader is asked for again."""


class Sieve:
    """One row for each of ``lines`` (where they begin; more may be found); ``top`` is the first visible."""

    def __init__(self, lines: Sequence[int], *, ascii_only: bool) -> None:
        self.lines = lines
        self.top = 0
        self.following = True
        """The newest of them are shown."""
        self._ascii_only = ascii_only
        self._rows: dict[int, Row] = {}

    def row(self, index: int) -> Row | None:
        """Return a row as far as it is known; None: there is none."""
        if not 0 <= index < len(self.lines):
            return None
        offset = self.lines[index]
        return self._rows.get(offset) or Row(offset, ())

    def scroll(self, top: int, room: int) -> None:
        """Show from row ``top`` on; at the very end the newest are followed."""
        bottom = max(0, len(self.lines) - room)
        self.top = max(0, min(top, bottom))
        self.following = self.top >= bottom

    def settle(self, room: int) -> None:
        """Stay at the end, if that is followed."""
        if self.following:
            self.top = max(0, len(self.lines) - room)

    def here(self, room: int) -> int | None:
        """Return where the line begins at which a person looks; None: nothing was found."""
        if not self.lines:
            return None
        return self.lines[min(len(self.lines) - 1, self.top + room // 3)]

    def wanted(self, room: int) -> tuple[int, int] | None:
        """Return offset and size of what is to be asked for next; None: all that is visible is known."""
        visible = self.lines[self.top : self.top + room]
        missing = [offset for offset in visible if offset not in self._rows]
        if not missing:
            return None
        first = missing[0]
        near = [offset for offset in missing if offset - first < PAGE - LONGEST_LINE]
        return first, near[-1] - first + LONGEST_LINE

    def take(self, window: LogWindow) -> bool:
        """Take a piece of the file; return whether it told anything new."""
        if len(self._rows) > _MOST_TEXTS:
            self._rows.clear()
        before = len(self._rows)
        for offset, raw in cut(window, self.lines).items():
            line = TextLine(offset, raw)
            self._rows[offset] = rows_of(line, None, ascii_only=self._ascii_only)[0]
        return len(self._rows) > before


def cut(window: LogWindow, lines: Sequence[int]) -> dict[int, bytes]:
    """Return those of ``lines`` (sorted) that lie in the window, without line ends.

    What the window's end cuts off counts only where the window begins with it, or the file ends.
    """
    end = window.offset + len(window.data)
    found: dict[int, bytes] = {}
    at = bisect_left(lines, window.offset)
    while at < len(lines) and lines[at] < end:
        offset, at = lines[at], at + 1
        begin = offset - window.offset
        stop = window.data.find(b"\n", begin)
        if stop >= 0 or begin == 0 or end >= window.size:
            found[offset] = window.data[begin : stop if stop >= 0 else None]
    return found
