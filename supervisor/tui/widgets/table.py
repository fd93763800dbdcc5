"""A list of rows that can be put in order, filtered and marked; all of it stays under updates."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Generic, TypeVar

from textual.events import Click
from textual.reactive import var
from typing_extensions import override

from supervisor.core.query import Fields, Query
from supervisor.tui.format import fit, plain
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.order import Sort, SortKeys, by, in_order, moved, placed, words_of
from supervisor.tui.rows import Cell, Column, heading
from supervisor.tui.widgets.lines import Piece, cells
from supervisor.tui.widgets.marking import MarkingList

Row = TypeVar("Row")
ALL: Query[Any] = Query()
"""Lets every row through."""
_LEAST_FILTER = 8
"""So much of a filter is told in any case."""


class Table(MarkingList, Generic[Row]):
    """One row for each of ``rows`` that the query lets through; a subclass says what is in it."""

    KEYS: ClassVar[SortKeys[Any]]
    """By which columns it can be ordered."""
    FIRST: ClassVar[Sort]
    """How it is ordered at first."""
    NOUN: ClassVar[str]
    """What its rows are: ``task``."""

    tick: var[float] = var(0.0, init=False)
    sort: var[Sort] = var(Sort(""), init=False)
    wanted: var[Query[Any]] = var(ALL, init=False)

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id)
        self.rows: Mapping[str, Row] = MappingProxyType({})
        self.set_reactive(Table.sort, self.FIRST)
        self._columns: Sequence[Column] = ()
        self._columns_for = -1
        self._places: Mapping[str, Any] = {}

    def fields(self) -> Fields[Row]:
        """Return what the query may ask of a row."""
        raise NotImplementedError

    def columns(self, width: int) -> Sequence[Column]:
        """Return the columns that fit ``width``; asked anew when rows come or go."""
        raise NotImplementedError

    def cells_of(self, row: Row, columns: Sequence[Column]) -> tuple[Cell, ...]:
        """Return one cell for each column."""
        raise NotImplementedError

    def facts(self) -> Sequence[Piece]:
        """Return what else to say in the title, the most important first."""
        return ()

    def take(self, rows: Mapping[str, Row]) -> None:
        """Show these rows; they are put in order anew only if some row's place may differ."""
        before, self.rows = self.rows, rows
        if rows.keys() != before.keys():
            self._columns_for = -1
            self.settle()
        elif self._places_differ(before):
            self.settle()
        else:
            self.repaint()

    def _places_differ(self, before: Mapping[str, Row]) -> bool:
        key, places = self.KEYS[self.sort.column], self._places
        matches, now = self.wanted.matches, self.tick
        return any(
            matches(old, now) is not matches(row, now)
            or (name in places and moved(places[name], row, key))
            for name, row in self.rows.items()
            if (old := before[name]) is not row
        )

    def settle(self) -> None:
        """Show what matches, in order."""
        rows, query, now, sort = self.rows, self.wanted, self.tick, self.sort
        if query.terms:
            rows = {key: row for key, row in rows.items() if query.matches(row, now)}
        self._places = placed(rows, self.KEYS[sort.column], self._places)
        self.set_keys(in_order(self._places, falling=sort.falling))

    def watch_tick(self) -> None:
        """Let spans move on, and rows come and go whose time has come."""
        if self.wanted.timed:
            self.settle()
        else:
            self.repaint()

    def watch_sort(self) -> None:
        """Arrange anew, beginning at the top."""
        self._places = {}
        self.settle()
        self.go_to(0)

    def watch_wanted(self) -> None:
        """Show what matches."""
        self.settle()

    @property
    def row_here(self) -> Row | None:
        """The row under the cursor."""
        return self.rows.get(self.key) if self.key is not None else None

    @property
    def chosen(self) -> tuple[Row, ...]:
        """The marked rows, shown or not; without marks the one under the cursor."""
        if self.marks:
            return tuple(row for key, row in self.everything.items() if key in self.marks)
        here = self.row_here
        return () if here is None else (here,)

    @property
    def everything(self) -> Mapping[str, Row]:
        """All rows that may carry a mark."""
        return self.rows

    @property
    def counts(self) -> tuple[int, int]:
        """How many rows are listed, and how many would be without the filter."""
        return len(self.keys), len(self.rows)

    @override
    def title(self, width: int) -> tuple[Piece, ...]:
        shown, total = self.counts
        words = f"{shown} of {total}" if self.wanted.terms else f"{total}"
        words = f"{self.NOUN.capitalize()}s {words}"
        dot = f" {self.glyphs.dot} "
        pieces: list[Piece] = [self.titled(words, width)]
        room = width - cells(words)
        needed = sum(cells(dot + text) for text, _ in self._marks_told()[:1])
        for text, look in self._facts_told(room - needed - cells(dot)):
            if cells(dot + text) <= room:
                pieces += [(dot, "dim"), (text, look)]
                room -= cells(dot + text)
        return tuple(pieces)

    def _facts_told(self, most: int) -> list[Piece]:
        """Return what a filter hides first; it is cut to ``most`` cells, that marks are told too."""
        facts: list[Piece] = []
        if self.wanted.terms:
            most = min(cells(self._filter), max(_LEAST_FILTER, most))
            facts.append((fit(self._filter, most, ellipsis=self.glyphs.ellipsis), "key"))
        return [*facts, *self._marks_told(), *self.facts(), (words_of(self.sort, self.KEYS), "dim")]

    def _marks_told(self) -> list[Piece]:
        facts: list[Piece] = []
        if self.marks:
            facts.append((f"{len(self.marks)} marked", "key"))
        if self.ranging:
            facts.append(("marking a range", "key"))
        if hidden := len(self.marks - self.ids(self.keys)) if self.marks else 0:
            facts.append((f"{hidden} of them hidden", "warn"))
        return facts

    @property
    def _filter(self) -> str:
        return f"/{plain(self.wanted.text, ascii_only=self.glyphs.ascii_only)}"

    @override
    def header(self, width: int) -> tuple[Piece, ...]:
        arrow = self.glyphs.falling if self.sort.falling else self.glyphs.rising
        return heading(self.fitting(width), (self.sort.column, arrow))

    @override
    def row(self, key: str, width: int) -> tuple[Piece, ...]:
        row = self.rows.get(key)
        # One that went leaves a blank line until the rows are arranged anew.
        return self.cells_of(row, self.fitting(width)) if row is not None else ()

    @override
    def nothing(self) -> str:
        if self.wanted.terms and self.counts[1]:
            return f"no {self.NOUN} matches {self._filter}; Esc shows all"
        return ""

    def fitting(self, width: int) -> Sequence[Column]:
        """Return the columns that fit ``width``, as they were found out for these rows."""
        if width != self._columns_for:
            self._columns, self._columns_for = self.columns(width), width
        return self._columns

    @override
    def on_click(self, event: Click) -> None:
        """Order by a column whose name is clicked on, the second time the other way round."""
        if event.y != self.HEADER - 1:
            super().on_click(event)
            return
        ends = 1
        for column in self.fitting(self.size.width - 2):
            ends += column.cells + 1
            if event.x < ends:
                if column.name in self.KEYS:
                    self.sort = by(column.name, self.KEYS, self.sort)
                return
