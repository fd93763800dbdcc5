"""The table of failures, and the whole text of one cause."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from textual.reactive import var
from typing_extensions import override

from supervisor.core.board import EMPTY, Board, TaskRow
from supervisor.core.failures import FAILED, kinds
from supervisor.core.query import Fields
from supervisor.tui.failure_rows import (
    FAILURE_KEYS,
    FailureRow,
    cause_words,
    failure_cells,
    failure_columns,
    failure_rows,
)
from supervisor.tui.format import wrapped
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.order import Sort, SortKeys
from supervisor.tui.rows import Cell, Column
from supervisor.tui.widgets.lines import BLANK, Line, Lines, Piece
from supervisor.tui.widgets.table import Table


class FailureTable(Table[FailureRow]):
    """One row for each class of failures, and one for each of its causes; its marks are of tasks."""

    KEYS: ClassVar[SortKeys[FailureRow]] = FAILURE_KEYS
    FIRST = Sort("")
    NOUN = "failure"

    board: var[Board] = var(EMPTY, init=False)

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id)
        self._failed: tuple[TaskRow, ...] = ()

    def watch_board(self) -> None:
        """Arrange anew when another task failed, or one of them no longer has."""
        self.keep_marks(self.board.tasks)
        failed = tuple(row for row in self.board.tasks.values() if row.phase in FAILED)
        if failed != self._failed:
            self._failed = failed
            self.settle()
        else:
            self.repaint()

    @override
    def settle(self) -> None:
        """Group the failed tasks that match, and tell what stands under the cursor."""
        found = [row for row in self._failed if self.wanted.matches(row, self.tick)]
        self.rows = failure_rows(kinds(found), self.sort)
        self.set_keys(tuple(self.rows))
        self.post_message(self.Moved(self, self.key))

    @override
    def fields(self) -> Fields[Any]:
        from supervisor.core.fields import TASK_FIELDS

        return TASK_FIELDS

    @override
    def ids(self, keys: Iterable[str]) -> frozenset[str]:
        rows = (self.rows[key].rows for key in keys if key in self.rows)
        return frozenset(row.task for some in rows for row in some)

    @property
    @override
    def counts(self) -> tuple[int, int]:
        shown = sum(len(row.rows) for row in self.rows.values() if row.cause is None)
        return shown, len(self._failed)

    @override
    def facts(self) -> Sequence[Piece]:
        classes = sum(row.cause is None for row in self.rows.values())
        return (
            [(f"in {classes} {'class' if classes == 1 else 'classes'}", "dim")] if classes else []
        )

    @override
    def columns(self, width: int) -> Sequence[Column]:
        return failure_columns(width)

    @override
    def cells_of(self, row: FailureRow, columns: Sequence[Column]) -> tuple[Cell, ...]:
        return failure_cells(row, columns, self.glyphs)

    @override
    def nothing(self) -> str:
        if not self.board.connected:
            return "waiting for the engine"
        if self._failed:
            return super().nothing()
        return "nothing has failed"


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
