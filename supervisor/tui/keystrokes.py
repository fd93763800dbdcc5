"""Keys in the order in which they were meant: none overtakes what the one before it opens.

Over a slow line several keys come at once. Textual hands each to the widget that has the keys when
it is read; the dialog or field that the first one opens comes a few messages later, and the second
would act on the screen below.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App
from textual.dom import DOMNode
from textual.events import Key

_ROUNDS = 3
"""A key reaches its action in the first; what that asks for is asked by way of the screen."""
_LOOK_AGAIN_S = 0.02
_MOST_ROUNDS = 12


class Keystrokes:
    """Holds keys back until the one before them has had its effect; ``take`` gets them then."""

    def __init__(self, app: App[Any], take: Callable[[Key], Awaitable[None]]) -> None:
        self._app = app
        self._take = take
        self._waiting: deque[Key] = deque()
        self._path: list[DOMNode] = []
        self._at: DOMNode | None = None
        self._rounds = 0
        self._done = 0
        self._screen: DOMNode | None = None

    def must_wait(self, key: Key) -> bool:
        """Return whether ``key`` is taken later; else it is to be taken now, and followed."""
        if self._at is None:
            return False
        self._waiting.append(key)
        if len(self._waiting) == 1:
            self._app.set_timer(_LOOK_AGAIN_S, self._look_again)
        return True

    def follow(self) -> None:
        """Follow the key that was just taken, until all that it caused is there."""
        self._rounds, self._done = _ROUNDS, 0
        self._begin_round()

    def _begin_round(self) -> None:
        self._screen = self._app.screen
        self._path = list((self._app.focused or self._screen).ancestors_with_self)
        self._pass_on()

    def _pass_on(self) -> None:
        """Wait behind all that the next widget on the way to the program has to do."""
        while self._path:
            self._at = self._path.pop(0)
            if self._at.call_later(self._passed, self._at):
                return
        self._at = None

    async def _passed(self, node: DOMNode) -> None:
        if node is not self._at:
            return
        if self._path:
            self._pass_on()
            return
        self._done += 1
        if self._app.screen is not self._screen:
            self._rounds = _ROUNDS
        self._rounds -= 1
        if self._rounds > 0 and self._done < _MOST_ROUNDS:
            self._begin_round()
            return
        self._at = None
        if self._waiting:
            await self._take(self._waiting.popleft())

    def _look_again(self) -> None:
        """Go on without widgets that went away before they came to it."""
        if self._at is not None and self._waiting:
            if not (self._at.is_attached and self._at.is_running):
                self._pass_on()
            self._app.set_timer(_LOOK_AGAIN_S, self._look_again)
