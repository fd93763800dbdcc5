"""A log whose lines tell when they came."""

from collections.abc import Callable, Sequence

from textual.reactive import var
from typing_extensions import override

from supervisor.ports import Arrival
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.log_clock import CELLS, LogClock
from supervisor.tui.log_rows import Row
from supervisor.tui.messages import ArrivalsAsked, LogAsk
from supervisor.tui.widgets.lines import Line, Piece
from supervisor.tui.widgets.searched import SearchedLog

_ASK_S = 10.0
"""More often the engine notes nothing; what is written while we look is timed by us."""


class TimedLog(SearchedLog):
    """A log with a column of times, where that is wanted."""

    timed: var[bool] = var(False, init=False)

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id)
        self._clock = LogClock()

    @override
    def on_mount(self) -> None:
        self.set_interval(_ASK_S, self._ask_times)

    def watch_timed(self) -> None:
        """Show or hide the column; the first line stays."""
        self._ask_times()
        self.lay()

    def go_to_time(self, at: float, missed: Callable[[], object]) -> None:
        """Go to what came from ``at`` (Unix seconds) on, or call ``missed``: nothing has."""

        def heard() -> None:
            place = self._clock.offset_at(at)
            if place is None:
                missed()
            else:
                self.go_to_byte(place)

        self.call_later(self._ask, heard)

    def go_to_byte(self, offset: int) -> None:
        """Go to the line at a place of the file."""
        self.reader.go_to(offset)
        self.moved()

    def _ask_times(self) -> None:
        if self.timed and self.seen:
            self.call_later(self._ask, self.repaint)

    def _ask(self, then: Callable[[], object]) -> None:
        if (source := self.reader.source) is None:
            return

        def heard(arrivals: Sequence[Arrival]) -> None:
            if source == self.reader.source:
                self._clock.take(arrivals)
                then()

        ask = LogAsk(source.task, source.attempt, source.stream, 0, 0)
        self.post_message(ArrivalsAsked(ask, heard))

    @override
    def aimed(self) -> None:
        super().aimed()
        self._clock = LogClock()
        self._ask_times()

    @override
    def taken(self) -> None:
        super().taken()
        self._clock.saw(self.reader.roll.pages.size, self.tick)

    @override
    def dressed(self, row: Row, pieces: tuple[Piece, ...]) -> Line:
        line = super().dressed(row, pieces)
        if not self.timed:
            return line
        gutter, *rest = line.pieces
        time = self._clock.words(row.offset) if row.first else " " * CELLS
        return Line((gutter, (time, "dim"), *rest))

    @override
    def row_width(self) -> int | None:
        width = super().row_width()
        return width if width is None or not self.timed else max(8, width - CELLS)
