"""What a person at the terminal sees: the bytes a program wrote, drawn by a terminal of its own kind."""

import os
import time

import pyte

from tests.terminal import Terminal


class Shown:
    """The screen of a program in a pseudo-terminal of ``size`` (columns, lines)."""

    def __init__(self, ui: Terminal, size: tuple[int, int] = (120, 40)) -> None:
        self._ui = ui
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._drawn = 0

    def lines(self) -> list[str]:
        """Return the lines as they stand now."""
        while self._ui.read(0.05):
            pass
        self._stream.feed(bytes(self._ui.written[self._drawn :]))
        self._drawn = len(self._ui.written)
        return [line.rstrip() for line in self._screen.display]

    def cells(self) -> list[list[pyte.screens.Char]]:
        """Return every cell as it stands now, line by line."""
        lines = self.lines()
        width = range(self._screen.columns)
        return [[self._screen.buffer[y][x] for x in width] for y in range(len(lines))]

    def sees(self, *words: str, timeout_s: float = 60.0) -> str:
        """Wait for a line in which all of ``words`` stand, and return it."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            for line in self.lines():
                if all(word in line for word in words):
                    return line
        raise TimeoutError(f"never seen in one line: {words}\n" + "\n".join(self.lines()))

    def keys(self, *keys: str) -> None:
        """Press keys one after the other, each once the screen has settled."""
        for key in keys:
            self._ui.settle(0.2)
            os.write(self._ui.fd, key.encode())
