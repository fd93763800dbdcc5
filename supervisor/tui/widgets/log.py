"""The log of one task: the end of it, followed, or what was written before."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.message import Message
from textual.reactive import var
from typing_extensions import override

from supervisor.core.board import TaskRow
from supervisor.core.names import Stream
from supervisor.ports import LogWindow
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.log_aim import Aim
from supervisor.tui.log_reader import LogReader
from supervisor.tui.log_rows import Row
from supervisor.tui.log_title import LIVE, proves, streams_of, title_of, unstarted
from supervisor.tui.messages import LogAsk, LogAsked
from supervisor.tui.pace import Pace
from supervisor.tui.widgets.lines import Line, Piece, cells
from supervisor.tui.widgets.reading import Reading

LOOK_S = 0.5
_GUTTER = 2


class LogPane(Reading):
    """Shows ``row``'s newest attempt until another is chosen; asks only for what is near the reader."""

    HEADER = 1
    NO_TASK = "no task here"
    row: var[TaskRow | None] = var[TaskRow | None](None, init=False)
    tick: var[float] = var(0.0, init=False)

    @dataclass
    class Left(Message):
        """Enter was pressed: the log is wanted on a screen of its own."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id)
        self.reader = LogReader(ascii_only=glyphs.ascii_only)
        self._aim = Aim()
        self._settled = False
        """All of an attempt that is over was read."""
        self._pace = Pace()

    def on_mount(self) -> None:
        """Look at the file twice a second."""
        self.set_interval(LOOK_S, self.look)
        self.call_after_refresh(self.ask)

    def watch_row(self, row: TaskRow | None) -> None:
        """Go on with the task's newest attempt, or begin with another task."""
        self._aim.take(row)
        self._settled = False
        self._show()
        self.repaint()

    def watch_tick(self) -> None:
        """Let the countdown move on."""
        self.repaint()

    def follow(self) -> None:
        """Go to the end and follow it; or stay, where it is followed already."""
        if self.reader.following:
            self.reader.following = False
            self.repaint()
        else:
            self.action_edge(1)

    def other_stream(self) -> None:
        """Show the other stream, and stay with it as long as the task is shown."""
        if (source := self.reader.source) is not None:
            self._aim.choose(source.other)
            self._show()

    def step_attempt(self, step: int) -> bool:
        """Show an earlier or later attempt; False: there is none."""
        source = self.reader.source
        if source is None or not self._aim.step(source.attempt, step):
            return False
        self._show()
        return True

    def _show(self) -> None:
        """Show what is aimed at, from its end, unless it is shown already."""
        source = self._aim.source(self.reader.sizes)
        if source != self.reader.source:
            self.reader.show(source)
            self._settled = False
            self.aimed()
            self.moved()

    def aimed(self) -> None:
        """Hear that something else is shown now."""

    def look(self) -> None:
        """Ask for news, unless there can be none, or the last are still on the line."""
        if not (self._settled or self._pace.rests):
            self.ask()

    def ask(self) -> None:
        """Ask for what is missing around the reader, or was written since."""
        if self.seen and (asks := self.reader.asks()) is not None:
            self.post_message(LogAsked(asks, self._take))

    @property
    def seen(self) -> bool:
        """Whether anybody can see it, and its messages are heard."""
        return self.is_running and self.display and self.screen.is_current

    def _take(self, asks: tuple[LogAsk, ...], windows: Mapping[Stream, LogWindow]) -> None:
        known, before = bool(self.reader.sizes), self.reader.roll.pages.size
        if self.reader.take(asks, windows):
            self.call_later(self.ask)
        elif windows:
            self._settled = self.row is None or self.row.phase not in LIVE
        if not known and self.reader.sizes:
            self._show()
        self.taken()
        self.place()
        if self.reader.roll.pages.size != before:
            self._pace.drew(self.visible_text())

    def taken(self) -> None:
        """Hear that news of the log came."""

    def moved(self) -> None:
        """Show where the reader is now, and ask for what is missing there."""
        self.place()
        # Asked in our own turn: what is posted in the screen's would go no farther than the screen.
        self.call_later(self.ask)

    def place(self) -> None:
        """Show where the reader is now."""
        self.top = self.reader.top
        self.repaint()

    @override
    def scroll(self, top: int) -> None:
        self.reader.scroll(top)
        self.moved()

    @override
    def action_edge(self, side: int) -> None:
        """Go to the first or the last line of the file."""
        self.reader.edge(side)
        self.moved()

    @override
    def action_open(self) -> None:
        """Ask for a screen of its own."""
        self.post_message(self.Left())

    def visible_text(self) -> str:
        """Return the lines that are on the screen."""
        rows = (self.row_at(index) for index in range(self.top, self.top + self.room))
        return "\n".join(row.text for row in rows if row is not None)

    @property
    @override
    def length(self) -> int:
        return max(1, len(self.reader.roll.rows))

    def row_at(self, index: int) -> Row | None:
        """Return one of the rows; None: there are not so many."""
        rows = self.reader.roll.rows
        return rows[index] if index < len(rows) else None

    @override
    def content(self, index: int) -> Line:
        row = self.row_at(index)
        if row is None:
            return Line(((f"  {self.nothing()}", "dim"),))
        bad = tuple((text, "bad") for text, _ in row.pieces) if self.proves(row.text) else None
        return self.dressed(row, bad or row.pieces)

    def dressed(self, row: Row, pieces: tuple[Piece, ...]) -> Line:  # noqa: ARG002
        """Return the line of a row, whose ``pieces`` are looked at already."""
        return Line(((" " * _GUTTER, ""), *pieces))

    def proves(self, text: str) -> bool:
        """Return whether a row of text is what the cause was found in."""
        return self.row is not None and proves(self.row, text)

    def nothing(self) -> str:
        """Say why there are no rows."""
        source = self.reader.source
        if self.row is None:
            return self.NO_TASK
        if source is None:
            return unstarted(self.row, self.glyphs)
        return f"nothing on {source.stream}" if self.reader.roll.begun else ""

    @override
    def fixed(self, y: int) -> Line:
        focus = "-focus" if self.has_focus else ""
        rule, width = self.glyphs.rule, self.size.width
        right = streams_of(self.reader, self.where(), width)
        room = width - 5 - sum(cells(text) for text, _ in right)
        title = title_of(self.row, self.reader.source, self.told(), self.tick, room, self.glyphs)
        filler = (f" {rule * max(0, room - cells(title))} ", f"rule{focus}")
        return Line(((f"{rule} ", f"rule{focus}"), (title, f"title{focus}"), filler, *right))

    def where(self) -> str:
        """Say how far in the log one is."""
        return "following" if self.reader.following else f"{self.reader.percent:3d} %"

    def told(self) -> str:
        """Return what comes first in the title, if anything."""
        return ""

    @override
    def on_resize(self) -> None:
        super().on_resize()
        self.lay()

    def lay(self) -> None:
        """Fit the rows into the room there is."""
        self.reader.lay(self.row_width(), self.room)
        self.moved()

    def row_width(self) -> int | None:
        """Return how wide rows are; None: lines are not wrapped."""
        return max(8, self.size.width - _GUTTER)
