"""The banner: what needs the operator, and what is on hold."""

from textual.reactive import reactive
from typing_extensions import override

from supervisor.core.board import EMPTY, Board
from supervisor.tui.format import fit
from supervisor.tui.link import CONNECTING, Link
from supervisor.tui.notices import Notice, notices
from supervisor.tui.widgets.lines import BLANK, Line, Lines, Piece, cells


class Notices(Lines):
    """One line for each notice, as many as the screen can spare; nothing when all is well."""

    board: reactive[Board] = reactive(EMPTY, init=False)
    link: reactive[Link] = reactive(CONNECTING, init=False)
    tick: reactive[float] = reactive(0.0, init=False)
    most: reactive[int] = reactive(3, init=False)
    """Lines that may be used."""

    _now: tuple[Notice, ...] = ()

    def watch_board(self) -> None:
        """Say what holds now; the layout changes only with the number of lines."""
        self._now = notices(self.board, self.link, self.tick, self.glyphs)
        height = min(len(self._now), self.most)
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
            self.display = height > 0
        self.repaint()

    watch_link = watch_board
    watch_tick = watch_board
    watch_most = watch_board

    @override
    def describe(self, y: int) -> Line:
        if y >= len(self._now):
            return BLANK
        more = len(self._now) - self.most if y == self.most - 1 else 0
        return self._line(self._now[y], more)

    def _line(self, notice: Notice, more: int) -> Line:
        sign = self.glyphs.alarm if notice.look == "alarm" else self.glyphs.dot
        tag = f" {sign} {notice.tag} "
        right: list[Piece] = []
        if more > 0:
            right.append((f"  +{more} more", "dim"))
        if notice.key:
            right += [("  [", "dim"), (notice.key, "key"), ("]", "dim")]
        room = self.size.width - cells(tag) - 2 - sum(cells(text) for text, _ in right)
        text, cure = self._shares(notice, room)
        used = cells(text) + cells(cure)
        return Line(
            (
                (tag, notice.look),
                (" ", ""),
                (text, ""),
                (cure, "strong"),
                (" " * max(0, room - used), ""),
                *right,
            )
        )

    def _shares(self, notice: Notice, room: int) -> tuple[str, str]:
        """Return text and cure in ``room`` cells; the cure is cut last."""
        arrow = f" {self.glyphs.arrow} " if notice.cure else ""
        cure = arrow + notice.cure
        ellipsis = self.glyphs.ellipsis
        if cells(notice.text) + cells(cure) <= room:
            return notice.text, cure
        least = min(cells(notice.text), room // 2)
        cure = fit(cure, min(cells(cure), room - least), ellipsis=ellipsis)
        text = fit(notice.text, min(cells(notice.text), room - cells(cure)), ellipsis=ellipsis)
        return text, cure
