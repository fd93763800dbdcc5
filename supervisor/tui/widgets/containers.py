"""The table of containers."""

from collections.abc import Sequence

from textual.reactive import var
from typing_extensions import override

from supervisor.core.board import EMPTY, Board
from supervisor.core.containers import ContainerRow
from supervisor.tui.container_order import Order, arranged, matches, place
from supervisor.tui.container_rows import (
    container_cells,
    container_columns,
    counted,
    counts_of,
    whose,
)
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.order import words_of
from supervisor.tui.rows import Column, heading
from supervisor.tui.widgets.lines import Piece, cells
from supervisor.tui.widgets.listing import Listing

_WIDEST = 60


class ContainerTable(Listing):
    """One row for each container that matches the filter."""

    board: var[Board] = var(EMPTY, init=False)
    tick: var[float] = var(0.0, init=False)
    order: var[Order] = var[Order]("problems first", init=False)
    query_text: var[str] = var("", init=False)
    marks: var[frozenset[str]] = var(frozenset[str](), init=False)

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id)
        self._columns: tuple[Column, ...] = ()
        self._columns_for = -1
        self._longest = 0

    def watch_board(self, before: Board, board: Board) -> None:
        """Take over what changed; the order is made anew only if some row's place may differ."""
        if before.containers.keys() != board.containers.keys():
            self._measure()
            self._arrange()
            self.marks &= frozenset(board.containers)
        elif self._places_differ(before, board):
            self._arrange()
        else:
            self.repaint()

    def watch_tick(self) -> None:
        """Let spans move on."""
        self.repaint()

    def watch_order(self) -> None:
        """Arrange anew, beginning at the top."""
        self._arrange()
        self.go_to(0)

    def watch_query_text(self) -> None:
        """Show what matches."""
        self._arrange()

    def watch_marks(self) -> None:
        """Show the marks."""
        self.repaint()

    @property
    def row_here(self) -> ContainerRow | None:
        """The container under the cursor."""
        return self.board.containers.get(self.key) if self.key is not None else None

    @property
    def chosen(self) -> tuple[ContainerRow, ...]:
        """The marked containers; without marks the one under the cursor."""
        rows = self.board.containers
        if self.marks:
            return tuple(row for id_, row in rows.items() if id_ in self.marks)
        here = self.row_here
        return () if here is None else (here,)

    def mark_shown(self) -> None:
        """Mark every row that the filter lets through; if all are marked, none."""
        shown = frozenset(self.keys)
        self.marks = self.marks - shown if shown <= self.marks else self.marks | shown

    def _places_differ(self, before: Board, board: Board) -> bool:
        words = words_of(self.query_text)
        return any(
            place(old, self.order) != place(row, self.order)
            or matches(old, words) != matches(row, words)
            for id_, row in board.containers.items()
            if (old := before.containers[id_]) is not row
        )

    def _measure(self) -> None:
        rows = self.board.containers.values()
        widths = (cells(whose(row, _WIDEST, self.glyphs)) for row in rows)
        self._longest, self._columns_for = max(widths, default=0), -1

    def _arrange(self) -> None:
        self.set_keys(arranged(self.board.containers, self.order, words_of(self.query_text)))

    @override
    def title(self, width: int) -> tuple[Piece, ...]:
        rows = self.board.containers
        shown, total = len(self.keys), len(rows)
        words = f"Containers {shown} of {total}" if self.query_text else f"Containers {total}"
        dot = f" {self.glyphs.dot} "
        pieces = [self.titled(words, width)]
        facts = [*counted(counts_of(tuple(rows.values())))]
        if self.marks:
            facts.insert(0, (f"{len(self.marks)} marked", "key"))
        if self.query_text:
            facts.insert(0, (f"/{self.query_text}", "key"))
        facts.append((self.order if self.order == "problems first" else f"by {self.order}", "dim"))
        room = width - cells(words)
        for text, look in facts:
            if (needed := cells(dot + text)) <= room:
                pieces += [(dot, "dim"), (text, look)]
                room -= needed
        return tuple(pieces)

    @override
    def header(self, width: int) -> tuple[Piece, ...]:
        return heading(self._fitting(width))

    @override
    def row(self, key: str, width: int) -> tuple[Piece, ...]:
        row = self.board.containers.get(key)
        if row is None:
            return ()  # it went, and the rows are about to be arranged anew
        return container_cells(row, self._fitting(width), self.tick, self.glyphs)

    @override
    def nothing(self) -> str:
        if not self.board.connected:
            return "waiting for the engine"
        if self.board.containers:
            return f"no container matches /{self.query_text}; Esc shows all"
        if self.board.head.containers is None:
            return "nobody looks at containers: the batch file has no image: or containers:"
        return "no containers"

    @override
    def marked(self, key: str) -> bool:
        return key in self.marks

    def _fitting(self, width: int) -> Sequence[Column]:
        if width != self._columns_for:
            self._columns, self._columns_for = container_columns(width, self._longest), width
        return self._columns
