"""One container in full: what it wrote last, or all that its engine knows of it."""

from textual.reactive import var
from typing_extensions import override

from supervisor.core.containers import ContainerRow
from supervisor.ports.containers import Described
from supervisor.tui.format import fit, plain
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.widgets.lines import BLANK, Line, cells
from supervisor.tui.widgets.reading import Reading

_TAB = 8


class DescribedPane(Reading):
    """Shows a container's output from its end, or its inspection from the beginning."""

    HEADER = 2
    row: var[ContainerRow | None] = var[ContainerRow | None](None, init=False)
    described: var[Described | None] = var[Described | None](None, init=False)
    inspecting: var[bool] = var(False, init=False)
    trouble: var[str] = var("", init=False)

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id)
        self._lines: tuple[str, ...] = ()

    def watch_row(self, before: ContainerRow | None, row: ContainerRow | None) -> None:
        """Forget what another container said."""
        if (before and before.id) != (row and row.id):
            self.described, self.trouble = None, ""
        self.repaint()

    def watch_described(self) -> None:
        """Show what is known now; who reads at the end stays there."""
        at_end = self.top >= self.bottom
        self._lay()
        self.scroll(self.bottom if at_end and not self.inspecting else self.top)

    def watch_inspecting(self) -> None:
        """Show the other text, each from where it begins to tell."""
        self._lay()
        self.scroll(0 if self.inspecting else self.bottom)

    def watch_trouble(self) -> None:
        """Say what is the matter."""
        self.repaint()

    @override
    def on_resize(self) -> None:
        """Who reads at the end stays at the end."""
        self.scroll(self.top if self.inspecting else self.bottom)

    def visible_text(self) -> str:
        """Return the lines that are visible."""
        return "\n".join(self._lines[self.top : self.top + self.room])

    def _lay(self) -> None:
        told = self.described
        text = "" if told is None else told.inspection if self.inspecting else told.output
        ascii_only = self.glyphs.ascii_only
        lines = (line.rpartition("\r")[2].expandtabs(_TAB) for line in text.rstrip().split("\n"))
        self._lines = tuple(plain(line, ascii_only=ascii_only) for line in lines) if text else ()

    @property
    @override
    def length(self) -> int:
        return max(1, len(self._lines))

    @override
    def content(self, index: int) -> Line:
        width = self.size.width
        if self._lines:
            text = fit(self._lines[index], width - 2, ellipsis=self.glyphs.ellipsis)
            return Line(((" ", ""), (text, "")))
        if self.trouble:
            return Line(((" ", ""), (plain(self.trouble), "warn")))
        if self.row is None:
            return BLANK
        words = "asking for it" if self.described is None else "it wrote nothing so far"
        return Line(((" ", ""), (words, "dim")))

    @override
    def fixed(self, y: int) -> Line:
        width, row = self.size.width, self.row
        focus = "-focus" if self.has_focus else ""
        rule, ascii_only = self.glyphs.rule, self.glyphs.ascii_only
        if y == 1:
            why = plain(row.why, ascii_only=ascii_only) if row is not None else ""
            proof = plain(row.proof or "", ascii_only=ascii_only) if row is not None else ""
            told = f" {self.glyphs.dot} ".join(one for one in (why, proof) if one)
            return Line(((" ", ""), (fit(told, width - 2, ellipsis=self.glyphs.ellipsis), "dim")))
        what = "Inspection" if self.inspecting else "Output"
        name = plain(row.name, ascii_only=ascii_only) if row is not None else ""
        name = fit(name, min(cells(name), max(8, width - 20)), cut="middle")
        title = f"{what} of {name}" if name else what
        pieces = (
            (f"{rule} ", f"rule{focus}"),
            (title, f"title{focus}"),
            (" " + rule * max(0, width - cells(title) - 4), f"rule{focus}"),
        )
        return Line(pieces)
