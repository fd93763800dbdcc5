"""The terminal client: draws the board, sends intents, decides nothing."""

import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.binding import BindingType
from textual.reactive import var
from typing_extensions import override

from supervisor.core.board import EMPTY, Board
from supervisor.ports import EngineApi
from supervisor.tui.actions import bindings
from supervisor.tui.collector import Collector
from supervisor.tui.glyphs import Glyphs, glyphs_for
from supervisor.tui.link import CONNECTING, Link, follow
from supervisor.tui.messages import Asked, PageOpened, TaskOpened, Wanted
from supervisor.tui.screens import overview
from supervisor.tui.settings import Settings
from supervisor.tui.shells import ShellApp
from supervisor.tui.stage import FIRST, Stage
from supervisor.tui.theme import ThemeSpec, first_theme, textual_theme, token_defaults

NO_SETTINGS = Settings()


class OvernightApp(ShellApp, inherit_bindings=False):
    """One batch on a terminal. Leaving it changes nothing for the engine."""

    CSS_PATH = [Path(__file__).with_name("app.tcss"), overview.STYLES]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("app")]
    DEFAULT_MODE = FIRST
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False

    board: var[Board] = var(EMPTY, init=False)
    link: var[Link] = var(CONNECTING, init=False)
    tick: var[float] = var(0.0, init=False)

    def __init__(
        self,
        engine: EngineApi,
        *,
        themes: Mapping[str, ThemeSpec],
        theme: str,
        now: Callable[[], float],
        who: str = "screen",
        read_only: bool = False,
        refresh_s: float = 1.0,
        glyphs: Glyphs | None = None,
        settings: Settings = NO_SETTINGS,
    ) -> None:
        no_color = bool(os.environ.get("NO_COLOR"))
        super().__init__(
            engine,
            who=who,
            read_only=read_only,
            glyphs=glyphs or glyphs_for(os.environ, sys.stdout.encoding or ""),
            settings=settings,
            ansi_color=True if no_color else None,
        )
        self.animation_level = "none"
        self._now = now
        self.set_reactive(OvernightApp.tick, now())
        self._refresh_s = refresh_s
        self._stage = Stage(self, self._glyphs, settings, read_only=read_only)
        self.set_keymap(settings.keymap.for_textual())
        self._news: dict[str, Board | Link] = {}
        self._ready_to_show = False
        self._collector = Collector()
        self._summed_up: int | None = None
        """How many attempts there had been when the night was last summed up."""
        self._themes = tuple(themes)
        for spec in themes.values():
            self.register_theme(textual_theme(spec))
        self.theme = first_theme(themes, theme, no_color=no_color) or self.theme

    @override
    def get_theme_variable_defaults(self) -> dict[str, str]:
        return token_defaults(self.current_theme)

    def watch_board(self) -> None:
        """Tell the screen that is shown; the others hear it when they are shown again."""
        self._stage.inform(self.board, self.link, self.tick, self.said)

    watch_link = watch_board
    watch_tick = watch_board
    watch_said = watch_board

    def on_task_opened(self, message: TaskOpened) -> None:
        """Show the task's log."""
        self._stage.show_log(message.task, message.attempt)
        self.watch_board()

    def on_page_opened(self, message: PageOpened) -> None:
        """Show all that is known of the task."""
        self._stage.show_page(message.task)
        self.watch_board()

    @override
    def on_asked(self, message: Asked) -> None:
        """Take the hint for newcomers away; Textual has the base class put the question."""
        self._stage.greeted()
        self.watch_board()

    def action_show(self, name: str) -> None:
        """Show another screen."""
        self._stage.show(name)
        self.watch_board()

    @override
    def on_mount(self) -> None:
        """Let time pass; Textual calls the handler of the base class too."""
        self.set_interval(self._refresh_s, self._tick)
        if self.settings.newcomer:
            self._remember("greeted", "yes")

    def on_load(self) -> None:
        """Begin to follow the engine: it writes its board while the widgets are made."""
        self._follow()

    def on_composed(self) -> None:
        """Show what was heard until now."""
        self._ready_to_show = True
        self._show_news()
        self.watch_board()

    def on_ready(self) -> None:
        """Let the collector work again."""
        self._collector.begin(self._now())

    def _tick(self) -> None:
        if self.lost_terminal():
            self.action_leave()
        self.tick = self._now()
        self._collector.tick(self.tick)
        if self._over and not self.screen.is_modal:
            # The batch may go on and end again between two pictures: its attempts tell.
            attempts = sum(row.attempt for row in self.board.tasks.values())
            if attempts != self._summed_up:
                self._summed_up = attempts
                self.action_summary()

    @property
    def _over(self) -> bool:
        return self.board.head.state in ("done", "stopped") or self.link.state == "ended"

    @work(exclusive=True, group="follow")
    async def _follow(self) -> None:
        show, tell = partial(self._hear, "board"), partial(self._hear, "link")
        await follow(self._engine, self.board, self._now, show, tell)

    def _hear(self, name: str, news: Board | Link) -> None:
        self._news[name] = news
        if self._ready_to_show:
            self._show_news()

    def _show_news(self) -> None:
        news, self._news = self._news, {}
        for name, value in news.items():
            setattr(self, name, value)

    def action_summary(self) -> None:
        """Show what happened, what failed, and what can be done now."""
        from supervisor.core.intents import Retry
        from supervisor.tui.screens.dialog import Dialog
        from supervisor.tui.summary import summary

        def heard(value: str | None) -> None:
            if value == "retry":
                self.post_message(Wanted(Retry()))

        told = summary(self.board, self.link, self._glyphs, read_only=self._read_only)
        self.push_screen(Dialog(self._glyphs, *told), heard)

    def action_theme(self) -> None:
        """Take the next theme."""
        if self._themes:
            here = self._themes.index(self.theme) if self.theme in self._themes else -1
            self.theme = self._themes[(here + 1) % len(self._themes)]
            self._say(f"theme {self.theme}")
            self._remember("theme", self.theme)

    def _remember(self, name: str, value: str) -> None:
        try:
            self.settings.remember(name, value)
        except OSError as error:
            self._say(f"{name} is not remembered: {error}", bad=True)

    @override
    def after_fault(self) -> str:
        from supervisor.tui.texts import parting

        return f"The engine does not notice. {parting(self.board, over=self._over)}"

    @override
    def action_leave(self) -> None:
        """Leave; the engine runs on, and the last words say so."""
        from supervisor.tui.texts import parting

        words = Text(parting(self.board, over=self._over))
        self.exit("over" if self._over else "left", message=words)
