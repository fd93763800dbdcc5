"""Widgets that describe their lines and repaint only those that differ."""

from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from supervisor.tui.format import plain
from supervisor.tui.glyphs import Glyphs

Piece = tuple[str, str]
"""Text that is already plain, and how it looks: a name of ``LOOKS``, or nothing."""

LOOKS = frozenset(
    {
        "title",
        "title-focus",
        "rule",
        "rule-focus",
        "dim",
        "strong",
        "key",
        "good",
        "warn",
        "bad",
        "alarm",
        "cursor",
        "cursor-blurred",
        "waiting",
        "starting",
        "running",
        "frozen",
        "unreachable",
        "backing_off",
        "held",
        "succeeded",
        "failed",
        "aborted",
        "cancelled",
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its pieces, and a look that lies under all of them."""

    pieces: tuple[Piece, ...] = ()
    under: str = ""


BLANK = Line()
LOOK_CLASSES = {f"lines--{look}" for look in LOOKS}
"""Component classes of every screen that has ``Lines``; on each widget they would cost a third of
the time to the first picture."""


class Lines(Widget, can_focus=False, inherit_bindings=False):
    """Draws what ``describe`` says; ``repaint`` sends only lines that changed to the terminal."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.glyphs = glyphs
        self._shown: dict[int, Line] = {}
        self._shown_width = -1
        self._looks: dict[tuple[str, str], Style] = {}
        self.faded = False
        """It shows what was, and perhaps is no longer so; ``fade`` sets it."""

    def fade(self, *, faded: bool) -> None:
        """Draw everything dim, or as it is meant to look."""
        if faded != self.faded:
            self.faded = faded
            self.refresh()

    def describe(self, y: int) -> Line:
        """Return line ``y`` (from 0) of what is visible. Subclasses say what that is."""
        raise NotImplementedError

    def repaint(self) -> None:
        """Describe every visible line anew and refresh those that differ."""
        if not self.is_mounted or not self.display:
            return
        width, height = self.size
        self._notice_width()
        for y in range(height):
            line, before = self.describe(y), self._shown.get(y)
            if before != line:
                self._shown[y] = line
                first, last = _differing(before, line, width)
                self.refresh(Region(first, y, last - first, 1))

    def _notice_width(self) -> None:
        if self.size.width != self._shown_width:
            self._shown_width = self.size.width
            self._shown.clear()

    @override
    def render_line(self, y: int) -> Strip:
        self._notice_width()
        line = self._shown.get(y)
        if line is None:
            line = self._shown[y] = self.describe(y)
        width = self.size.width
        # Every piece should be plain by now; this makes sure that none ever steers the terminal.
        pieces = [(plain(text), look) for text, look in line.pieces if text]
        faded = self.faded
        segments = [
            Segment(text, self._style("dim" if faded else look, line.under))
            for text, look in pieces
        ]
        strip = Strip(segments, sum(cells(text) for text, _ in pieces))
        # Where whole stretches are sent, each segment costs its colours.
        return strip.adjust_cell_length(width, self._style("", line.under)).simplify()

    def _style(self, look: str, under: str) -> Style:
        style = self._looks.get((look, under))
        if style is None:
            style = self.rich_style
            if under:
                style += self.screen.get_component_rich_style(f"lines--{under}", partial=True)
            if look and not style.reverse and not (look == "dim" and under):
                style += self.screen.get_component_rich_style(f"lines--{look}", partial=True)
            self._looks[look, under] = style
        return style

    @override
    def notify_style_update(self) -> None:
        self._looks.clear()
        super().notify_style_update()

    def on_resize(self) -> None:
        """Describe everything anew: columns depend on the width, and some lines on the height."""
        self.repaint()

    def on_focus(self) -> None:
        """Show that keys go here."""
        self.repaint()

    def on_blur(self) -> None:
        """Show that keys go elsewhere."""
        self.repaint()


def cells(text: str) -> int:
    """Return how wide ``text`` is."""
    return len(text) if text.isascii() else cell_len(text)


def _differing(before: Line | None, line: Line, width: int) -> tuple[int, int]:
    """Return from which cell to which two lines of a widget differ: none beside them is sent."""
    if before is None or before.under != line.under:
        return 0, width
    old, new = before.pieces, line.pieces
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    first = sum(cells(text) for text, _ in new[:same])
    wide = sum(cells(text) for text, _ in new)
    if wide != sum(cells(text) for text, _ in old):
        return min(first, width), width
    last = wide
    for one, other in zip(reversed(old[same:]), reversed(new[same:]), strict=False):
        if one != other:
            break
        last -= cells(other[0])
    return min(first, width), max(min(last, width), min(first, width))
