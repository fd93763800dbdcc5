"""Writes cells to a terminal in as few bytes as their order allows (ECMA-48: CUP, CHA, SGR)."""

from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len

Look = tuple[str, str, str]
"""SGR parameters: attributes, foreground, background."""
PLAIN: Look = ("", "", "")
Cell = tuple[str, Look]
"""What one cell shows; the right half of a wide character is empty."""


class Pen:
    """One update: it begins and ends with the terminal's plain look."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._look = PLAIN
        self._row = -1

    def write(self, y: int, x: int, cells: Sequence[Cell]) -> None:
        """Write ``cells`` from row ``y``, column ``x`` on (both from 0)."""
        parts, look = self._parts, self._look
        parts.append(f"\x1b[{x + 1}G" if y == self._row else f"\x1b[{y + 1};{x + 1}H")
        self._row = y
        contested = -1
        for at, (text, wanted) in enumerate(cells, x):
            if not text:
                continue
            if contested >= 0:
                # Terminals disagree about how wide some characters are; their neighbours do not move.
                parts.append(f"\x1b[{at + 1}G")
                contested = -1
            if wanted != look:
                parts.append(_change(look, wanted))
                look = wanted
            parts.append(text)
            if not text.isascii() and _is_contested(text):
                contested = at
        self._look = look

    def done(self) -> str:
        """Return everything that was written."""
        if self._look != PLAIN:
            self._parts.append("\x1b[m")
            self._look = PLAIN
        return "".join(self._parts)


@lru_cache(maxsize=1024)
def _is_contested(text: str) -> bool:
    return len(text) > 1 or cell_len(text) != 1


@lru_cache(maxsize=4096)
def _change(before: Look, after: Look) -> str:
    """Return the shortest SGR that leads from one look to another."""
    gone = (before[0] != after[0] and before[0]) or (before[1] and not after[1])
    if gone or (before[2] and not after[2]):
        return f"\x1b[{';'.join(['', *(part for part in after if part)])}m"
    return f"\x1b[{';'.join(b for a, b in zip(before, after, strict=True) if b != a)}m"
