"""The program as a good guest of its terminal: few bytes, and nothing left behind."""

import os
import signal
import traceback
from typing import TYPE_CHECKING, Any, Generic

from rich.console import RenderableType
from rich.text import Text
from textual.app import App, ReturnType
from textual.events import Event, Key
from typing_extensions import override

from supervisor.core.redact import redact
from supervisor.tui.driver import SteadyDriver
from supervisor.tui.keystrokes import Keystrokes
from supervisor.tui.settings import Settings
from supervisor.tui.wire import best_wire

if TYPE_CHECKING:
    from types import FrameType

    from textual.screen import Screen
    from textual.timer import Timer

_SETTLES_S = 1 / 30
"""So long after the last resize the whole screen is drawn once more."""


class TerminalApp(App[ReturnType], Generic[ReturnType], inherit_bindings=False):
    """Draws differences only; a fault of its own or a signal ends it with the terminal restored."""

    def __init__(self, settings: Settings, *, ansi_color: bool | None) -> None:
        super().__init__(driver_class=SteadyDriver, ansi_color=ansi_color)
        self.settings = settings
        self._wire = best_wire()
        self._keystrokes = Keystrokes(self, self._take)
        self._settled: Timer | None = None
        self._ready_to_draw = False

    def on_mount(self) -> None:
        """Hear of signals, and of coming back from the shell."""
        redraw = self.action_redraw
        self.app_resume_signal.subscribe(self, redraw)  # pyright: ignore[reportUnknownMemberType]
        if not self.is_headless:
            for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, _: "FrameType | None") -> None:
        """End: in order where the terminal is there, at once where it is gone or asked again."""
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if number == signal.SIGHUP and isinstance(self._driver, SteadyDriver):
            self._driver.hang_up()
        self.call_later(self.action_leave)

    @override
    async def on_event(self, event: Event) -> None:
        if not isinstance(event, Key) or event.is_forwarded:
            await super().on_event(event)
        elif not self._keystrokes.must_wait(event):
            await self._take(event)

    async def _take(self, key: Key) -> None:
        await super().on_event(key)
        self._keystrokes.follow()

    def lost_terminal(self) -> bool:
        """Return whether there is nobody any more to draw for."""
        driver = self._driver
        return isinstance(driver, SteadyDriver) and not os.isatty(driver.fileno)

    def action_leave(self) -> None:
        """Leave the screen."""
        self.exit()

    @override
    def _display(self, screen: "Screen[Any]", renderable: Any) -> None:
        super()._display(screen, self._wire.lighter(renderable))  # type: ignore[arg-type]

    def action_redraw(self, _: object = None) -> None:
        """Draw everything anew, whatever the terminal shows."""
        self._wire.forget()
        self.refresh(layout=True)

    def on_resize(self) -> None:
        """Draw anew: after a resize anything may stand there, whether or not the size is another.

        Textual passes over a size that came back before it looked.
        """
        self._wire.forget()
        if self._settled is not None:
            self._settled.reset()
        elif self._ready_to_draw:
            self._settled = self.set_timer(_SETTLES_S, self._draw_settled)
        self._ready_to_draw = True

    def _draw_settled(self) -> None:
        self._settled = None
        self.refresh(layout=True)

    @override
    def _handle_exception(self, error: Exception) -> None:
        super()._handle_exception(error)
        self._say_why("".join(traceback.format_exception(error)))

    @override
    def panic(self, *renderables: RenderableType) -> None:
        """End with an error; its words go where they can be read later."""
        super().panic(*renderables)
        self._say_why("".join(traceback.format_exc()))

    def _say_why(self, told: str) -> None:
        """Put a few plain words in the place of a page of them; pages go to a file."""
        told = redact(told)
        if place := self.settings.log_fault(told):
            last = told.rstrip().rpartition("\n")[2]
            words = f"The screen failed: {last}\n{self.after_fault()}\nTold in full in {place}"
            self._exit_renderables[:] = [Text(words)]

    def after_fault(self) -> str:
        """Return what the operator is to know when the screen has failed."""
        return ""
