"""A log of any size, as large as the screen: read, searched, followed."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.message import Message
from textual.reactive import var
from typing_extensions import override

from supervisor.core.board import TaskRow
from supervisor.core.names import Stream
from supervisor.ports import Hits, LogWindow
from supervisor.tui.finding import Finding
from supervisor.tui.format import fit, plain, size
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.log_reader import LogReader, Source
from supervisor.tui.log_rows import lit, shifted
from supervisor.tui.messages import LogAsk, LogAsked, SearchAsked
from supervisor.tui.rows import task_name
from supervisor.tui.widgets.lines import Line, Piece, cells
from supervisor.tui.widgets.reading import Reading

LOOK_S = 0.5
_STREAMS: tuple[Stream, Stream] = ("stdout", "stderr")
_SHORTEST_PROOF = 12
"""A shorter cause would be found in lines that have nothing to do with it."""
_STEP = 20
"""Characters by which a line that is not wrapped moves."""
_GUTTER = 2


class LogViewer(Reading):
    """Shows one stream of one attempt; asks for bytes only around the place that is read."""

    HEADER = 1
    row: var[TaskRow | None] = var[TaskRow | None](None, init=False)
    wrapping: var[bool] = var(True, init=False)

    @dataclass
    class Sized(Message):
        """How much each stream has is known, for the first time of what is shown."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id)
        self.reader = LogReader(ascii_only=glyphs.ascii_only)
        self.finding: Finding | None = None
        self._jumps = False
        """The first line found is to be gone to."""
        self._left = 0

    def on_mount(self) -> None:
        """Look at the file twice a second."""
        self.set_interval(LOOK_S, self.look)
        self.call_after_refresh(self.look)

    def watch_row(self) -> None:
        """Mark what proves the cause."""
        self.repaint()

    def watch_wrapping(self) -> None:
        """Lay the lines anew; the first one stays."""
        self._left = 0
        self._lay()

    def show(self, source: Source | None) -> None:
        """Begin anew at the end of another stream, attempt or task; a search goes on there."""
        if source != self.reader.source:
            self.reader.show(source)
            self._left = 0
            if self.finding is not None:
                self.find(self.finding.text, regex=self.finding.regex)
            self._moved()

    def look(self) -> None:
        """Ask for what is missing around the reader, or was written since."""
        if self.display and self.seen and (asks := self.reader.asks()) is not None:
            self.post_message(LogAsked(asks, self._take))

    @property
    def seen(self) -> bool:
        """Whether anybody can see it, and its messages are heard."""
        return self.is_running and self.screen.is_current

    def _take(self, asks: tuple[LogAsk, ...], windows: Mapping[Stream, LogWindow]) -> None:
        known = bool(self.reader.sizes)
        if self.reader.take(asks, windows):
            self.call_later(self.look)
        if not known and self.reader.sizes:
            self.post_message(self.Sized())
        if self.finding is not None and self.finding.complete:
            self.call_later(self._search_on, self.finding)
        self._place()

    def _moved(self) -> None:
        self._place()
        # Asked in our own turn: what is posted in the screen's would go no farther than the screen.
        self.call_later(self.look)

    def _place(self) -> None:
        self.top = self.reader.top
        self.repaint()

    @override
    def scroll(self, top: int) -> None:
        self.reader.scroll(top)
        self._moved()

    @override
    def action_edge(self, side: int) -> None:
        """Go to the first or the last line of the file."""
        self.reader.edge(side)
        self._moved()

    def slide(self, side: int) -> None:
        """Move lines that are not wrapped to the left or right."""
        self._left = 0 if self.wrapping else max(0, self._left + side * _STEP)
        self.repaint()

    def find(self, text: str, *, regex: bool) -> None:
        """Begin a search; the nearest line found is gone to."""
        self.finding = Finding(text, regex) if text else None
        self._jumps = bool(text)
        if self.finding is not None:
            self.call_later(self._search_on, self.finding)
        self.repaint()

    def _search_on(self, finding: Finding) -> None:
        source = self.reader.source
        begun = finding.size > 0
        if begun and finding.complete and finding.until >= self.reader.roll.pages.size:
            return  # nothing was written since
        if source is None or finding.trouble or finding.asked or finding is not self.finding:
            return
        finding.asked = True

        def heard(hits: Hits) -> None:
            if finding is not self.finding or source != self.reader.source:
                return
            moved = hits.until > finding.until
            finding.take(hits)
            if self._jumps and finding.lines:
                self._jumps = False
                if not self.next_found(-1):
                    self.next_found(1)
            if moved and not finding.complete:
                self.call_later(self._search_on, finding)
            self.repaint()

        ask = LogAsk(source.task, source.attempt, source.stream, finding.until, 0)
        self.post_message(SearchAsked(ask, finding.text, finding.regex, heard))

    def next_found(self, step: int) -> bool:
        """Go to the next (1) or previous (-1) line found, or else that proves the cause."""
        reader = self.reader
        # At the end, the last line is before the reader though it stands below the place read.
        here = reader.roll.pages.size if reader.following else reader.here
        if self.finding is not None:
            place = self.finding.near(here, step)
        else:
            proofs = [row.offset for row in reader.roll.rows if self._proves(row.text)]
            ahead = [one for one in proofs if (one - here) * step > 0]
            place = min(ahead, key=lambda one: abs(one - here), default=None)
        if place is None:
            return False
        reader.go_to(place)
        self._moved()
        return True

    def visible_text(self) -> str:
        """Return the lines that are on the screen."""
        rows = self.reader.roll.rows[self.top : self.top + self.room]
        return "\n".join(row.text for row in rows)

    @property
    @override
    def length(self) -> int:
        return max(1, len(self.reader.roll.rows))

    @override
    def content(self, index: int) -> Line:
        if index >= len(self.reader.roll.rows):
            return Line(((f"  {self._nothing()}", "dim"),))
        row, finding = self.reader.roll.rows[index], self.finding
        found = finding is not None and finding.has(row.offset)
        pieces: tuple[Piece, ...] = shifted(row.pieces, self._left)
        if self._proves(row.text):
            pieces = tuple((text, "bad") for text, _ in pieces)
        if finding is not None and found and not finding.regex:
            pieces = lit(pieces, finding.text)
        return Line(((f"{self.glyphs.mark} " if found and row.first else "  ", "key"), *pieces))

    def _proves(self, text: str) -> bool:
        cause = self.row.cause if self.row is not None else None
        line = text.strip()
        return cause is not None and len(line) >= _SHORTEST_PROOF and line in plain(cause)

    def _nothing(self) -> str:
        source = self.reader.source
        if self.row is None:
            return "no task was chosen: Enter on a task shows its log here"
        if source is None:
            note = plain(self.row.note or "", ascii_only=self.glyphs.ascii_only)
            return f"has not started: {note}" if note else "has not started"
        return f"nothing on {source.stream}" if self.reader.roll.begun else ""

    @override
    def fixed(self, y: int) -> Line:
        rule, width = self.glyphs.rule, self.size.width
        right = self._right()
        room = width - 5 - sum(cells(text) for text, _ in right)
        title = fit(self._title(room), room, ellipsis=self.glyphs.ellipsis).rstrip()
        filler = f" {rule * max(0, room - cells(title))} "
        return Line(((f"{rule} ", "rule"), (title, "title-focus"), (filler, "rule"), *right))

    def _title(self, room: int) -> str:
        if self.row is None:
            return "Log"
        words = [f"Log {task_name(self.row.task, max(12, room // 2), self.glyphs)}"]
        if (source := self.reader.source) is not None:
            words.append(f"attempt {source.attempt} of {self.row.attempt}")
        if self.finding is not None:
            told = self.finding.words(self.reader.here)
            # What was asked for last comes first: the rest is cut where there is little room.
            words.insert(0, plain(told, ascii_only=self.glyphs.ascii_only))
        return f" {self.glyphs.dot} ".join(words)

    def _right(self) -> tuple[Piece, ...]:
        source = self.reader.source
        pieces: list[Piece] = []
        for stream in _STREAMS if source is not None and self.size.width >= 60 else ():
            here = source is not None and stream == source.stream
            written = f" {size(self.reader.sizes.get(stream, 0))}" if self.size.width >= 100 else ""
            text = stream + written
            pieces.append((f"[{text}]" if here else f" {text} ", "strong" if here else "dim"))
        where = "following" if self.reader.following else f"{self.reader.percent:3d} %"
        return (*pieces, (f" {where}", "dim"))

    @override
    def on_resize(self) -> None:
        super().on_resize()
        self._lay()

    def _lay(self) -> None:
        width = max(8, self.size.width - _GUTTER) if self.wrapping else None
        self.reader.lay(width, self.room)
        self._moved()
