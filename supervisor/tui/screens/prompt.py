"""One line of text from the operator, at the bottom of the screen."""

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static
from typing_extensions import override

from supervisor.tui.format import plain, wrapped
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.screens.question import Question
from supervisor.tui.widgets.lines import BLANK, LOOK_CLASSES, Line, Lines


class Trouble(Lines):
    """Says above the line what is wrong with what was typed; takes no room while nothing is."""

    text: str = ""

    def say(self, text: str) -> None:
        """Show ``text``, or nothing."""
        self.text = plain(text, ascii_only=self.glyphs.ascii_only)
        self.set_class(bool(text), "-said")
        self.styles.height = len(self._lines())
        self.repaint()

    def _lines(self) -> list[str]:
        return wrapped(self.text, max(8, self.screen.size.width - 4))

    @override
    def describe(self, y: int) -> Line:
        lines = self._lines()
        sign = self.glyphs.alarm if y == 0 else " "
        return Line(((f" {sign} ", "bad"), (lines[y], "bad"))) if y < len(lines) else BLANK


class Prompt(Question):
    """Returns what was typed; nothing for Esc.

    ``typed`` hears every change and returns what is wrong with it; such a text is not taken.
    """

    COMPONENT_CLASSES = LOOK_CLASSES

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False, priority=True)
    ]

    def __init__(
        self,
        glyphs: Glyphs,
        words: str,
        text: str = "",
        *,
        typed: Callable[[str], str | None] | None = None,
        hint: str = "",
    ) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._hint = plain(hint, ascii_only=glyphs.ascii_only)
        self._words = plain(words, ascii_only=glyphs.ascii_only)
        self._text = text
        self._typed = typed

    @override
    def compose(self) -> ComposeResult:
        yield Trouble(self._glyphs, id="trouble")
        with Horizontal(id="line"):
            words = Static(self._words, markup=False)
            words.styles.width = cell_len(self._words) + 2
            yield words
            field = Input(
                self._text,
                self._hint,
                compact=True,
                select_on_focus=self._typed is None,
            )
            field.cursor_blink = False
            yield field

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell what stands there now."""
        if self._typed is not None:
            self.query_one(Trouble).say(self._typed(event.value) or "")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Hand it over, unless something is wrong with it."""
        if not self.query_one(Trouble).text:
            self.dismiss(event.value)
