"""The table of tasks."""

from collections.abc import Sequence

from textual.reactive import var
from typing_extensions import override

from supervisor.core.board import EMPTY, Board, TaskRow
from supervisor.core.names import TaskId
from supervisor.tui.format import plain
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.order import Order, arranged, matches, rank, words_of
from supervisor.tui.rows import Column, heading, task_cells, task_columns
from supervisor.tui.widgets.lines import Piece, cells
from supervisor.tui.widgets.listing import Listing


class TaskTable(Listing):
    """One row for each task that matches the filter."""

    board: var[Board] = var(EMPTY, init=False)
    tick: var[float] = var(0.0, init=False)
    order: var[Order] = var[Order]("problems first", init=False)
    query_text: var[str] = var("", init=False)
    within: var[frozenset[TaskId] | None] = var[frozenset[TaskId] | None](None, init=False)
    """Only these are shown. None: all."""
    marks: var[frozenset[TaskId]] = var(frozenset[TaskId](), init=False)

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id)
        self._columns: tuple[Column, ...] = ()
        self._columns_for = -1
        self._longest = 0
        self._total = 0

    def watch_board(self, before: Board, board: Board) -> None:
        """Take over what changed; the order is made anew only if some row's place may differ."""
        if len(before.tasks) != len(board.tasks):
            self._measure()
        if self._places_differ(before, board):
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

    def watch_within(self) -> None:
        """Show those."""
        self._arrange()

    def watch_marks(self) -> None:
        """Show the marks."""
        self.repaint()

    @property
    def row_here(self) -> TaskRow | None:
        """The task under the cursor."""
        return self.board.tasks.get(TaskId(self.key)) if self.key is not None else None

    def _places_differ(self, before: Board, board: Board) -> bool:
        if len(before.tasks) != len(board.tasks) or self.order == "longest in phase":
            return True
        words = words_of(self.query_text)
        return any(
            old is None or rank(old) != rank(row) or matches(old, words) != matches(row, words)
            for task, row in board.tasks.items()
            if (old := before.tasks.get(task)) is not row
        )

    def _measure(self) -> None:
        ascii_only = self.glyphs.ascii_only
        widths = (cells(plain(task, ascii_only=ascii_only)) for task in self.board.tasks)
        self._longest, self._columns_for = max(widths, default=0), -1

    def _arrange(self) -> None:
        tasks = self.board.tasks
        if self.within is not None:
            tasks = {task: row for task, row in tasks.items() if task in self.within}
        self._total = len(tasks)
        self.set_keys(arranged(tasks, self.order, words_of(self.query_text)))

    @override
    def title(self, width: int) -> tuple[Piece, ...]:
        shown, total = len(self.keys), self._total
        words = f"Tasks {shown} of {total}" if self.query_text else f"Tasks {total}"
        facts = [f"by {self.order}" if self.order != "problems first" else self.order]
        if self.query_text:
            facts.insert(0, f"/{self.query_text}")
        if self.marks:
            facts.insert(0, f"{len(self.marks)} marked")
        dot = f" {self.glyphs.dot} "
        return (
            self.titled(words, width),
            (dot + dot.join(facts), "dim") if width > 30 else ("", ""),
        )

    @override
    def header(self, width: int) -> tuple[Piece, ...]:
        return heading(self._fitting(width))

    @override
    def row(self, key: str, width: int) -> tuple[Piece, ...]:
        row = self.board.tasks[TaskId(key)]
        return task_cells(row, self._fitting(width), self.tick, self.glyphs)

    @override
    def nothing(self) -> str:
        if not self.board.connected:
            return "waiting for the engine"
        if self._total:
            return f"no task matches /{self.query_text}; Esc shows all"
        return "this batch has no tasks" if self.within is None else ""

    @override
    def marked(self, key: str) -> bool:
        return key in self.marks

    def _fitting(self, width: int) -> Sequence[Column]:
        if width != self._columns_for:
            self._columns, self._columns_for = task_columns(width, self._longest), width
        return self._columns
