"""The table of tasks."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from textual.reactive import var
from typing_extensions import override

from supervisor.core.board import EMPTY, Board, TaskRow
from supervisor.core.names import TaskId
from supervisor.core.query import Fields
from supervisor.tui.format import plain
from supervisor.tui.order import Sort, SortKeys
from supervisor.tui.rows import Cell, Column, task_cells, task_columns
from supervisor.tui.task_order import TASK_KEYS
from supervisor.tui.widgets.lines import cells
from supervisor.tui.widgets.table import Table


class TaskTable(Table[TaskRow]):
    """One row for each task that matches the filter."""

    KEYS: ClassVar[SortKeys[TaskRow]] = TASK_KEYS
    FIRST = Sort("state")
    NOUN = "task"

    board: var[Board] = var(EMPTY, init=False)
    within: var[frozenset[TaskId] | None] = var[frozenset[TaskId] | None](None, init=False)
    """Only these are shown. None: all."""

    def watch_board(self) -> None:
        """Take over the tasks, or those of them that are wanted."""
        tasks, within = self.everything, self.within
        self.keep_marks(tasks)
        if within is not None:
            tasks = {task: row for task, row in tasks.items() if task in within}
        self.take(tasks)

    watch_within = watch_board

    @property
    @override
    def everything(self) -> Mapping[str, TaskRow]:
        return cast("Mapping[str, TaskRow]", self.board.tasks)

    @override
    def fields(self) -> Fields[TaskRow]:
        from supervisor.core.fields import TASK_FIELDS

        return TASK_FIELDS

    @override
    def columns(self, width: int) -> Sequence[Column]:
        ascii_only = self.glyphs.ascii_only
        widths = (cells(plain(task, ascii_only=ascii_only)) for task in self.rows)
        return task_columns(width, max(widths, default=0))

    @override
    def cells_of(self, row: TaskRow, columns: Sequence[Column]) -> tuple[Cell, ...]:
        return task_cells(row, columns, self.tick, self.glyphs)

    @override
    def nothing(self) -> str:
        if not self.board.connected:
            return "waiting for the engine"
        return super().nothing() or ("this batch has no tasks" if self.within is None else "")
