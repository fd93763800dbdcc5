"""The table of failures, and the whole text of one cause."""

from typing import TYPE_CHECKING

from textual.reactive import var
from typing_extensions import override

from supervisor.core.board import EMPTY, Board, TaskRow
from supervisor.core.failures import FAILED, kinds
from supervisor.tui.failure_rows import (
    FailureRow,
    cause_words,
    failure_cells,
    failure_columns,
    failure_rows,
)
from supervisor.tui.format import wrapped
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.rows import heading
from supervisor.tui.widgets.lines import BLANK, Line, Lines, Piece
from supervisor.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Mapping


class FailureTable(Listing):
    """One row for each class of failures, and one for each of its causes."""

    board: var[Board] = var(EMPTY, init=False)

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id)
        self._rows: Mapping[str, FailureRow] = {}
        self._failed: tuple[TaskRow, ...] = ()

    def watch_board(self, _: Board, board: Board) -> None:
        """Arrange anew when another task failed, or one of them no longer has."""
        failed = tuple(row for row in board.tasks.values() if row.phase in FAILED)
        if failed != self._failed:
            self._failed = failed
            self._rows = failure_rows(kinds(failed))
            self.set_keys(tuple(self._rows))
            self.post_message(self.Moved(self, self.key))
        else:
            self.repaint()

    @property
    def row_here(self) -> FailureRow | None:
        """The class or cause under the cursor."""
        return self._rows.get(self.key) if self.key is not None else None

    @override
    def title(self, width: int) -> tuple[Piece, ...]:
        classes = sum(row.cause is None for row in self._rows.values())
        words = f"Failures {len(self._failed)}"
        said = f"in {classes} {'class' if classes == 1 else 'classes'}" if classes else ""
        return (self.titled(words, width), (f" {self.glyphs.dot} {said}" if said else "", "dim"))

    @override
    def header(self, width: int) -> tuple[Piece, ...]:
        return heading(failure_columns(width))

    @override
    def row(self, key: str, width: int) -> tuple[Piece, ...]:
        return failure_cells(self._rows[key], failure_columns(width), self.glyphs)

    @override
    def nothing(self) -> str:
        return "nothing has failed" if self.board.connected else "waiting for the engine"


class CauseText(Lines):
    """The cause of the row under the cursor, in full as far as there is room."""

    shown: var[FailureRow | None] = var[FailureRow | None](None, init=False)

    def watch_shown(self) -> None:
        """Show the new one."""
        self.repaint()

    @override
    def describe(self, y: int) -> Line:
        row = self.shown
        if row is None:
            return BLANK
        cause = row.cause or row.kind.causes[0]
        lines = wrapped(cause_words(cause, self.glyphs), max(8, self.size.width - 4))
        if y >= len(lines):
            return BLANK
        cut = y == self.size.height - 1 and len(lines) > self.size.height
        return Line(((f"  {lines[y]}{self.glyphs.ellipsis if cut else ''}", "warn"),))
