"""The terminal client: draws the board, sends intents, decides nothing."""

import gc
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from rich.text import Text
from textual import work
from textual.app import App
from textual.binding import BindingType
from textual.reactive import var
from typing_extensions import override

from supervisor.core.board import EMPTY, Board
from supervisor.ports import EngineApi, EngineGoneError, NoSuchTaskError
from supervisor.tui.actions import bindings
from supervisor.tui.glyphs import Glyphs, glyphs_for
from supervisor.tui.link import CONNECTING, Link, follow, windows
from supervisor.tui.messages import Asked, Copied, LogAsked, Said, Wanted, WhyAsked
from supervisor.tui.screens import overview
from supervisor.tui.theme import ThemeSpec, first_theme, textual_theme, token_defaults
from supervisor.tui.wire import best_wire

if TYPE_CHECKING:
    from textual.screen import Screen

SAID_S = 5.0
Parting = Literal["left", "over"]
"""How the operator left: the batch goes on, or there is nothing more to wait for."""


class OvernightApp(App[Parting], inherit_bindings=False):
    """One batch on a terminal. Leaving it changes nothing for the engine."""

    CSS_PATH = [Path(__file__).with_name("app.tcss"), overview.STYLES]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("app")]
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False

    board: var[Board] = var(EMPTY, init=False)
    link: var[Link] = var(CONNECTING, init=False)
    tick: var[float] = var(0.0, init=False)
    said: var[tuple[str, bool] | None] = var[tuple[str, bool] | None](None, init=False)

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
    ) -> None:
        no_color = bool(os.environ.get("NO_COLOR"))
        super().__init__(ansi_color=True if no_color else None)
        self.animation_level = "none"
        self._engine = engine
        self._now = now
        self.set_reactive(OvernightApp.tick, now())
        self._who = who
        self._read_only = read_only
        self._refresh_s = refresh_s
        self._glyphs = glyphs or glyphs_for(os.environ, sys.stdout.encoding or "")
        self._wire = best_wire()
        self._saying = 0
        self._news: dict[str, Board | Link] = {}
        self._ready_to_show = False
        self._summed_up = False
        self._themes = tuple(themes)
        for spec in themes.values():
            self.register_theme(textual_theme(spec))
        self.theme = first_theme(themes, theme, no_color=no_color) or self.theme

    @override
    def get_theme_variable_defaults(self) -> dict[str, str]:
        return token_defaults(self.current_theme)

    @override
    def get_default_screen(self) -> overview.OverviewScreen:
        own = OvernightApp
        screen = overview.OverviewScreen(self._glyphs, read_only=self._read_only)
        return screen.data_bind(own.board, own.link, own.tick, own.said)

    def on_mount(self) -> None:
        """Let time pass."""
        self.set_interval(self._refresh_s, self._tick)
        redraw = self.action_redraw
        self.app_resume_signal.subscribe(self, redraw)  # pyright: ignore[reportUnknownMemberType]

    def on_load(self) -> None:
        """Begin to follow the engine: it writes its board while the widgets are made."""
        self._follow()

    def on_composed(self) -> None:
        """Show what was heard until now."""
        self._ready_to_show = True
        self._show_news()

    def on_ready(self) -> None:
        """Let the collector work again: what is there by now is there to stay."""
        if not gc.isenabled():
            gc.freeze()
            gc.enable()

    def _tick(self) -> None:
        self.tick = self._now()
        if not self._over:
            self._summed_up = False
        elif not self._summed_up and not self.screen.is_modal:
            self._summed_up = True
            self._sum_up()

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

    def _sum_up(self) -> None:
        from supervisor.core.intents import Retry
        from supervisor.tui.screens.dialog import Dialog
        from supervisor.tui.texts import summary

        def heard(value: str | None) -> None:
            if value == "retry":
                self.post_message(Wanted(Retry()))

        title, text, options = summary(self.board, self.link, self._glyphs)
        self.push_screen(Dialog(self._glyphs, title, text, options), heard)

    def on_wanted(self, message: Wanted) -> None:
        """Hand an intent to the engine, unless this is only a reader."""
        if self._read_only:
            self._say("read-only: attach without --read-only to act", bad=True)
        else:
            self._submit(message)

    @work(group="submit")
    async def _submit(self, message: Wanted) -> None:
        try:
            answer = await self._engine.submit(message.intent, self._who)
        except EngineGoneError as error:
            self._say(f"not done, the engine does not answer: {error}", bad=True)
            return
        text = "; ".join(answer.messages) or ("done" if answer.ok else "refused")
        self._say(text, bad=not answer.ok)

    def on_said(self, message: Said) -> None:
        """Say it at the bottom, for a while."""
        self._saying += 1
        self.said = (message.text, message.bad)
        self.set_timer(SAID_S, partial(self._hush, self._saying))

    def _say(self, text: str, *, bad: bool = False) -> None:
        self.on_said(Said(text, bad))

    def _hush(self, number: int) -> None:
        if number == self._saying:
            self.said = None

    def on_copied(self, message: Copied) -> None:
        """Send it to the terminal's clipboard."""
        self.copy_to_clipboard(message.text)
        lines = message.text.count("\n") + 1
        self._say(f"copied {message.text}" if lines == 1 else f"copied {lines} lines")

    def on_asked(self, message: Asked) -> None:
        """Put the question."""
        self.push_screen(message.dialog, message.answered)

    @work(exclusive=True, group="why")
    async def on_why_asked(self, message: WhyAsked) -> None:
        """Show the engine's reasons."""
        from supervisor.tui.screens.dialog import Dialog

        try:
            lines = await self._engine.why(message.task)
        except (EngineGoneError, NoSuchTaskError) as error:
            self._say(str(error), bad=True)
            return
        self.push_screen(Dialog(self._glyphs, f"Why {message.task}", lines))

    @work(exclusive=True, group="log")
    async def on_log_asked(self, message: LogAsked) -> None:
        """Read the pieces."""
        message.answer(message.asks, await windows(self._engine, message.asks))

    def action_theme(self) -> None:
        """Take the next theme."""
        if self._themes:
            here = self._themes.index(self.theme) if self.theme in self._themes else -1
            self.theme = self._themes[(here + 1) % len(self._themes)]
            self._say(f"theme {self.theme}")

    @override
    def _display(self, screen: "Screen[Any]", renderable: Any) -> None:
        super()._display(screen, self._wire.lighter(renderable))  # type: ignore[arg-type]

    def action_redraw(self, _: object = None) -> None:
        """Draw everything anew, whatever the terminal shows."""
        self._wire.forget()
        self.refresh(layout=True)

    def action_leave(self) -> None:
        """Leave; the engine runs on, and the last words say so."""
        from supervisor.tui.texts import parting

        words = Text(parting(self.board, over=self._over))
        self.exit("over" if self._over else "left", message=words)
