"""The table of containers."""

from collections.abc import Sequence
from typing import ClassVar

from textual.reactive import var
from typing_extensions import override

from supervisor.core.board import EMPTY, Board
from supervisor.core.containers import ContainerRow
from supervisor.core.query import Fields
from supervisor.tui.container_order import CONTAINER_KEYS, by_task
from supervisor.tui.container_rows import (
    container_cells,
    container_columns,
    counted,
    counts_of,
    whose,
)
from supervisor.tui.order import Sort, SortKeys
from supervisor.tui.rows import Cell, Column
from supervisor.tui.widgets.lines import Piece, cells
from supervisor.tui.widgets.table import Table

_WIDEST = 60


class ContainerTable(Table[ContainerRow]):
    """One row for each container that matches the filter."""

    KEYS: ClassVar[SortKeys[ContainerRow]] = CONTAINER_KEYS
    FIRST = Sort("state")
    NOUN = "container"

    board: var[Board] = var(EMPTY, init=False)

    def watch_board(self) -> None:
        """Take over the containers."""
        self.keep_marks(self.board.containers)
        self.take(by_task(self.board.containers))

    @override
    def fields(self) -> Fields[ContainerRow]:
        from supervisor.core.fields import CONTAINER_FIELDS

        return CONTAINER_FIELDS

    @override
    def columns(self, width: int) -> Sequence[Column]:
        widths = (cells(whose(row, _WIDEST, self.glyphs)) for row in self.rows.values())
        return container_columns(width, max(widths, default=0))

    @override
    def cells_of(self, row: ContainerRow, columns: Sequence[Column]) -> tuple[Cell, ...]:
        return container_cells(row, columns, self.tick, self.glyphs)

    @override
    def facts(self) -> Sequence[Piece]:
        return counted(counts_of(tuple(self.rows.values())))

    @override
    def nothing(self) -> str:
        if not self.board.connected:
            return "waiting for the engine"
        if self.board.head.containers is None and not self.rows:
            return "nobody looks at containers: the batch file has no image: or containers:"
        return super().nothing() or "no containers"
