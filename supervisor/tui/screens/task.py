"""One task: its attempts side by side, why it is where it is, what it runs, needs and leaves."""

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import ScreenResume
from typing_extensions import override

from supervisor.core.board import TaskRow
from supervisor.core.names import TaskId
from supervisor.core.task_page import TaskPage
from supervisor.tui.actions import bindings
from supervisor.tui.messages import Copied, PageAsked, TaskOpened
from supervisor.tui.screens.batch import BatchScreen
from supervisor.tui.widgets.task import AttemptTable, TaskText

STYLES = Path(__file__).with_name("task.tcss")
AGAIN_S = 10.0
"""While it is seen, the page is asked for again after so long: files grow."""
PATIENCE_S = 30.0


class TaskScreen(BatchScreen):
    """Attempts above, the rest as text below."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("screen", "task")]

    CSS_PATH = STYLES
    AUTO_FOCUS = "#attempts"
    PLACE = "task"
    PANES = ("attempts", "about")
    _of_task: TaskId | None = None
    _asked_at: float = 0.0
    _asked_for: TaskRow | None = None
    _waiting: bool = False

    @override
    def middle(self) -> ComposeResult:
        yield AttemptTable(self.glyphs, id="attempts").data_bind(TaskScreen.tick)
        yield TaskText(self.glyphs, id="about")

    @property
    def attempts(self) -> AttemptTable:
        """The table of attempts."""
        return self.query_one("#attempts", AttemptTable)

    @property
    def about(self) -> TaskText:
        """The text."""
        return self.query_one("#about", TaskText)

    def open_task(self, task: TaskId, came_from: str) -> None:
        """Show the page of ``task``."""
        self.came_from = came_from
        if task != self._of_task:
            self._of_task = task
            if self.composed:
                self.about.page = self.attempts.page = None
                self.about.trouble = ""
        self._ask()

    def on_screen_resume(self, _: ScreenResume) -> None:
        """Show the task as it is now."""
        self._ask()

    def watch_board(self) -> None:
        """Ask anew when anything about the task changed; its containers are on the board."""
        row = self.row_here()
        self.attempts.task_row = row
        self.about.containers = tuple(
            one
            for one in self.board.containers.values()
            if row is not None and one.task == row.task
        )
        if row is not self._asked_for:
            self._ask()

    def watch_tick(self) -> None:
        """Ask again from time to time."""
        since = self.tick - self._asked_at
        if since >= (PATIENCE_S if self._waiting else AGAIN_S):
            self._ask()

    def _ask(self) -> None:
        if self._of_task is not None and self.composed and self.tick:
            self._asked_at, self._asked_for, self._waiting = self.tick, self.row_here(), True
            self.post_message(PageAsked(self._of_task, self._heard))

    def _heard(self, page: TaskPage | None, trouble: str) -> None:
        self._waiting = False
        if not self.is_attached:
            return
        self.about.trouble = trouble
        if page is not None and page.task == self._of_task:
            self.attempts.page = self.about.page = page
            self.about.attempt = self.attempts.attempt_here

    @override
    def row_here(self) -> TaskRow | None:
        return self.board.tasks.get(self._of_task) if self._of_task is not None else None

    @override
    def rows_here(self) -> tuple[TaskRow, ...]:
        row = self.row_here()
        return (row,) if row is not None else ()

    def on_listing_moved(self) -> None:
        """Tell about the attempt under the cursor."""
        self.about.attempt = self.attempts.attempt_here

    def on_listing_opened(self) -> None:
        """Open the attempt's log."""
        self.action_log()

    def action_log(self) -> None:
        """Show the log of the attempt under the cursor."""
        if self._of_task is not None:
            here = self.attempts.attempt_here
            self.post_message(TaskOpened(self._of_task, None if here is None else here.attempt))

    @override
    def action_why(self) -> None:
        """Go to the reasons, which stand first."""
        self.show_pane(self.about)
        self.about.scroll(0)

    @override
    def action_shell(self) -> None:
        """Open a shell in the container of the attempt, else in its directory."""
        from supervisor.tui.shells import ShellAsked

        row, here = self.row_here(), self.attempts.attempt_here
        lives = here is None or here.ended_at is None
        container = row.container if row is not None and lives else None
        number = here.attempt if here is not None else None
        self.post_message(ShellAsked(container=container, task=self._of_task, attempt=number))

    def action_copy(self) -> None:
        """Copy the task's name, or the text that is visible."""
        text = self.about.visible_text() if self.focused is self.about else self._of_task
        if text:
            self.post_message(Copied(text))

    def action_back(self) -> None:
        """Go back to where the page was opened."""
        self.call_later(self.run_action, f"app.show('{self.came_from}')")
