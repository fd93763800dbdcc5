"""The last line: the keys that matter, or what was just said."""

from collections.abc import Iterable

from textual.reactive import var
from typing_extensions import override

from supervisor.tui.action import Action
from supervisor.tui.format import fit, plain
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.keys import key_name
from supervisor.tui.widgets.lines import Line, Piece, cells
from supervisor.tui.widgets.pressing import Pressing, at_cell


class KeyLine(Pressing):
    """Keys with their words, as many as fit; ``said`` takes their place while it is set."""

    said: var[tuple[str, bool] | None] = var[tuple[str, bool] | None](None, init=False)

    def __init__(
        self,
        glyphs: Glyphs,
        actions: Iterable[Action],
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(glyphs, id=id)
        actions = tuple(actions)
        shown = (action for action in actions if action.footer and action.keys)
        self._actions: tuple[Action, ...] = tuple(sorted(shown, key=lambda action: action.footer))
        self._places = tuple(
            self._key(action) for action in actions if action.id.startswith("show(") and action.keys
        )
        self._pressed: list[str] = []

    def watch_said(self) -> None:
        """Say it, or show the keys again."""
        self.repaint()

    @override
    def action_at(self, x: int, y: int) -> str:
        return "" if self.said is not None else at_cell(self.describe(y), self._pressed, x)

    @override
    def describe(self, y: int) -> Line:
        width = self.size.width
        if self.said is not None:
            text, bad = plain(self.said[0], ascii_only=self.glyphs.ascii_only), self.said[1]
            sign = self.glyphs.phases["failed" if bad else "succeeded"]
            text = fit(f"{sign} {text}", width - 2, ellipsis=self.glyphs.ellipsis)
            return Line(((" ", ""), (text, "bad" if bad else "good")))
        pieces: list[Piece] = []
        self._pressed = []
        room = width - 1
        for number, action in enumerate(self._actions):
            if number == 1:
                room -= self._screens(pieces, room)
            key = self._key(action)
            if (needed := cells(f" {key} {action.words} ")) <= room:
                pieces += [(f" {key}", "key"), (f" {action.words} ", "dim")]
                self._pressed += [action.id, action.id]
                room -= needed
        return Line(tuple(pieces))

    def _key(self, action: Action) -> str:
        return key_name(action.keys[0], ascii_only=self.glyphs.ascii_only)

    def _screens(self, pieces: list[Piece], room: int) -> int:
        """Add the keys of the screens, if there is room; return the cells they take."""
        if not self._places:
            return 0
        keys, words = f" {self._places[0]}-{self._places[-1]}", " screens "
        if cells(keys + words) > room:
            return 0
        pieces += [(keys, "key"), (words, "dim")]
        self._pressed += ["palette", "palette"]
        return cells(keys + words)
