"""The machine in a few lines, and the table of what running tasks use of it."""

from collections.abc import Sequence
from typing import ClassVar

from textual.reactive import var
from typing_extensions import override

from supervisor.core.board import EMPTY, Board
from supervisor.core.machine import Resources, RunnerRow
from supervisor.core.query import Fields
from supervisor.tui.format import clock, plain
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.machine_lines import machine_lines
from supervisor.tui.order import Sort, SortKeys
from supervisor.tui.rows import Cell, Column
from supervisor.tui.runner_order import RUNNER_KEYS, by_name
from supervisor.tui.runner_rows import runner_cells, runner_columns
from supervisor.tui.widgets.lines import BLANK, Line, Lines, Piece, cells
from supervisor.tui.widgets.table import Table

_HIGH = 34
"""Lines of a screen from which more GPUs have a line of their own."""


class MachineText(Lines):
    """Cores, memory, disks, GPUs and engines."""

    found: var[Resources | None] = var[Resources | None](None, init=False)
    board: var[Board] = var(EMPTY, init=False)
    trouble: var[str] = var("", init=False)
    """Why there is nothing newer."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id)
        self._drawn: tuple[Line, ...] = ()

    def watch_found(self) -> None:
        """Draw what is known now; the layout changes only with the number of lines."""
        self._drawn = self._lines()
        height = 1 + max(1, len(self._drawn))
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
        self.repaint()

    watch_board = watch_found
    watch_trouble = watch_found

    @override
    def on_resize(self) -> None:
        self.watch_found()

    def _lines(self) -> tuple[Line, ...]:
        if self.found is None or not self.found.machine.mem_bytes:
            return ()
        most = 9 if self.screen.size.height >= _HIGH else 4
        return machine_lines(self.found, self.board.head, self.size.width, most, self.glyphs)

    @override
    def describe(self, y: int) -> Line:
        if y == 0:
            return self._title()
        if not self._drawn:
            asked = "asking the engine" if self.found is None else "this engine looks at no machine"
            words = plain(self.trouble, ascii_only=self.glyphs.ascii_only) or asked
            return Line(((f"  {words}", "dim"),)) if y == 1 else BLANK
        line = self._drawn[y - 1] if y <= len(self._drawn) else BLANK
        # What is no longer so is not drawn as if it were.
        return Line(tuple((text, "dim") for text, _ in line.pieces)) if self.trouble else line

    def _title(self) -> Line:
        rule, dot = self.glyphs.rule, self.glyphs.dot
        pieces: list[Piece] = [(f"{rule} ", "rule"), ("Machine", "title")]
        if self.found is not None and self.found.machine.name:
            name = plain(self.found.machine.name, ascii_only=self.glyphs.ascii_only)
            pieces.append((f" {dot} {name}", "dim"))
            if self.trouble:
                pieces.append((f" {dot} as it was at {clock(self.found.machine.at)}", "warn"))
        used = sum(cells(text) for text, _ in pieces)
        return Line((*pieces, (f" {rule * max(0, self.size.width - used - 1)}", "rule")))


class RunnerTable(Table[RunnerRow]):
    """One row for each living attempt, by the cores that its processes use."""

    KEYS: ClassVar[SortKeys[RunnerRow]] = RUNNER_KEYS
    FIRST = Sort("cores", falling=True)
    NOUN = "running task"

    found: var[Resources | None] = var[Resources | None](None, init=False)

    def watch_found(self) -> None:
        """Take over what is used now; a row moves only when it uses much more or less."""
        rows = by_name(self.found.runners if self.found is not None else ())
        self.keep_marks(rows)
        self.take(rows)

    @override
    def fields(self) -> Fields[RunnerRow]:
        from supervisor.core.fields import RUNNER_FIELDS

        return RUNNER_FIELDS

    @override
    def columns(self, width: int) -> Sequence[Column]:
        widths = (cells(plain(task, ascii_only=self.glyphs.ascii_only)) for task in self.rows)
        return runner_columns(width, max(widths, default=0))

    @override
    def cells_of(self, row: RunnerRow, columns: Sequence[Column]) -> tuple[Cell, ...]:
        return runner_cells(row, columns, self.glyphs)

    @override
    def nothing(self) -> str:
        return super().nothing() or ("nothing runs" if self.found is not None else "")
