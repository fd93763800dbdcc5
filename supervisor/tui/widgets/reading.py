"""Text that is read, not chosen from: it scrolls and has no cursor."""

from typing import ClassVar

from textual.binding import BindingType
from typing_extensions import override

from supervisor.tui.actions import bindings
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.widgets.lines import BLANK, Line, Lines

_WHEEL = 3


class Reading(Lines, can_focus=True, inherit_bindings=False):
    """Shows a window of ``length`` lines; growing costs no layout."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("list")]
    HEADER = 0
    """Lines on top that do not scroll."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id)
        self.top = 0

    @property
    def length(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    def content(self, index: int) -> Line:
        """Return one of the lines."""
        raise NotImplementedError

    def fixed(self, y: int) -> Line:  # noqa: ARG002
        """Return a line that does not scroll."""
        return BLANK

    @property
    def room(self) -> int:
        """How many lines are visible at once."""
        return max(1, self.size.height - self.HEADER)

    @property
    def bottom(self) -> int:
        """The largest sensible ``top``."""
        return max(0, self.length - self.room)

    def scroll(self, top: int) -> None:
        """Show from line ``top`` on, as far as there are lines."""
        self.top = max(0, min(top, self.bottom))
        self.scrolled()
        self.repaint()

    def scrolled(self) -> None:
        """Hear that a person scrolled."""

    @override
    def describe(self, y: int) -> Line:
        if y < self.HEADER:
            return self.fixed(y)
        index = y - self.HEADER + self.top
        return self.content(index) if index < self.length else BLANK

    def action_move(self, lines: int) -> None:
        """Scroll by lines."""
        self.scroll(self.top + lines)

    def action_page(self, pages: int) -> None:
        """Scroll by pages."""
        self.scroll(self.top + pages * self.room)

    def action_edge(self, side: int) -> None:
        """Scroll to the first or the last line."""
        self.scroll(0 if side < 0 else self.bottom)

    def action_mark(self) -> None:
        """Scroll by a page, as pagers do."""
        self.action_page(1)

    def action_open(self) -> None:
        """Nothing lies behind text, unless a subclass knows better."""

    def on_mouse_scroll_down(self) -> None:
        """Scroll with the wheel."""
        self.action_move(_WHEEL)

    def on_mouse_scroll_up(self) -> None:
        """Scroll with the wheel."""
        self.action_move(-_WHEEL)
