"""A log of any size, as large as the screen: read, searched, followed, sifted."""

from collections.abc import Mapping

from typing_extensions import override

from supervisor.core.names import Stream
from supervisor.ports import LogWindow
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.log_rows import Row
from supervisor.tui.log_sieve import Sieve
from supervisor.tui.messages import LogAsk, LogAsked
from supervisor.tui.widgets.timed import TimedLog


class LogViewer(TimedLog):
    """A log of which only the lines that were found may be shown, one row each."""

    NO_TASK = "no task was chosen: l on a task shows its log here"

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id)
        self.sieve: Sieve | None = None
        """Set while only lines that were found are shown."""
        self._filling: LogAsk | None = None

    def sift(self, *, on: bool) -> None:
        """Show only lines that were found, or all lines again around the one that is looked at."""
        if on:
            self._begin_sieve()
        elif self.sieve is not None:
            here = None if self.sieve.following else self.here()
            self.sieve = None
            if here is not None:
                self.reader.go_to(here)
        self.moved()

    def _begin_sieve(self) -> None:
        found, self._jumps = self.finding, False
        self.sieve = Sieve(found.lines, ascii_only=self.glyphs.ascii_only) if found else None

    @override
    def go_to_byte(self, offset: int) -> None:
        self.sieve = None
        super().go_to_byte(offset)

    @override
    def find(self, text: str, *, regex: bool) -> None:
        super().find(text, regex=regex)
        if self.sieve is not None:
            self._begin_sieve()
            self.moved()

    @override
    def aimed(self) -> None:
        self._filling = None
        super().aimed()

    @override
    def found(self) -> None:
        if self.sieve is not None:
            self.moved()

    @override
    def moved(self) -> None:
        super().moved()
        if self.sieve is not None:
            self.call_later(self._fill, self.sieve)

    def _fill(self, sieve: Sieve) -> None:
        """Ask for the text of lines that were found and are visible."""
        source = self.reader.source
        if sieve is not self.sieve or source is None or self._filling is not None or not self.seen:
            return
        if (wanted := sieve.wanted(self.room)) is None:
            return
        ask = self._filling = LogAsk(source.task, source.attempt, source.stream, *wanted)

        def heard(_: tuple[LogAsk, ...], windows: Mapping[Stream, LogWindow]) -> None:
            if ask is self._filling:
                self._filling = None
                told = any(sieve.take(window) for window in windows.values())
                if told and sieve is self.sieve:
                    self.call_later(self._fill, sieve)
                    self.repaint()

        self.post_message(LogAsked((ask,), heard))

    @override
    def next_found(self, step: int) -> bool:
        if self.sieve is None:
            return super().next_found(step)
        before = self.top
        self.scroll(before + step)
        return self.top != before

    @override
    def told(self) -> str:
        words = super().told()
        return words if self.sieve is None else f"only {words}"

    @override
    def here(self) -> int | None:
        return super().here() if self.sieve is None else self.sieve.here(self.room)

    @override
    def where(self) -> str:
        if self.sieve is None:
            return super().where()
        below = len(self.sieve.lines) - self.sieve.top - self.room
        return "at the end" if self.sieve.following else f"{below} below"

    @property
    @override
    def length(self) -> int:
        return super().length if self.sieve is None else max(1, len(self.sieve.lines))

    @override
    def row_at(self, index: int) -> Row | None:
        return super().row_at(index) if self.sieve is None else self.sieve.row(index)

    @override
    def nothing(self) -> str:
        if self.sieve is None or self.finding is None:
            return super().nothing()
        return "no line has it" if self.finding.complete else "no line has it so far"

    @override
    def place(self) -> None:
        if self.sieve is None:
            super().place()
        else:
            self.sieve.settle(self.room)
            self.top = self.sieve.top
            self.repaint()

    @override
    def scroll(self, top: int) -> None:
        if self.sieve is None:
            super().scroll(top)
        else:
            self.sieve.scroll(top, self.room)
            self.moved()

    @override
    def action_edge(self, side: int) -> None:
        """Go to the first or the last line."""
        if self.sieve is None:
            super().action_edge(side)
        else:
            self.scroll(0 if side < 0 else len(self.sieve.lines))
