"""How often a picture that keeps changing is drawn, so that it never fills a slow line."""

import time
from collections.abc import Callable

BYTES_A_SECOND = 2300
"""Of text that is new; what places it on the screen comes on top."""
_ROW_BYTES = 8
"""What it takes to go to a row."""


class Pace:
    """Rests after each picture for as long as the next one may take on the line."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._until = 0.0

    def drew(self, text: str) -> None:
        """Hear what was drawn anew: rows of text."""
        cost = len(text) + _ROW_BYTES * (text.count("\n") + 1)
        self._until = self._now() + cost / BYTES_A_SECOND

    @property
    def rests(self) -> bool:
        """Whether it is too early for another picture."""
        return self._now() < self._until
