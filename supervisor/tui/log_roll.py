"""The part of a log that is in memory, laid out as rows of a given width."""

from bisect import bisect_left

from supervisor.ports import LogWindow
from supervisor.tui.log_rows import Row, rows_of
from supervisor.tui.pages import Pages, TextLine


class Roll:
    """Rows of one stream; ``width`` None: lines are not wrapped."""

    def __init__(self, width: int | None, *, ascii_only: bool) -> None:
        self.pages = Pages()
        self.rows: list[Row] = []
        self.begun = False
        self._width = width
        self._ascii_only = ascii_only
        self._open = 0
        """Rows at the end of a line that is still being written."""

    def lay(self, width: int | None) -> None:
        """Lay all rows anew for another width."""
        if width != self._width:
            self._width = width
            self._lay_all()

    def begin(self, window: LogWindow) -> None:
        """Forget all and begin with this window."""
        self.begun = True
        self.pages.begin(window.offset, window.data, window.size)
        self._lay_all()

    def append(self, window: LogWindow) -> int:
        """Take what follows; return how many rows went away at the front."""
        pages, known = self.pages, len(self.pages.lines)
        dropped = pages.append(window.offset, window.data, window.size)
        del self.rows[len(self.rows) - self._open :]
        gone = bisect_left(self.rows, pages.low, key=_offset) if dropped else 0
        del self.rows[:gone]
        for line in pages.lines[known - dropped :]:
            self.rows += self._rows_of(line)
        self._lay_open()
        return gone

    def prepend(self, window: LogWindow) -> int:
        """Take what stands before; return how many rows were added at the front."""
        pages = self.pages
        added = pages.prepend(window.offset, window.data, window.size)
        new = [row for line in pages.lines[:added] for row in self._rows_of(line)]
        if pages.unfinished is None:
            del self.rows[len(self.rows) - self._open :]
            self._open = 0
        self.rows[:0] = new
        del self.rows[bisect_left(self.rows, pages.high, key=_offset) + self._open :]
        return len(new)

    def index_of(self, offset: int) -> int:
        """Return the row at which the line that begins at ``offset``, or the next one, begins."""
        return bisect_left(self.rows, offset, key=_offset)

    def holds(self, offset: int) -> bool:
        """Return whether the line that begins at ``offset`` is in memory."""
        at = self.index_of(offset)
        return at < len(self.rows) and self.rows[at].offset == offset

    def _lay_all(self) -> None:
        self.rows = [row for line in self.pages.lines for row in self._rows_of(line)]
        self._lay_open()

    def _lay_open(self) -> None:
        rest = self.pages.unfinished
        new = self._rows_of(rest) if rest is not None else []
        self._open = len(new)
        self.rows += new

    def _rows_of(self, line: TextLine) -> list[Row]:
        return rows_of(line, self._width, ascii_only=self._ascii_only)


def _offset(row: Row) -> int:
    return row.offset
