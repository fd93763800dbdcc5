"""Which screen is shown, and the others that were shown before."""

from dataclasses import replace
from functools import partial
from typing import Any

from textual.app import App

from supervisor.core.board import Board
from supervisor.core.names import TaskId
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.link import Link
from supervisor.tui.places import SCREENS, TASK, Place, load
from supervisor.tui.screens.batch import BatchScreen
from supervisor.tui.settings import Settings
from supervisor.tui.standing import standing

FIRST = SCREENS[0].name
"""The screen that the program begins with."""
LOG = "log"


class Stage:
    """Makes screens when they are first wanted and keeps them, with their cursors and filters."""

    def __init__(
        self, app: App[Any], glyphs: Glyphs, settings: Settings, *, read_only: bool
    ) -> None:
        self._app = app
        self._glyphs = glyphs
        self._settings = settings
        self._read_only = read_only
        self._standing = standing(settings)
        for place in (*SCREENS, TASK):
            make = partial(self._make, place)
            app.add_mode(place.name, make)  # pyright: ignore[reportUnknownMemberType]

    def show(self, name: str) -> None:
        """Show a screen, one of ``SCREENS``; the log is that of the row under the cursor."""
        row = self._base.row_here() if name == LOG and self._base is not None else None
        if row is not None:
            self.show_log(row.task)
        else:
            self._app.switch_mode(name)

    def show_log(self, task: TaskId, attempt: int | None = None) -> None:
        """Show the log of ``task``; Esc goes back to where it was asked for. None: newest attempt."""
        from supervisor.tui.screens.log import LogScreen

        before = self._base
        self._app.switch_mode(LOG)
        if isinstance(self._base, LogScreen):
            self._base.open_task(task, _origin(before, self._base), attempt)

    def show_page(self, task: TaskId) -> None:
        """Show all that is known of ``task``; Esc goes back to where it was asked for."""
        from supervisor.tui.screens.task import TaskScreen

        before = self._base
        self._app.switch_mode(TASK.name)
        if isinstance(self._base, TaskScreen):
            self._base.open_task(task, _origin(before, self._base))

    @property
    def _base(self) -> BatchScreen | None:
        """The screen below all questions."""
        stack = self._app.screen_stack
        return stack[0] if stack and isinstance(stack[0], BatchScreen) else None

    def inform(self, board: Board, link: Link, tick: float, said: tuple[str, bool] | None) -> None:
        """Let the screen below all questions show the latest; hidden ones cost nothing."""
        if (base := self._base) is not None:
            base.standing = self._standing
            base.take(board, link, tick, said)

    def greeted(self) -> None:
        """Who has found the help, or the list of commands, needs no hint any more."""
        self._standing = standing(replace(self._settings, newcomer=False))

    def _make(self, place: Place) -> BatchScreen:
        screen = load(place)(self._glyphs, read_only=self._read_only)
        screen.settings = self._settings
        return screen


def _origin(before: BatchScreen | None, now: BatchScreen) -> str:
    """Return the screen that Esc goes back to; never one that itself goes back to ``now``."""
    if before is None:
        return FIRST
    if now.PLACE in (before.PLACE, before.came_from):
        return now.came_from
    return before.PLACE
