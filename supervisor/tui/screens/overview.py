"""The first screen: how the batch stands, its groups, its tasks, and a log."""

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from typing_extensions import override

from supervisor.core.board import GroupRow, TaskRow
from supervisor.core.names import TaskId
from supervisor.tui.actions import bindings
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.messages import Copied, PageOpened, TaskOpened
from supervisor.tui.screens.tables import TablesScreen
from supervisor.tui.widgets.groups import GroupTable
from supervisor.tui.widgets.listing import Listing
from supervisor.tui.widgets.log import LogPane
from supervisor.tui.widgets.tasks import TaskTable

if TYPE_CHECKING:
    from textual.timer import Timer

STYLES = Path(__file__).with_name("overview.tcss")
LOG_AFTER_S = 0.2
"""The log waits until the cursor rests this long, which spares a slow line."""


class OverviewScreen(TablesScreen):
    """Everything at a glance; Tab goes round the panes."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("screen", "overview")]

    CSS_PATH = STYLES
    AUTO_FOCUS = "#tasks"
    PLACE = "overview"
    PANES = ("groups", "tasks", "log")

    def __init__(self, glyphs: Glyphs, *, read_only: bool = False) -> None:
        super().__init__(glyphs, read_only=read_only)
        self.set_class(True, "-at-tasks")
        self._log_timer: Timer | None = None

    @override
    def middle(self) -> ComposeResult:
        own = OverviewScreen
        with Container(id="lists"):
            yield GroupTable(self.glyphs, id="groups").data_bind(own.board)
            yield TaskTable(self.glyphs, id="tasks").data_bind(own.board, own.tick)
        yield LogPane(self.glyphs, id="log").data_bind(own.tick)

    @property
    def groups(self) -> GroupTable:
        """The table of groups."""
        return self.query_one("#groups", GroupTable)

    @property
    def tasks(self) -> TaskTable:
        """The table of tasks."""
        return self.query_one("#tasks", TaskTable)

    @property
    def log_pane(self) -> LogPane:
        """The log."""
        return self.query_one("#log", LogPane)

    def watch_board(self) -> None:
        """Tell the log what became of its task."""
        row = self.log_pane.row
        if row is None:
            self._show_log()
        elif (newer := self.board.tasks.get(row.task)) is not row:
            self.log_pane.row = newer

    def _show_log(self) -> None:
        self.log_pane.row = self.tasks.row_here

    @override
    def table_here(self) -> TaskTable:
        return self.tasks

    @override
    def row_here(self) -> TaskRow | None:
        return self.log_pane.row if self.focused is self.log_pane else self.tasks.row_here

    @override
    def rows_here(self) -> tuple[TaskRow, ...]:
        if self.tasks.marks:
            return self.tasks.chosen
        if self.focused is self.groups:
            group = self.groups.key
            return tuple(row for row in self.board.tasks.values() if row.group == group)
        row = self.row_here()
        return (row,) if row is not None else ()

    @override
    def group_here(self) -> GroupRow | None:
        if self.focused is self.groups:
            return self.groups.row_here
        row = self.row_here()
        of_row = (
            item for item in self.board.head.groups if row is not None and item.group == row.group
        )
        return next(of_row, None)

    def on_listing_moved(self, event: Listing.Moved) -> None:
        """Show the row's log once the cursor rests."""
        if event.listing is self.tasks:
            if self._log_timer is not None:
                self._log_timer.stop()
            if self.log_pane.row is None:
                self._show_log()
                return
            self._log_timer = self.set_timer(LOG_AFTER_S, self._show_log)

    def on_listing_opened(self, event: Listing.Opened) -> None:
        """Open a task's page, or the tasks of a group."""
        if event.listing is self.tasks:
            self.post_message(PageOpened(TaskId(event.key)))
        else:
            self._open_group(event.key)

    def _open_group(self, group: str) -> None:
        first = next((row.task for row in self.board.tasks.values() if row.group == group), None)
        place = next((key for key in self.tasks.keys if key.startswith(f"{group}/")), first)
        if place is not None and place in self.tasks.keys:
            self.tasks.go_to(self.tasks.keys.index(place))
        self.show_pane(self.tasks)

    def on_log_pane_left(self) -> None:
        """Enter in the log shows it on a screen of its own."""
        self.action_log()

    def action_log(self) -> None:
        """Show the task's log on a screen of its own."""
        if (row := self.row_here()) is not None:
            self.post_message(TaskOpened(row.task))

    def action_back(self) -> None:
        """Undo one view: the filter, the marks; then go to the tasks."""
        if not self.undo_view():
            self.show_pane(self.tasks)

    def action_follow(self) -> None:
        """Follow the log's end, or stay."""
        self.log_pane.follow()

    def action_stream(self) -> None:
        """Show the other stream."""
        self.log_pane.other_stream()

    def action_copy(self) -> None:
        """Copy the row's name, or the log's visible lines."""
        if self.focused is self.log_pane:
            text = self.log_pane.visible_text()
        elif self.focused is self.groups:
            text = self.groups.key or ""
        else:
            text = "\n".join(row.task for row in self.rows_here())
        if text:
            self.post_message(Copied(text))
