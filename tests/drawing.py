"""Draws the cells of a terminal as a picture (SVG 1.1), with nothing but the letters on them."""

from collections.abc import Sequence
from itertools import groupby
from xml.sax.saxutils import escape

from pyte.screens import Char

_CELL = (8.4, 18)
"""Width and height of a cell in pixels, at a letter size of 14."""
_BASELINE = 13.5
_COLOURS = {
    "black": "000000",
    "red": "cd3131",
    "green": "0dbc79",
    "brown": "e5e510",
    "blue": "2472c8",
    "magenta": "bc3fbc",
    "cyan": "11a8cd",
    "white": "e5e5e5",
}
"""The eight names that pyte has, in the colours of a common terminal."""
_GROUND, _INK = "121212", "e0e0e0"


def drawn(cells: Sequence[Sequence[Char]]) -> str:
    """Return the picture of these lines of cells."""
    width, height = len(cells[0]) * _CELL[0], len(cells) * _CELL[1]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" '
        f'viewBox="0 0 {width:.0f} {height}" font-family="monospace" font-size="14" '
        f'xml:space="preserve"><rect width="100%" height="100%" fill="#{_GROUND}"/>'
    ]
    for number, line in enumerate(cells):
        parts += _line(line, number * _CELL[1])
    return "\n".join([*parts, "</svg>\n"])


def _line(cells: Sequence[Char], top: float) -> list[str]:
    parts: list[str] = []
    at = 0
    for look, group in groupby(cells, key=_look):
        run = list(group)  # a wide letter has two cells, and its text is in the first
        text = "".join(cell.data for cell in run)
        parts += _run(text, look, (at * _CELL[0], top, len(run) * _CELL[0]))
        at += len(run)
    return parts


def _run(text: str, look: tuple[str, str, bool], where: tuple[float, float, float]) -> list[str]:
    ink, ground, bold = look
    left, top, width = where
    parts: list[str] = []
    if ground != _GROUND:
        box = f'x="{left:.1f}" y="{top}" width="{width:.1f}" height="{_CELL[1]}"'
        parts.append(f'<rect {box} fill="#{ground}"/>')
    if text.strip():
        weight = ' font-weight="bold"' if bold else ""
        place = f'x="{left:.1f}" y="{top + _BASELINE}" textLength="{width:.1f}"'
        parts.append(f'<text {place} fill="#{ink}"{weight}>{escape(text)}</text>')
    return parts


def _look(cell: Char) -> tuple[str, str, bool]:
    ink, ground = _colour(cell.fg, _INK), _colour(cell.bg, _GROUND)
    return (ground, ink, cell.bold) if cell.reverse else (ink, ground, cell.bold)


def _colour(name: str, otherwise: str) -> str:
    return otherwise if name == "default" else _COLOURS.get(name.removeprefix("bright"), name)
