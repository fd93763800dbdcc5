"""A log in which words and patterns are found."""

from textual.reactive import var
from typing_extensions import override

from supervisor.ports import Hits
from supervisor.tui.finding import Finding
from supervisor.tui.format import plain
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.log_rows import Row, lit, shifted
from supervisor.tui.log_title import evidence
from supervisor.tui.messages import LogAsk, SearchAsked
from supervisor.tui.widgets.lines import Line, Piece
from supervisor.tui.widgets.log import LogPane

_STEP = 20
"""Characters by which a line that is not wrapped moves."""


class SearchedLog(LogPane):
    """A log whose found lines are marked and gone to, and whose lines may be cut."""

    NO_TASK = "no task was chosen: l on a task shows its log here"
    wrapping: var[bool] = var(True, init=False)

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id)
        self.finding: Finding | None = None
        self._jumps = False
        """The first line found is to be gone to."""
        self._left = 0

    def watch_wrapping(self) -> None:
        """Lay the lines anew; the first one stays."""
        self._left = 0
        self.lay()

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

    @override
    def aimed(self) -> None:
        """Search on in what is shown now."""
        self._left = 0
        if self.finding is not None:
            self.find(self.finding.text, regex=self.finding.regex)

    @override
    def taken(self) -> None:
        """Search in what was written since."""
        if self.finding is not None and self.finding.complete:
            self.call_later(self._search_on, self.finding)

    def _search_on(self, finding: Finding) -> None:
        source = self.reader.source
        begun = finding.size > 0
        if begun and finding.complete and finding.until >= self.reader.roll.pages.size:
            return  # nothing was written since
        if source is None or finding.trouble or finding.asked or finding is not self.finding:
            return
        finding.asked = True

        def heard(hits: Hits) -> None:
            if finding is self.finding and source == self.reader.source:
                self._found(finding, hits)

        ask = LogAsk(source.task, source.attempt, source.stream, finding.until, 0)
        self.post_message(SearchAsked(ask, finding.text, finding.regex, heard))

    def _found(self, finding: Finding, hits: Hits) -> None:
        moved = hits.until > finding.until
        finding.take(hits)
        if self._jumps and finding.lines:
            self._jumps = False
            if not self.next_found(-1):
                self.next_found(1)
        if moved and not finding.complete:
            self.call_later(self._search_on, finding)
        self.found()
        self.repaint()

    def found(self) -> None:
        """Hear that the search came farther."""

    def next_found(self, step: int) -> bool:
        """Go to the next (1) or previous (-1) line found, or else that proves the cause."""
        reader = self.reader
        # At the end, the last line is before the reader though it stands below the place read.
        here = reader.roll.pages.size if reader.following else reader.here
        if self.finding is not None:
            place = self.finding.near(here, step)
        else:
            proofs = [row.offset for row in reader.roll.rows if self.proves(row.text)]
            if not proofs and (words := evidence(self.row)) is not None:
                self.find(words, regex=False)  # it stands where nobody has read yet, if at all
                return True
            ahead = [one for one in proofs if (one - here) * step > 0]
            place = min(ahead, key=lambda one: abs(one - here), default=None)
        if place is None:
            return False
        reader.go_to(place)
        self.moved()
        return True

    @override
    def dressed(self, row: Row, pieces: tuple[Piece, ...]) -> Line:
        finding = self.finding
        found = finding is not None and finding.has(row.offset)
        pieces = shifted(pieces, self._left)
        if finding is not None and found and not finding.regex:
            pieces = lit(pieces, finding.text)
        return Line(((f"{self.glyphs.mark} " if found and row.first else "  ", "key"), *pieces))

    @override
    def told(self) -> str:
        if self.finding is None:
            return ""
        return plain(self.finding.words(self.here()), ascii_only=self.glyphs.ascii_only)

    def here(self) -> int | None:
        """Return the line that is looked at."""
        return self.reader.here

    @override
    def row_width(self) -> int | None:
        return super().row_width() if self.wrapping else None
