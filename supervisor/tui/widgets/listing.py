"""A list with a cursor: rows have keys, and cursor and scroll stay with them under updates."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.widget import Widget
from typing_extensions import override

from supervisor.tui.actions import bindings
from supervisor.tui.format import fit
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.widgets.lines import BLANK, Line, Lines, Piece, cells
from supervisor.tui.widgets.thumb import has_thumb


class Listing(Lines, ScrollView, can_focus=True, inherit_bindings=False):
    """A title, a header, and one line for each key."""

    DEFAULT_CSS = """
    Listing { overflow-x: hidden; overflow-y: auto; scrollbar-size: 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("list")]
    HEADER = 2
    """Lines above the rows: the title and the names of the columns."""
    LIT = False
    """Keys reach it from elsewhere, so its cursor looks as if it had them."""

    @dataclass
    class Moved(Message):
        """The cursor is on another row."""

        listing: "Listing"
        key: str | None

    @dataclass
    class Opened(Message):
        """The row under the cursor is wanted in full."""

        listing: "Listing"
        key: str

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id)
        self.keys: Sequence[str] = ()
        self.cursor: int = 0

    def title(self, width: int) -> tuple[Piece, ...]:
        """Return what stands in the title line, if there is one."""
        raise NotImplementedError

    def header(self, width: int) -> tuple[Piece, ...]:
        """Return the names of the columns."""
        raise NotImplementedError

    def row(self, key: str, width: int) -> tuple[Piece, ...]:
        """Return the row of ``key`` in ``width`` cells; the cursor's column is not part of it."""
        raise NotImplementedError

    def nothing(self) -> str:
        """Return what to say where there are no rows."""
        return ""

    def marked(self, key: str) -> bool:  # noqa: ARG002
        """Return whether the row carries a mark."""
        return False

    @property
    def key(self) -> str | None:
        """The key of the row under the cursor."""
        return self.keys[self.cursor] if self.keys else None

    @property
    def rows_visible(self) -> int:
        """How many rows fit."""
        return max(1, self.size.height - self.HEADER)

    @property
    def top(self) -> int:
        """Index of the first visible row."""
        return self.scroll_offset.y

    def set_keys(self, keys: Sequence[str]) -> None:
        """Take over rows in a new order; the cursor stays on its row, and that row in its place."""
        before = self.key
        if keys != self.keys:
            on_screen = self.cursor - self.top
            self.cursor, self.keys = self._place_after(keys, before), keys
            self._grow(Size(self.size.width, len(keys) + self.HEADER))
            self._scroll(self.cursor - on_screen if self.top else 0)
        self.repaint()
        if self.key != before:
            self.post_message(self.Moved(self, self.key))

    def _grow(self, size: Size) -> None:
        """Take note of how tall all rows are; only where the height follows them, lay out anew."""
        height = self.styles.height
        if height is None or height.is_auto:
            self.virtual_size = size
        else:
            self.set_reactive(Widget.virtual_size, size)  # pyright: ignore[reportArgumentType]

    def _place_after(self, keys: Sequence[str], before: str | None) -> int:
        """Return where ``before`` went; where it is gone, the nearest row that stood by it."""
        if before is None or not keys:
            return 0
        if before in keys:
            return keys.index(before)
        places = {key: place for place, key in enumerate(keys)}
        below = range(self.cursor + 1, len(self.keys))
        above = range(self.cursor - 1, -1, -1)
        beside = (
            place for pair in zip_longest(below, above) for place in pair if place is not None
        )
        near = (places[self.keys[place]] for place in beside if self.keys[place] in places)
        return next(near, min(self.cursor, len(keys) - 1))

    def go_to(self, index: int, *, jump: int = 1) -> None:
        """Put the cursor on row ``index``; scroll by at least ``jump`` rows if it would be hidden."""
        if not self.keys:
            return
        before, self.cursor = self.cursor, max(0, min(index, len(self.keys) - 1))
        if not self.top <= self.cursor < self.top + self.rows_visible:
            self._reveal(jump)
        self.repaint()
        if self.cursor != before:
            self.post_message(self.Moved(self, self.key))

    def _reveal(self, jump: int) -> None:
        room = self.rows_visible
        if self.cursor < self.top:
            self._scroll(self.cursor - min(jump, room) + 1)
        else:
            self._scroll(self.cursor - room + min(jump, room))

    def _scroll(self, top: int) -> None:
        room = self.rows_visible
        top = min(max(top, self.cursor - room + 1), self.cursor)
        top = max(0, min(top, len(self.keys) - room))
        if top != self.top:
            self.scroll_to(y=top, animate=False, force=True)

    @override
    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Describe rows anew; the title and header stay."""
        self.repaint()

    @override
    def on_resize(self) -> None:
        super().on_resize()
        self._scroll(self.top)

    @override
    def describe(self, y: int) -> Line:
        width = self.size.width
        if y < self.HEADER:
            if y == 0:
                return self._titled(width)
            return Line(((" ", ""), *self.header(width - 2)))
        index = y - self.HEADER + self.top
        if index >= len(self.keys):
            words = self.nothing() if not self.keys and y == self.HEADER else ""
            return Line(((f"  {words}", "dim"),)) if words else BLANK
        return self._row(index, width)

    def _titled(self, width: int) -> Line:
        focus = "-focus" if self.has_focus else ""
        rule = self.glyphs.rule
        pieces = [(f"{rule} ", f"rule{focus}"), *self.title(width - 4)]
        rest = width - sum(cells(text) for text, _ in pieces) - 1
        return Line((*pieces, (" " + rule * max(0, rest), f"rule{focus}")))

    def _row(self, index: int, width: int) -> Line:
        key = self.keys[index]
        under = ""
        if index == self.cursor:
            under = "cursor" if self.has_focus or self.LIT else "cursor-blurred"
        sign = self.glyphs.mark if self.marked(key) else self.glyphs.cursor if under else " "
        return Line(((sign, "key"), *self.row(key, width - 2), self._thumb(index)), under)

    def _thumb(self, index: int) -> Piece:
        there = has_thumb(index - self.top, self.top, self.rows_visible, len(self.keys))
        return (self.glyphs.thumb, "rule") if there else (" ", "")

    def titled(self, words: str, width: int) -> Piece:
        """Return the title's words with the look that tells whether keys go here."""
        text = fit(words, min(cells(words), width), ellipsis=self.glyphs.ellipsis)
        return (text, "title-focus" if self.has_focus else "title")

    def action_move(self, rows: int) -> None:
        """Move the cursor; at the edge, scroll a third of the page at once to spare the line."""
        self.go_to(self.cursor + rows, jump=max(1, self.rows_visible // 3))

    def action_page(self, pages: int) -> None:
        """Move the cursor by a page."""
        self.go_to(self.cursor + pages * self.rows_visible, jump=self.rows_visible)

    def action_edge(self, side: int) -> None:
        """Move the cursor to the first or last row."""
        self.go_to(0 if side < 0 else len(self.keys) - 1)

    def action_open(self) -> None:
        """Ask for the row in full."""
        if self.key is not None:
            self.post_message(self.Opened(self, self.key))

    def action_mark(self) -> None:
        """Go to the next row: here is nothing to mark."""
        self.action_move(1)

    def on_click(self, event: Click) -> None:
        """Put the cursor where the pointer is; a second click opens."""
        index = event.y - self.HEADER + self.top
        if event.y >= self.HEADER and index < len(self.keys):
            self.go_to(index)
            if event.chain == 2:
                self.action_open()
