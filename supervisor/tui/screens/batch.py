"""What all screens of a batch have: the head, what needs the operator, and the line of keys."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import DescendantFocus, Resize
from textual.reactive import var
from textual.widget import Widget
from typing_extensions import override

from supervisor.core.board import Board, GroupRow, TaskRow
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.link import CONNECTING, Link
from supervisor.tui.messages import Composed
from supervisor.tui.notices import Notice
from supervisor.tui.screens.steering import SteeringScreen
from supervisor.tui.widgets.footer import KeyLine
from supervisor.tui.widgets.head import HeadLine
from supervisor.tui.widgets.lines import Lines
from supervisor.tui.widgets.notices import Notices
from supervisor.tui.widgets.pressing import Pressing


class BatchScreen(SteeringScreen):
    """A screen whose middle a subclass fills; what it shows comes by ``take``."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-medium"), (160, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-tall")]

    PANES: ClassVar[tuple[str, ...]] = ()
    """Ids of what Tab goes round; where there is room for one only, that one is shown."""

    came_from: str = "overview"
    """The screen that Esc goes back to, where it does not depend on this one alone."""

    link: var[Link] = var(CONNECTING, init=False)
    said: var[tuple[str, bool] | None] = var[tuple[str, bool] | None](None, init=False)
    standing: var[tuple[Notice, ...]] = var((), init=False)
    """What is shown below all other notices."""

    def __init__(self, glyphs: Glyphs, *, read_only: bool = False) -> None:
        super().__init__(glyphs, read_only=read_only)
        self.composed = False
        self._faded = False

    @override
    def compose(self) -> ComposeResult:
        own = BatchScreen
        head = HeadLine(self.glyphs, id="head")
        head.read_only, head.place = self.read_only, self.PLACE
        notices = Notices(self.glyphs, id="notices")
        head.keymap = notices.keymap = self.settings.keymap
        yield head.data_bind(own.board, own.link, own.tick)
        yield notices.data_bind(own.board, own.link, own.tick, own.standing)
        with Container(id="body"):
            yield from self.middle()
        yield KeyLine(self.glyphs, self.allowed_here(), id="keys").data_bind(own.said)

    def middle(self) -> ComposeResult:
        """Yield the widgets between head and keys."""
        raise NotImplementedError

    @override
    def on_mount(self) -> None:
        """Say that a board may come; Textual calls the handler of the base class too."""
        self.composed = True
        self.post_message(Composed())

    def on_resize(self, event: Resize) -> None:
        """Leave more lines to the notices where there are more."""
        self.query_one(Notices).fit_into(event.size.width, event.size.height)

    def take(self, board: Board, link: Link, tick: float, said: tuple[str, bool] | None) -> None:
        """Show the latest; nothing happens before all widgets are there."""
        if self.composed:
            self.tick, self.link, self.said = tick, link, said
            self.board = board
            self._fade(faded=link.state == "gone" and board.connected)

    def _fade(self, *, faded: bool) -> None:
        """Draw dim what an engine said that is not heard any more."""
        if faded != self._faded:
            self._faded = faded
            for lines in self.query_one("#body").query(Lines):
                lines.fade(faded=faded)

    @override
    def row_here(self) -> TaskRow | None:
        rows = self.rows_here()
        return rows[0] if rows else None

    @override
    def group_here(self) -> GroupRow | None:
        row = self.row_here()
        groups = self.board.head.groups
        return next((one for one in groups if row is not None and one.group == row.group), None)

    def on_pressing_pressed(self, event: Pressing.Pressed) -> None:
        """Do what was clicked, as if its key had been pressed."""
        self.perform(event.action)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Where there is room for one pane only, show that one."""
        self.mark_pane(event.widget)

    def show_pane(self, pane: Widget) -> None:
        """Give the keys to ``pane``, and show it."""
        self.mark_pane(pane)
        pane.focus(scroll_visible=False)

    def mark_pane(self, pane: Widget) -> None:
        """Say in the style sheet's words which pane has the keys."""
        self.update_classes({f"-at-{name}": pane.id == name for name in self.PANES})

    def action_pane(self, step: int) -> None:
        """Go to the next pane."""
        here = next((at for at, name in enumerate(self.PANES) if self.has_class(f"-at-{name}")), 0)
        if self.PANES:
            self.show_pane(self.query_one(f"#{self.PANES[(here + step) % len(self.PANES)]}"))
