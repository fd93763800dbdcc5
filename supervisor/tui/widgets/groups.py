"""The table of groups."""

from textual.reactive import var
from typing_extensions import override

from supervisor.core.board import EMPTY, Board, GroupRow
from supervisor.tui.format import plain
from supervisor.tui.rows import group_cells, group_columns, heading
from supervisor.tui.widgets.lines import Piece, cells
from supervisor.tui.widgets.listing import Listing


class GroupTable(Listing):
    """One row for each group, in the order of the batch file."""

    board: var[Board] = var(EMPTY, init=False)

    def watch_board(self, board: Board) -> None:
        """Take over the groups."""
        self._rows = {row.group: row for row in board.head.groups}
        self._longest = max(
            (
                cells(plain(row.group, ascii_only=self.glyphs.ascii_only))
                for row in board.head.groups
            ),
            default=0,
        )
        self.set_keys(tuple(self._rows))

    _rows: dict[str, GroupRow] = {}
    _longest: int = 0

    @property
    def row_here(self) -> GroupRow | None:
        """The group under the cursor."""
        return self._rows.get(self.key) if self.key is not None else None

    @override
    def title(self, width: int) -> tuple[Piece, ...]:
        return (self.titled(f"Groups {len(self.keys)}", width),)

    @override
    def header(self, width: int) -> tuple[Piece, ...]:
        return heading(group_columns(width, self._longest))

    @override
    def row(self, key: str, width: int) -> tuple[Piece, ...]:
        return group_cells(self._rows[key], group_columns(width, self._longest), self.glyphs)

    @override
    def nothing(self) -> str:
        return "no groups yet"
