"""A list whose rows can be marked: one by one, in ranges, or all that are shown."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from textual.message import Message
from textual.reactive import var
from typing_extensions import override

from supervisor.tui.widgets.listing import Listing


@dataclass(frozen=True, slots=True)
class Range:
    """Rows that are being marked: from ``anchor`` to the cursor, beside those of ``base``."""

    anchor: str
    base: frozenset[str]
    held: bool
    """It lasts only as long as Shift is held with the arrows."""


class MarkingList(Listing):
    """Marks belong to keys, not to places: they stay however rows are arranged or left out."""

    marks: var[frozenset[str]] = var(frozenset[str](), init=False)
    span: var[Range | None] = var[Range | None](None, init=False)
    """The range that is being marked."""

    @dataclass
    class Remarked(Message):
        """Other rows are marked than before."""

        listing: "MarkingList"

    def watch_marks(self) -> None:
        """Show the marks."""
        self.repaint()
        self.post_message(self.Remarked(self))

    def watch_span(self) -> None:
        """Show whether a range is being marked."""
        self.repaint()

    def ids(self, keys: Iterable[str]) -> frozenset[str]:
        """Return what is marked when the rows of ``keys`` are: themselves, unless they are groups."""
        return frozenset(keys)

    def keep_marks(self, of: Container[str]) -> None:
        """Forget the marks of what is there no longer."""
        if self.marks:
            self.marks = frozenset(one for one in self.marks if one in of)

    @override
    def marked(self, key: str) -> bool:
        return bool(self.marks) and self.ids((key,)) <= self.marks

    @property
    def ranging(self) -> bool:
        """Whether every move marks, until somebody ends it."""
        return self.span is not None and not self.span.held

    @property
    def seen(self) -> frozenset[str]:
        """The keys of the rows that are on the screen now."""
        return frozenset(self.keys[self.top : self.top + self.rows_visible])

    @override
    def action_mark(self) -> None:
        """Mark the row, or no longer, and go to the next; while a range is marked, end it there."""
        if self.ranging:
            self.span = None
        elif self.key is not None:
            self._toggle((self.key,))
            self.action_move(1)

    def mark_shown(self) -> None:
        """Mark every row that is listed, seen or not; if all of them are marked, none of them."""
        self._toggle(self.keys)

    def _toggle(self, keys: Iterable[str]) -> None:
        ids = self.ids(keys)
        self.span = None
        self.marks = self.marks - ids if ids <= self.marks else self.marks | ids

    def unmark(self) -> None:
        """Take every mark away."""
        self.span, self.marks = None, frozenset()

    def mark_range(self) -> None:
        """Begin to mark from here to wherever the cursor goes; the second time, end it."""
        if self.ranging:
            self.span = None
        else:
            self._begin(held=False)

    def extend(self, rows: int) -> None:
        """Mark from here to the row the cursor moves to, and on as long as this is repeated."""
        if self.span is None:
            self._begin(held=True)
        super().action_move(rows)
        self._stretch()

    def _begin(self, *, held: bool) -> None:
        if self.key is not None:
            self.span = Range(self.key, self.marks, held)
            self.marks |= self.ids((self.key,))

    def _stretch(self) -> None:
        """Mark what lies between anchor and cursor as rows stand now, and nothing else anew."""
        span = self.span
        if span is None:
            return
        if span.anchor not in self.keys:
            self.span = None
            return
        first, last = sorted((self.keys.index(span.anchor), self.cursor))
        self.marks = span.base | self.ids(self.keys[first : last + 1])

    def _moved(self) -> None:
        if self.span is not None and self.span.held:
            self.span = None
        self._stretch()

    @override
    def action_move(self, rows: int) -> None:
        super().action_move(rows)
        self._moved()

    @override
    def action_page(self, pages: int) -> None:
        super().action_page(pages)
        self._moved()

    @override
    def action_edge(self, side: int) -> None:
        super().action_edge(side)
        self._moved()
