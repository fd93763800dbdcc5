"""Where a reader is in a log, and which bytes are to be asked for next; draws nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from supervisor.core.names import Stream
from supervisor.ports import LogWindow
from supervisor.tui.log_roll import Roll
from supervisor.tui.messages import LogAsk
from supervisor.tui.pages import PAGE

_FAR = 4 * PAGE
"""Whoever follows the end of a file that has grown by more goes there at once."""

Kind = Literal["begin", "append", "prepend"]


@dataclass(frozen=True, slots=True)
class Source:
    """What is shown."""

    task: str
    attempt: int
    stream: Stream

    @property
    def other(self) -> Stream:
        """The stream beside it."""
        return "stderr" if self.stream == "stdout" else "stdout"


class LogReader:
    """Rows around the place that is read; ``top`` is the first visible one, ``room`` how many fit."""

    def __init__(self, *, ascii_only: bool) -> None:
        self._ascii_only = ascii_only
        self.source: Source | None = None
        self.sizes: dict[Stream, int] = {}
        self.top = 0
        self.room = 1
        self.following = True
        self._width: int | None = None
        self._asked: tuple[Kind, LogAsk] | None = None
        self._goal: int | None = None
        """The line to go to once it is in memory."""
        self.roll = Roll(None, ascii_only=ascii_only)

    @property
    def bottom(self) -> int:
        """The largest sensible ``top``."""
        return max(0, len(self.roll.rows) - self.room)

    @property
    def here(self) -> int:
        """Where the line begins at which a search goes on; the place that ``go_to`` goes to."""
        rows = self.roll.rows
        at = min(len(rows) - 1, self.top + self.room // 3)
        return rows[at].offset if rows else 0

    @property
    def percent(self) -> int:
        """How far in the file the reader is."""
        whole = self.roll.pages.size
        return min(100, self.here * 100 // whole) if whole else 100

    def show(self, source: Source | None) -> None:
        """Begin anew at the end of another stream, attempt or task."""
        if source is None or self.source is None or source.task != self.source.task:
            self.sizes = {}
        self.source = source
        self._renew()

    def asks(self) -> tuple[LogAsk, LogAsk] | None:
        """Return what to ask for now, the other stream's size with it; None: an answer is due."""
        source = self.source
        if source is None or self._asked is not None:
            return None
        kind, offset, amount = self._wanted()
        ask = LogAsk(source.task, source.attempt, source.stream, offset, amount)
        self._asked = (kind, ask)
        return ask, LogAsk(source.task, source.attempt, source.other, 0, 0)

    def take(self, asks: tuple[LogAsk, ...], windows: Mapping[Stream, LogWindow]) -> bool:
        """Take the answer; return whether it moved the reader on, so that more may be wanted."""
        if self._asked is None or asks[0] != self._asked[1]:
            return False
        (kind, ask), self._asked = self._asked, None
        self.sizes |= {stream: window.size for stream, window in windows.items()}
        window = windows.get(ask.stream)
        if window is None:
            return False
        before = (self.roll.pages.low, self.roll.pages.high)
        self._feed(kind, window, ask)
        self.settle(asked=kind == "begin")
        # What is written while we look is for the next look: a log that grows would be asked for ever.
        at_end = kind == "append" and window.offset + len(window.data) >= window.size
        return (self.roll.pages.low, self.roll.pages.high) != before and not at_end

    def go_to(self, offset: int) -> None:
        """Show the line that begins at ``offset``, with some of what stands before it."""
        self._goal, self.following = offset, False
        if self.roll.holds(offset):
            self.settle()
        else:
            self._asked = None

    def scroll(self, top: int) -> None:
        """Show from row ``top`` on; at the very end the reader follows again."""
        pages = self.roll.pages
        self.top = max(0, min(top, self.bottom))
        self.following = self.top >= self.bottom and pages.high >= pages.size

    def edge(self, side: int) -> None:
        """Go to the first or the last line of the file."""
        pages = self.roll.pages
        if side < 0 and pages.low > 0:
            self.go_to(0)
        elif side > 0 and pages.high < pages.size:
            self._renew()
        else:
            self.scroll(0 if side < 0 else self.bottom)

    def lay(self, width: int | None, room: int) -> None:
        """Fit the rows into another room; the first visible line stays."""
        rows = self.roll.rows
        here = rows[self.top].offset if self.top < len(rows) else 0
        self.room = max(1, room)
        if width != self._width:
            self._width = width
            self.roll.lay(width)
            self.top = self.roll.index_of(here)
        self.settle()

    def settle(self, *, asked: bool = False) -> None:
        """Be where the reader wants to be, as far as that is in memory; ``asked``: it is all there is."""
        here = self._goal is not None and (self.roll.holds(self._goal) or not self._goal_is_far())
        if self._goal is not None and (here or asked):
            self.top = self.roll.index_of(self._goal) - self.room // 3
            self._goal = None
        self.top = self.bottom if self.following else max(0, min(self.top, self.bottom))

    def _goal_is_far(self) -> bool:
        """Return whether the goal lies outside of what is in memory, and is still to be asked for."""
        pages = self.roll.pages
        return self._goal is not None and not pages.low <= self._goal < max(pages.high, 1)

    def _renew(self) -> None:
        self.roll = Roll(self._width, ascii_only=self._ascii_only)
        self._asked = self._goal = None
        self.top, self.following = 0, True

    def _wanted(self) -> tuple[Kind, int, int]:
        pages = self.roll.pages
        if self._goal is not None:
            return "begin", max(0, self._goal - PAGE // 2), PAGE
        if not self.roll.begun:
            return "begin", -PAGE, PAGE
        if self.top < self.room and pages.low > 0 and not self.following:
            offset = max(0, pages.low - PAGE)
            return "prepend", offset, pages.low - offset
        near_end = self.top + 2 * self.room >= len(self.roll.rows)
        return "append", pages.high, PAGE if self.following or near_end else 0

    def _feed(self, kind: Kind, window: LogWindow, ask: LogAsk) -> None:
        roll = self.roll
        if kind == "append" and window.size < roll.pages.high:
            self._renew()  # it was truncated, or is another file now
        elif kind == "begin":
            roll.begin(window)
        elif kind == "prepend":
            self.top += roll.prepend(window)
        elif self.following and window.size - roll.pages.high > _FAR:
            self._renew()
        elif ask.size:
            self.top = max(0, self.top - roll.append(window))
        else:
            roll.pages.size = window.size
