"""Sends a terminal only the cells that differ from what it shows, as curses does.

Textual repaints every touched region in full, each segment with all its colours: 4 to 20 times the
bytes. The two updates its compositor makes are private, so everything here falls back to them when
they are not what we know.
"""

from collections.abc import Iterable
from functools import lru_cache

from rich.cells import cell_len
from rich.color import Color, ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from typing_extensions import override

from supervisor.tui.pen import PLAIN, Cell, Look, Pen

_GAP = 4
"""So many equal cells are cheaper sent again than jumped over."""
_ATTRIBUTES = (
    ("bold", "1"),
    ("dim", "2"),
    ("italic", "3"),
    ("underline", "4"),
    ("reverse", "7"),
    ("strike", "9"),
)


class ScreenDiff:
    """Remembers what the terminal shows; ``forget`` when that is no longer certain."""

    def __init__(self) -> None:
        self._rows: dict[int, list[Cell | None]] = {}
        self._size: tuple[int, int] = (0, 0)

    def forget(self) -> None:
        """Send everything the next time."""
        self._rows.clear()

    def lighter(self, update: object) -> object:
        """Return ``update`` as one that sends differences only, or itself where that is unknown."""
        if type(update) is LayoutUpdate and _known(update, "strips", "region"):
            return _Lighter(self, update)
        if type(update) is ChopsUpdate and _known(update, "chops", "spans", "chop_ends"):
            return _Lighter(self, update)
        return update

    def layout(self, update: LayoutUpdate, system: ColorSystem | None) -> str:
        """Return what brings the terminal up to a picture of the whole screen."""
        left, top, width, height = update.region
        self._be_of((width, height))
        pen = Pen()
        for y, line in enumerate(update.strips, top):
            self._draw(pen, y, left, _cells((s for strip in line for s in strip), system))
        return pen.done()

    def chops(self, update: ChopsUpdate, system: ColorSystem | None) -> str:
        """Return what brings the terminal up to a picture of some parts."""
        ends = update.chop_ends
        if ends and ends[0]:
            self._be_of((ends[0][-1], len(ends)))
        pen = Pen()
        for y, first, last in update.spans:
            parts = zip(update.chop_ends[y], update.chops[y].items(), strict=False)
            for end, (x, strip) in parts:
                if strip is not None and x <= last and end > first:
                    cells = _cells(strip, system)
                    start = max(0, first - x)
                    while start and start < len(cells) and not cells[start][0]:
                        start -= 1
                    self._draw(pen, y, x + start, cells[start : min(last, end) - x])
        return pen.done()

    def _be_of(self, size: tuple[int, int]) -> None:
        """Begin anew on a terminal of another size: nobody knows what it shows of the former picture."""
        if self._size != size:
            self._size = size
            self.forget()

    def _draw(self, pen: Pen, y: int, x: int, new: list[Cell]) -> None:
        row = self._rows.setdefault(y, [])
        if len(row) < x + len(new):
            row.extend([None] * (x + len(new) - len(row)))
        old = row[x : x + len(new)]
        if old != new:
            row[x : x + len(new)] = new
            for start, end in _runs(old, new):
                pen.write(y, x + start, new[start:end])


class _Lighter(CompositorUpdate):
    def __init__(self, diff: ScreenDiff, update: LayoutUpdate | ChopsUpdate) -> None:
        self._diff = diff
        self._update = update

    @override
    def render_segments(self, console: Console) -> str:
        system = COLOR_SYSTEMS.get(console.color_system or "")
        if isinstance(self._update, LayoutUpdate):
            return self._diff.layout(self._update, system)
        return self._diff.chops(self._update, system)


def _known(update: object, *names: str) -> bool:
    return all(hasattr(update, name) for name in names)


def _cells(segments: Iterable[Segment], system: ColorSystem | None) -> list[Cell]:
    cells: list[Cell] = []
    for text, style, control in segments:
        if control:
            continue
        look = PLAIN if style is None or system is None else _look(style, system)
        if text.isascii():
            cells += [(char, look) for char in text]
        else:
            _spread(cells, text, look)
    return cells


def _spread(cells: list[Cell], text: str, look: Look) -> None:
    for char in text:
        width = cell_len(char)
        if width == 0 and cells:
            place = -1 if cells[-1][0] or len(cells) == 1 else -2
            cells[place] = (cells[place][0] + char, cells[place][1])
            continue
        cells.append((char, look))
        if width == 2:
            cells.append(("", look))


@lru_cache(maxsize=1024)
def _look(style: Style, system: ColorSystem) -> Look:
    attributes = ";".join(code for name, code in _ATTRIBUTES if getattr(style, name))
    return (attributes, _color(style.color, system, True), _color(style.bgcolor, system, False))


def _color(color: Color | None, system: ColorSystem, foreground: bool) -> str:
    if color is None:
        return ""
    return ";".join(color.downgrade(system).get_ansi_codes(foreground))


def _runs(old: list[Cell | None], new: list[Cell]) -> Iterable[tuple[int, int]]:
    """Return from where to where cells differ; short stretches of equal ones are taken along."""
    found: list[tuple[int, int]] = []
    for at, cell in enumerate(new):
        if cell == old[at]:
            continue
        if found and at - found[-1][1] <= _GAP:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return [_whole(new, start, end) for start, end in found]


def _whole(new: list[Cell], start: int, end: int) -> tuple[int, int]:
    while start > 0 and not new[start][0]:
        start -= 1
    while end < len(new) and not new[end][0]:
        end += 1
    return (start, end)
