"""One line of text from the operator, at the bottom of the screen."""

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from typing_extensions import override

from supervisor.tui.format import plain
from supervisor.tui.glyphs import Glyphs


class Prompt(ModalScreen[str]):
    """Returns what was typed; nothing for Esc. ``typed`` hears every change."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False, priority=True)
    ]

    def __init__(
        self,
        glyphs: Glyphs,
        words: str,
        text: str = "",
        *,
        typed: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__()
        self._words = plain(words, ascii_only=glyphs.ascii_only)
        self._text = text
        self._typed = typed

    @override
    def compose(self) -> ComposeResult:
        with Horizontal(id="line"):
            words = Static(self._words, markup=False)
            words.styles.width = cell_len(self._words) + 2
            yield words
            field = Input(self._text, compact=True, select_on_focus=self._typed is None)
            field.cursor_blink = False
            yield field

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell what stands there now."""
        if self._typed is not None:
            self._typed(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Hand it over."""
        self.dismiss(event.value)
