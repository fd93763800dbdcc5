"""Colours for terminals that can show them and people who want them; nothing is told by them alone."""

import os
from typing import TextIO

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


class Paint:
    """Paints texts for one stream; where it is no terminal, or NO_COLOR is set, they stay plain."""

    def __init__(self, stream: TextIO) -> None:
        # https://no-color.org: any value but the empty one.
        self.on = (
            stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        )

    def __call__(self, text: str, *styles: str) -> str:
        """Return ``text`` in ``styles``: bold, dim, red, green, yellow, cyan."""
        if not self.on or not styles:
            return text
        return f"\x1b[{';'.join(_CODES[style] for style in styles)}m{text}\x1b[0m"
