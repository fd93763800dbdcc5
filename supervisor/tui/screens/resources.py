"""The machine: what it has, what is used of it, and by which of the running tasks."""

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import ScreenResume
from typing_extensions import override

from supervisor.core.board import TaskRow
from supervisor.core.machine import Resources
from supervisor.core.names import TaskId
from supervisor.tui.actions import bindings
from supervisor.tui.messages import Copied, PageOpened, ResourcesAsked, TaskOpened
from supervisor.tui.screens.tables import TablesScreen
from supervisor.tui.widgets.listing import Listing
from supervisor.tui.widgets.machine import MachineText, RunnerTable

STYLES = Path(__file__).with_name("resources.tcss")
AGAIN_S = 3.0
"""While it is seen, the figures are asked for again after so long."""
PATIENCE_S = 30.0
"""An answer that takes longer is no longer waited for."""


class ResourcesScreen(TablesScreen):
    """The machine above, the processes of running tasks below."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("screen", "resources")]

    CSS_PATH = STYLES
    AUTO_FOCUS = "#runners"
    PLACE = "resources"
    _asked_at: float = 0.0
    _waiting: bool = False

    @override
    def middle(self) -> ComposeResult:
        yield MachineText(self.glyphs, id="machine").data_bind(ResourcesScreen.board)
        yield RunnerTable(self.glyphs, id="runners").data_bind(ResourcesScreen.tick)

    @property
    def machine(self) -> MachineText:
        """The figures of the machine."""
        return self.query_one("#machine", MachineText)

    @property
    def runners(self) -> RunnerTable:
        """What running tasks use."""
        return self.query_one("#runners", RunnerTable)

    def on_screen_resume(self, _: ScreenResume) -> None:
        """Show the figures of now; the first tick asks for the first ones."""
        if self.tick:
            self._ask()

    def watch_tick(self) -> None:
        """Ask again from time to time."""
        since = self.tick - self._asked_at
        if since >= (PATIENCE_S if self._waiting else AGAIN_S):
            self._ask()

    def _ask(self) -> None:
        self._asked_at, self._waiting = self.tick, True
        self.post_message(ResourcesAsked(self._heard))

    def _heard(self, found: Resources | None, trouble: str) -> None:
        self._waiting = False
        if not self.is_attached:
            return
        self.machine.trouble = trouble
        if found is not None:
            self.machine.found = self.runners.found = found

    @override
    def table_here(self) -> RunnerTable:
        return self.runners

    @override
    def row_here(self) -> TaskRow | None:
        here = self.runners.row_here
        return self.board.tasks.get(here.task) if here is not None else None

    @override
    def rows_here(self) -> tuple[TaskRow, ...]:
        tasks = self.board.tasks
        return tuple(tasks[row.task] for row in self.runners.chosen if row.task in tasks)

    def on_listing_opened(self, event: Listing.Opened) -> None:
        """Show all that is known of the task."""
        self.post_message(PageOpened(TaskId(event.key)))

    def action_log(self) -> None:
        """Show the log of the task under the cursor."""
        if (row := self.row_here()) is not None:
            self.post_message(TaskOpened(row.task))

    def action_copy(self) -> None:
        """Copy the names of the tasks."""
        if names := "\n".join(row.task for row in self.runners.chosen):
            self.post_message(Copied(names))

    def action_back(self) -> None:
        """Undo one view: the filter, the marks; then go back to the overview."""
        if not self.undo_view():
            self.call_later(self.run_action, "app.show('overview')")
