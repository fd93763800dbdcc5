"""The last line: the keys that matter, or what was just said."""

from collections.abc import Iterable

from textual.reactive import var
from typing_extensions import override

from supervisor.tui.action import Action
from supervisor.tui.format import fit, plain
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.keys import key_name
from supervisor.tui.places import SCREENS
from supervisor.tui.widgets.lines import Line, Lines, Piece, cells


class KeyLine(Lines):
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
        shown = (action for action in actions if action.footer)
        self._actions: tuple[Action, ...] = tuple(sorted(shown, key=lambda action: action.footer))

    def watch_said(self) -> None:
        """Say it, or show the keys again."""
        self.repaint()

    @override
    def describe(self, y: int) -> Line:
        width = self.size.width
        if self.said is not None:
            text, bad = plain(self.said[0], ascii_only=self.glyphs.ascii_only), self.said[1]
            sign = self.glyphs.phases["failed" if bad else "succeeded"]
            text = fit(f"{sign} {text}", width - 2, ellipsis=self.glyphs.ellipsis)
            return Line(((" ", ""), (text, "bad" if bad else "good")))
        pieces: list[Piece] = []
        room = width - 1
        for number, action in enumerate(self._actions):
            if number == 1:
                room -= self._screens(pieces, room)
            key = key_name(action.keys[0], ascii_only=self.glyphs.ascii_only)
            if (needed := cells(f" {key} {action.words} ")) <= room:
                pieces += [(f" {key}", "key"), (f" {action.words} ", "dim")]
                room -= needed
        return Line(tuple(pieces))

    def _screens(self, pieces: list[Piece], room: int) -> int:
        """Add the keys of the screens, if there is room; return the cells they take."""
        keys, words = f" {SCREENS[0].key}-{SCREENS[-1].key}", " screens "
        if cells(keys + words) > room:
            return 0
        pieces += [(keys, "key"), (words, "dim")]
        return cells(keys + words)
