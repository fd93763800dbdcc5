"""What failed, grouped by what cures it, with one key to run it again."""

from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from typing_extensions import override

from supervisor.core.board import TaskRow
from supervisor.core.names import TaskId
from supervisor.tui.actions import bindings
from supervisor.tui.messages import Copied, ExportWanted, PageOpened, TaskOpened
from supervisor.tui.screens.tables import TablesScreen
from supervisor.tui.widgets.failures import CauseText, FailureTable
from supervisor.tui.widgets.listing import Listing
from supervisor.tui.widgets.marking import MarkingList
from supervisor.tui.widgets.table import Table
from supervisor.tui.widgets.tasks import TaskTable

STYLES = Path(__file__).with_name("failures.tcss")


class FailuresScreen(TablesScreen):
    """Classes and causes above, the tasks of the one under the cursor below."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("screen", "failures")]

    CSS_PATH = STYLES
    AUTO_FOCUS = "#failures"
    PLACE = "failures"
    PANES = ("failures", "tasks")

    @override
    def middle(self) -> ComposeResult:
        own = FailuresScreen
        yield FailureTable(self.glyphs, id="failures").data_bind(own.board, own.tick)
        yield CauseText(self.glyphs, id="cause")
        yield TaskTable(self.glyphs, id="tasks").data_bind(own.board, own.tick)

    @override
    def on_mount(self) -> None:
        self.tasks.within = frozenset()
        self.mark_pane(self.failures)

    @property
    def failures(self) -> FailureTable:
        """The classes and causes."""
        return self.query_one("#failures", FailureTable)

    @property
    def tasks(self) -> TaskTable:
        """The tasks of one class or cause."""
        return self.query_one("#tasks", TaskTable)

    @override
    def table_here(self) -> Table[Any]:
        return self.tasks if self.focused is self.tasks else self.failures

    @override
    def filtered_here(self) -> FailureTable:
        return self.failures

    @override
    def rows_here(self) -> tuple[TaskRow, ...]:
        if self.tasks.marks:
            return self.tasks.chosen
        if self.focused is self.tasks:
            row = self.tasks.row_here
            return (row,) if row is not None else ()
        here = self.failures.row_here
        return here.rows if here is not None else ()

    @override
    def seen_here(self) -> frozenset[str]:
        return self.tasks.seen if self.tasks.display else frozenset()

    def on_listing_moved(self, event: Listing.Moved) -> None:
        """Show the tasks of the class or cause under the cursor."""
        if event.listing is self.failures:
            here = self.failures.row_here
            self.query_one(CauseText).shown = here
            self.tasks.within = frozenset(row.task for row in here.rows) if here else frozenset()

    def on_listing_opened(self, event: Listing.Opened) -> None:
        """Go to the tasks of a cause; of a task, open its page."""
        if event.listing is self.failures:
            self.show_pane(self.tasks)
        else:
            self.post_message(PageOpened(TaskId(event.key)))

    def on_marking_list_remarked(self, event: MarkingList.Remarked) -> None:
        """Let both tables show the same marks."""
        self.failures.marks = self.tasks.marks = event.listing.marks

    def action_back(self) -> None:
        """Undo one view: the filter, the marks; go back to the causes, then to the overview."""
        if self.undo_view():
            return
        if self.focused is self.tasks:
            self.show_pane(self.failures)
        else:
            self.call_later(self.run_action, "app.show('overview')")

    def action_log(self) -> None:
        """Show the log of the task under the cursor, or of the first of the cause."""
        if (row := self.row_here()) is not None:
            self.post_message(TaskOpened(row.task))

    def action_export(self) -> None:
        """Write the list of failures to a file."""
        self.post_message(ExportWanted())

    def action_copy(self) -> None:
        """Copy the cause and the names of its tasks, or of the marked ones."""
        here = self.failures.row_here
        lines: list[str] = [row.task for row in self.rows_here()]
        if self.focused is self.failures and here is not None and here.cause is not None:
            lines.insert(0, here.cause.text)
        if lines:
            self.post_message(Copied("\n".join(lines)))
