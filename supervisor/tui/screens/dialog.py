"""A box over the screen: some text, and one key for each answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click, Key, Resize
from textual.geometry import Size
from textual.message import Message
from typing_extensions import override

from supervisor.tui.format import fit, plain
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.keys import key_name
from supervisor.tui.paragraphs import Styled as Styled
from supervisor.tui.paragraphs import Text as Text
from supervisor.tui.paragraphs import laid
from supervisor.tui.screens.question import Question
from supervisor.tui.widgets.lines import BLANK, LOOK_CLASSES, Line, Lines, cells
from supervisor.tui.widgets.reading import Reading
from supervisor.tui.widgets.thumb import has_thumb

_FRAME = 4
"""Lines of the box beside text and options: border, gap, and the line for Esc."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer: its key (as Textual names it), what it means, and what the asker gets."""

    key: str
    words: str
    value: str
    bad: bool = False
    """It destroys something."""


class Paragraphs(Reading):
    """Paragraphs wrapped to the width; as tall as they need, scrolling if that is too much."""

    def __init__(
        self,
        glyphs: Glyphs,
        paragraphs: Sequence[Text],
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(glyphs, id=id)
        self._paragraphs = paragraphs
        self._laid: dict[int, list[Line]] = {}

    @override
    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lay(width))

    @property
    @override
    def length(self) -> int:
        return len(self._lay(self._text_cells))

    @property
    def _text_cells(self) -> int:
        """The width, without room for the thumb where there is more than fits."""
        width = self.size.width
        return width - 2 if len(self._lay(width)) > self.room else width

    @override
    def content(self, index: int) -> Line:
        width = self._text_cells
        line = self._lay(width)[index]
        if not has_thumb(index - self.top, self.top, self.room, self.length):
            return line
        rest = self.size.width - 1 - sum(cells(text) for text, _ in line.pieces)
        return Line((*line.pieces, (" " * rest, ""), (self.glyphs.thumb, "rule")))

    def _lay(self, width: int) -> list[Line]:
        if width not in self._laid:
            ascii_only = self.glyphs.ascii_only
            self._laid[width] = laid(self._paragraphs, width, ascii_only=ascii_only)
        return self._laid[width]


class Options(Lines):
    """One line for each answer."""

    @dataclass
    class Chosen(Message):
        """An answer was clicked; empty: none of them."""

        value: str

    def __init__(self, glyphs: Glyphs, options: Sequence[Option]) -> None:
        super().__init__(glyphs)
        self._options = (*options, Option(key="escape", words="back", value=""))
        self.styles.height = len(self._options)

    @override
    def describe(self, y: int) -> Line:
        if y >= len(self._options):
            return BLANK
        option = self._options[y]
        name = key_name(option.key, ascii_only=self.glyphs.ascii_only)
        look = "bad" if option.bad else "" if option.value else "dim"
        words = plain(option.words, ascii_only=self.glyphs.ascii_only)
        words = fit(words, self.size.width - 7, ellipsis=self.glyphs.ellipsis)
        return Line(((f"{name:>5}  ", "key"), (words, look)))

    def on_click(self, event: Click) -> None:
        """Answer with what was clicked."""
        if event.y < len(self._options):
            self.post_message(self.Chosen(self._options[event.y].value))


class Dialog(Question):
    """Returns the value of the option whose key was pressed; nothing for Esc."""

    COMPONENT_CLASSES = LOOK_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", show=False, priority=True),
    ]

    def __init__(
        self,
        glyphs: Glyphs,
        title: str,
        paragraphs: Sequence[Text],
        options: Sequence[Option] = (),
    ) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._title = plain(title, ascii_only=glyphs.ascii_only)
        self._paragraphs = paragraphs
        self._values = {option.key: option.value for option in options}
        self._options = options

    @override
    def compose(self) -> ComposeResult:
        with Vertical(id="box", classes="-ascii" if self._glyphs.ascii_only else "") as box:
            box.border_title = Content(self._title)
            yield Paragraphs(self._glyphs, self._paragraphs, id="text")
            yield Options(self._glyphs, self._options)

    def on_resize(self, event: Resize) -> None:
        """Leave room for the answers, however long the text."""
        beside = len(self._options) + _FRAME
        most = max(1, event.size.height * 9 // 10 - beside)
        self.query_one("#text").styles.max_height = most

    def on_options_chosen(self, event: Options.Chosen) -> None:
        """Answer."""
        self.dismiss(event.value or None)

    def on_key(self, event: Key) -> None:
        """Answer."""
        value = self._values.get(event.key)
        if value is not None:
            event.stop()
            self.dismiss(value)
