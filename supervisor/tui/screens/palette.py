"""Every action by name."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input
from typing_extensions import override

from supervisor.tui.action import Action
from supervisor.tui.actions import keys_of
from supervisor.tui.format import fit
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.screens.question import Question
from supervisor.tui.widgets.lines import BLANK, LOOK_CLASSES, Line, Lines, Piece
from supervisor.tui.widgets.listing import Listing

_WORDS_CELLS = 16
_KEYS_CELLS = 8
_LEAST_HELP_CELLS = 20
"""With less room than that, the line below tells enough."""


class Matches(Listing, can_focus=False, inherit_bindings=False):
    """The actions whose words or help contain what was typed."""

    HEADER = 0
    LIT = True

    def __init__(self, glyphs: Glyphs, actions: Sequence[Action]) -> None:
        super().__init__(glyphs)
        self._actions = {action.id: action for action in actions}
        self.set_keys(tuple(self._actions))

    @property
    def action(self) -> Action | None:
        """The action under the cursor."""
        return self._actions[self.key] if self.key is not None else None

    @override
    def nothing(self) -> str:
        return "no action is called so"

    def narrow(self, text: str) -> None:
        """Show only actions in which every word of ``text`` occurs; names before help."""
        words = text.lower().split()
        found = [
            action
            for action in self._actions.values()
            if all(word in f"{action.words} {action.help}".lower() for word in words)
        ]
        found.sort(key=lambda action: not all(word in action.words for word in words))
        self.set_keys(tuple(action.id for action in found))
        self.go_to(0)

    @override
    def row(self, key: str, width: int) -> tuple[Piece, ...]:
        action = self._actions[key]
        rest = max(0, width - _WORDS_CELLS - _KEYS_CELLS - 2)
        ellipsis = self.glyphs.ellipsis
        keys = keys_of(action, ascii_only=self.glyphs.ascii_only)
        words = _WORDS_CELLS
        if rest < _LEAST_HELP_CELLS:
            words, rest = words + rest, 0
        return (
            (fit(action.words, words, ellipsis=ellipsis) + " ", "strong"),
            (fit(action.help, rest, ellipsis=ellipsis) + " ", "dim"),
            (fit(keys, _KEYS_CELLS, align="right", ellipsis=ellipsis), "key"),
        )


class Detail(Lines):
    """The chosen action in full, and what does the same from the shell."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(glyphs)
        self._action: Action | None = None

    def show(self, action: Action | None) -> None:
        """Tell about an action."""
        self._action = action
        self.repaint()

    @override
    def describe(self, y: int) -> Line:
        if self._action is None:
            return BLANK
        help_, command = self._action.help, self._action.command
        words = (help_, f"from the shell: overnight {command}" if command else "")[y]
        text = fit(words, self.size.width - 1, ellipsis=self.glyphs.ellipsis)
        return Line(((" ", ""), (text, "" if y == 0 else "dim")))


class Palette(Question):
    """Returns the id of the chosen action; nothing for Esc."""

    COMPONENT_CLASSES = LOOK_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+p", "dismiss", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(8)", show=False, priority=True),
        Binding("pageup", "move(-8)", show=False, priority=True),
    ]

    def __init__(self, glyphs: Glyphs, actions: Sequence[Action]) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._matches = Matches(glyphs, [action for action in actions if action.words])
        self._detail = Detail(glyphs)

    @override
    def compose(self) -> ComposeResult:
        with Vertical(id="box", classes="-ascii" if self._glyphs.ascii_only else "") as box:
            box.border_title = "Commands"
            field = Input(placeholder="type a word", compact=True)
            field.cursor_blink = False
            yield field
            yield self._matches
            yield self._detail

    def on_mount(self) -> None:
        """Tell about the first action."""
        self._detail.show(self._matches.action)

    def on_listing_moved(self) -> None:
        """Tell about the action under the cursor."""
        self._detail.show(self._matches.action)

    def on_listing_opened(self, event: Listing.Opened) -> None:
        """Choose what was clicked twice."""
        self.dismiss(event.key)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        self._matches.narrow(event.value)

    def on_input_submitted(self) -> None:
        """Choose."""
        self.dismiss(self._matches.key)

    def action_move(self, rows: int) -> None:
        """Move the cursor in the list; the keys stay with the text."""
        self._matches.action_move(rows)
