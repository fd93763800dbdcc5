"""The screen of containers: who works, who idles, who is dead, and what each one says."""

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from typing_extensions import override

from supervisor.core.board import GroupRow, TaskRow
from supervisor.ports.containers import Described
from supervisor.tui.actions import bindings
from supervisor.tui.container_helm import ContainerHelm
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.messages import Copied, DescribeAsked
from supervisor.tui.screens.tables import TablesScreen
from supervisor.tui.widgets.containers import ContainerTable
from supervisor.tui.widgets.described import DescribedPane

if TYPE_CHECKING:
    from textual.timer import Timer

ASKED_AFTER_S = 0.2
"""The cursor rests so long before a container is asked about, which spares a slow line."""
_AGAIN_S = 5.0
"""What a container writes is asked for again after so long."""


class ContainersScreen(TablesScreen, inherit_bindings=False):
    """A table, and below it the output or the inspection of the container under the cursor."""

    CSS_PATH = Path(__file__).with_name("containers.tcss")
    PLACE = "containers"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("screen", "containers")]
    AUTO_FOCUS = "#containers"

    def __init__(self, glyphs: Glyphs, *, read_only: bool = False) -> None:
        super().__init__(glyphs, read_only=read_only)
        self._timer: Timer | None = None
        self._asked_at = 0.0

    @override
    def middle(self) -> ComposeResult:
        own = ContainersScreen
        yield ContainerTable(self.glyphs, id="containers").data_bind(own.board, own.tick)
        yield DescribedPane(self.glyphs, id="described")

    @cached_property
    def container_helm(self) -> ContainerHelm:
        """What ends containers."""
        return ContainerHelm(self.glyphs, self.post_message)

    @property
    def table(self) -> ContainerTable:
        """The table."""
        return self.query_one("#containers", ContainerTable)

    @property
    def pane(self) -> DescribedPane:
        """What the container under the cursor says."""
        return self.query_one("#described", DescribedPane)

    def watch_board(self) -> None:
        """Tell the pane what became of its container."""
        if self.pane.row is None:
            self._show()
        elif (newer := self.board.containers.get(self.pane.row.id)) is not None:
            self.pane.row = newer

    def watch_tick(self) -> None:
        """Ask again for what a container writes while somebody can see it."""
        due = self.tick - self._asked_at >= _AGAIN_S
        if due and self.pane.display and not self.pane.inspecting and self.is_current:
            self._ask()

    def on_listing_moved(self) -> None:
        """Show the container once the cursor rests."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(ASKED_AFTER_S, self._show)

    def on_listing_opened(self) -> None:
        """Show what the container says in full height."""
        self.action_log()

    def _show(self) -> None:
        row = self.table.row_here
        differs = row is None or self.pane.row is None or row.id != self.pane.row.id
        self.pane.row = row
        if differs:
            self._ask()

    def _ask(self) -> None:
        row, self._asked_at = self.pane.row, self.tick
        if row is not None:
            self.post_message(DescribeAsked(row.id, partial(self._heard, row.id)))

    def _heard(self, id_: str, told: Described | None, trouble: str) -> None:
        if self.is_attached and self.pane.row is not None and self.pane.row.id == id_:
            self.pane.trouble = trouble
            if told is not None and told != self.pane.described:
                self.pane.described = told

    @override
    def table_here(self) -> ContainerTable:
        return self.table

    @override
    def row_here(self) -> TaskRow | None:
        row = self.table.row_here
        task = row.task if row is not None else None
        return self.board.tasks.get(task) if task is not None else None

    @override
    def rows_here(self) -> tuple[TaskRow, ...]:
        tasks = {row.task for row in self.table.chosen}
        return tuple(row for task, row in self.board.tasks.items() if task in tasks)

    @override
    def group_here(self) -> GroupRow | None:
        row = self.table.row_here
        group = row.group if row is not None else None
        return next((one for one in self.board.head.groups if one.group == group), None)

    def action_kill_containers(self) -> None:
        """List what would be ended, and end it if that is wanted."""
        if rows := self.table.chosen:
            self.container_helm.kill_containers(rows, self.tick, self.table.seen)

    def action_inspect(self) -> None:
        """Show all that is known of the container, or its output again."""
        self.pane.inspecting = not self.pane.inspecting
        if not self.pane.display:
            self.action_log()

    @override
    def action_shell(self) -> None:
        """Open a shell in the container."""
        from supervisor.tui.shells import ShellAsked

        if (row := self.table.row_here) is not None:
            self.post_message(ShellAsked(container=row.id))

    def action_log(self) -> None:
        """Show what the container says in full height, or the table again."""
        full = not self.has_class("-full")
        self.set_class(full, "-full")
        self._show()
        (self.pane if full else self.table).focus(scroll_visible=False)

    @override
    def action_pane(self, step: int) -> None:
        """Go to the other pane."""
        if self.has_class("-full") or not self.pane.display:
            self.action_log()
        else:
            other = self.table if self.focused is self.pane else self.pane
            other.focus(scroll_visible=False)

    def action_back(self) -> None:
        """Undo one view: the full pane, the filter, the marks; then back to the overview."""
        if self.has_class("-full"):
            self.action_log()
        elif not self.undo_view():
            self.call_later(self.run_action, "app.show('overview')")

    def action_copy(self) -> None:
        """Copy the names of the containers, or what is visible of their output."""
        if self.focused is self.pane:
            text = self.pane.visible_text()
        else:
            text = "\n".join(row.name for row in self.table.chosen)
        if text:
            self.post_message(Copied(text))
