"""Which screen is shown, and the others that were shown before."""

from functools import partial
from typing import Any

from textual.app import App

from supervisor.core.board import Board
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.link import Link
from supervisor.tui.places import SCREENS, Place, load
from supervisor.tui.screens.batch import BatchScreen

FIRST = SCREENS[0].name
"""The screen that the program begins with."""


class Stage:
    """Makes screens when they are first wanted and keeps them, with their cursors and filters."""

    def __init__(self, app: App[Any], glyphs: Glyphs, *, read_only: bool) -> None:
        self._app = app
        self._glyphs = glyphs
        self._read_only = read_only
        for place in SCREENS:
            app.add_mode(place.name, partial(self._make, place))

    def show(self, name: str) -> None:
        """Show a screen, one of ``SCREENS``."""
        self._app.switch_mode(name)

    def inform(self, board: Board, link: Link, tick: float, said: tuple[str, bool] | None) -> None:
        """Let the screen below all questions show the latest; hidden ones cost nothing."""
        stack = self._app.screen_stack
        if stack and isinstance(stack[0], BatchScreen):
            stack[0].take(board, link, tick, said)

    def _make(self, place: Place) -> BatchScreen:
        return load(place)(self._glyphs, read_only=self._read_only)
