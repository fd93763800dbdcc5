"""The chart of the night and the list of its incidents."""

from typing import Literal

from textual.reactive import var
from typing_extensions import override

from supervisor.core.night import Event, Timeline
from supervisor.tui.format import clock, fit, moment, plain, wrapped
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.night_chart import chart, empty, price
from supervisor.tui.rows import Cell, Column, heading
from supervisor.tui.widgets.lines import BLANK, Line, Lines, Piece, cells
from supervisor.tui.widgets.listing import Listing

_HIGH = 34
"""Lines of a screen from which the bars are higher."""
_LOOKS = {
    "aborted": "bad",
    "breaker": "bad",
    "disk": "bad",
    "gpu": "bad",
    "hold": "held",
    "release": "good",
    "ramp": "good",
    "stall": "warn",
    "degrade": "warn",
    "reach": "warn",
}


class NightChart(Lines):
    """What ran, what ended and what held, over the whole night."""

    night: var[Timeline | None] = var[Timeline | None](None, init=False)
    trouble: var[str] = var("", init=False)
    """Why there is no picture."""
    rows: int = 3

    def watch_night(self) -> None:
        """Draw it; the layout changes only with the number of lines."""
        self.rows = 5 if self.screen.size.height >= _HIGH else 3
        height = 1 + (len(self._chart()) if self.night is not None else self.rows)
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
        self.repaint()

    def watch_trouble(self) -> None:
        """Say it."""
        self.repaint()

    def _chart(self) -> tuple[Line, ...]:
        night = self.night
        return chart(night, self.rows, self.glyphs) if night is not None and night.slices else ()

    @override
    def describe(self, y: int) -> Line:
        if y == 0:
            return self._title()
        if self.night is None or empty(self.night.slices):
            words = self.trouble or (
                "asking the engine" if self.night is None else "nothing ran yet"
            )
            return Line(((f"  {words}", "dim"),)) if y == 1 else BLANK
        lines = self._chart()
        return lines[y - 1] if y <= len(lines) else BLANK

    def _title(self) -> Line:
        rule, dot = self.glyphs.rule, self.glyphs.dot
        pieces: list[Piece] = [(f"{rule} ", "rule"), ("Night", "title")]
        if self.night is not None:
            begin, end = self.night.begin, self.night.as_of
            told = f" {dot} {moment(begin, end)} to {clock(end)}"
            cost = price(self.night)
            pieces.append((f"{told} {dot} {cost}" if cost else told, "dim"))
        used = sum(cells(text) for text, _ in pieces)
        return Line((*pieces, (f" {rule * max(0, self.size.width - used - 1)}", "rule")))


class IncidentTable(Listing):
    """One row for each incident, the newest first."""

    night: var[Timeline | None] = var[Timeline | None](None, init=False)

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id)
        self._events: dict[str, Event] = {}

    def watch_night(self) -> None:
        """Take over what is new; the cursor stays on its incident."""
        events = self.night.events if self.night is not None else ()
        self._events = {_key(one): one for one in reversed(events)}
        self.set_keys(tuple(self._events))

    @property
    def event_here(self) -> Event | None:
        """The incident under the cursor."""
        return self._events.get(self.key) if self.key is not None else None

    @override
    def title(self, width: int) -> tuple[Piece, ...]:
        words = f"Incidents {len(self._events)}"
        return (self.titled(words, width), (f" {self.glyphs.dot} newest first", "dim"))

    @override
    def header(self, width: int) -> tuple[Piece, ...]:
        return heading(_columns(width))

    @override
    def row(self, key: str, width: int) -> tuple[Piece, ...]:
        return tuple(self._cell(self._events[key], column) for column in _columns(width))

    @override
    def nothing(self) -> str:
        return "no incidents yet" if self.night is not None else ""

    def _cell(self, event: Event, column: Column) -> Cell:
        look = ""
        ascii_only = self.glyphs.ascii_only
        match column.name:
            case "time":
                text, look = clock(event.at), "dim"
            case "what":
                text, look = event.kind.replace("_", " "), _LOOKS.get(event.kind, "")
            case "of":
                text = plain(event.subject, ascii_only=ascii_only) or "batch"
            case _:
                text = plain(event.text, ascii_only=ascii_only)
        cut: Literal["end", "middle"] = "middle" if column.name == "of" else "end"
        return (fit(text, column.cells, cut=cut, ellipsis=self.glyphs.ellipsis) + " ", look)


class IncidentText(Lines):
    """The incident under the cursor in full, as far as there is room."""

    shown: var[Event | None] = var[Event | None](None, init=False)

    def watch_shown(self) -> None:
        """Show the new one."""
        self.repaint()

    @override
    def describe(self, y: int) -> Line:
        if self.shown is None:
            return BLANK
        text = plain(self.shown.text, ascii_only=self.glyphs.ascii_only)
        lines = wrapped(text, max(8, self.size.width - 4))
        return Line(((f"  {lines[y]}", ""),)) if y < len(lines) else BLANK


def _key(event: Event) -> str:
    return f"{event.at} {event.kind} {event.subject} {event.text}"


def _columns(width: int) -> tuple[Column, ...]:
    what, of = Column("what", 9), Column("of", max(8, min(30, width // 4)))
    return (
        Column("time", 5),
        what,
        of,
        Column("decision", max(4, width - 5 - 9 - of.cells - 4)),
    )
