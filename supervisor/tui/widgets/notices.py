"""The banner: what needs the operator, and what is on hold."""

from collections.abc import Sequence

from textual.reactive import var
from typing_extensions import override

from supervisor.core.board import EMPTY, Board
from supervisor.tui.format import fit
from supervisor.tui.keymap import DEFAULT, Keymap
from supervisor.tui.link import CONNECTING, Link
from supervisor.tui.notices import Notice, notices
from supervisor.tui.widgets.lines import BLANK, Line, Piece, cells
from supervisor.tui.widgets.pressing import Pressing

_NARROW = 60
_BESIDE = 26
"""Cells that tag, arrow and key take beside text and cure."""


class Notices(Pressing):
    """One line for each notice (two where its cure needs the room), as many as the screen can spare; nothing when all is well."""

    board: var[Board] = var(EMPTY, init=False)
    link: var[Link] = var(CONNECTING, init=False)
    tick: var[float] = var(0.0, init=False)
    standing: var[tuple[Notice, ...]] = var((), init=False)
    """Shown below the others, whatever the batch does."""
    keymap: Keymap = DEFAULT
    _room: tuple[int, int] = (0, 0)
    _laid: tuple[Line, ...] = ()
    _pressed: Sequence[str] = ()

    def watch_board(self) -> None:
        """Say what holds now; the layout changes only with the number of lines."""
        width, most = self._room
        self._lay(width, most)
        height = len(self._laid)
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
            self.display = height > 0
        self.repaint()

    watch_link = watch_board
    watch_tick = watch_board
    watch_standing = watch_board

    def fit_into(self, width: int, height: int) -> None:
        """Lay the lines for a screen of this size."""
        self._room = (width, max(3, height // 8))
        self.watch_board()

    @override
    def action_at(self, x: int, y: int) -> str:
        return self._pressed[y] if y < len(self._pressed) else ""

    @override
    def describe(self, y: int) -> Line:
        return self._laid[y] if y < len(self._laid) else BLANK

    def _lay(self, width: int, most: int) -> None:
        found = notices(self.board, self.link, self.tick, self.glyphs)
        apart = [self._lines(notice, width) for notice in found]
        shown, used = 0, 0
        while shown < len(apart) and used + len(apart[shown]) <= most:
            used += len(apart[shown])
            shown += 1
        lines = [line for some in apart[:shown] for line in some]
        if shown < len(apart) and shown:
            lines[-1 if len(apart[shown - 1]) == 1 else -2] = self._line(
                found[shown - 1], width, len(apart) - shown, cure=len(apart[shown - 1]) == 1
            )
        keys = [
            notice.key for notice, some in zip(found, apart[:shown], strict=False) for _ in some
        ]
        self._laid = (*lines, *(self._line(notice, width, 0) for notice in self.standing))
        self._pressed = [
            self.keymap.meant_by(key) for key in (*keys, *(one.key for one in self.standing))
        ]

    def _lines(self, notice: Notice, width: int) -> tuple[Line, ...]:
        if not notice.cure or cells(notice.text + notice.cure) + _BESIDE <= width:
            return (self._line(notice, width, 0),)
        cure = f"   {self.glyphs.arrow} {notice.cure}"
        below = Line(((fit(cure, width - 1, ellipsis=self.glyphs.ellipsis), "strong"),))
        return (self._line(notice, width, 0, cure=False), below)

    def _line(self, notice: Notice, width: int, more: int, *, cure: bool = True) -> Line:
        sign = self.glyphs.alarm if notice.look == "alarm" else self.glyphs.dot
        tag = f" {sign} {notice.tag} "
        if width < _NARROW and notice.look == "alarm":
            tag = f" {sign} "
        right: list[Piece] = []
        if more > 0:
            right.append((f"  +{more} more" if width >= _NARROW else f" +{more}", "dim"))
        if key := self.keymap.instead_of(notice.key):
            right += [("  [", "dim"), (key, "key"), ("]", "dim")]
        room = width - cells(tag) - 2 - sum(cells(text) for text, _ in right)
        text, command = self._shares(notice.text, notice.cure if cure else "", room)
        used = cells(text) + cells(command)
        return Line(
            (
                (tag, notice.look),
                (" ", ""),
                (text, ""),
                (command, "strong"),
                (" " * max(0, room - used), ""),
                *right,
            )
        )

    def _shares(self, text: str, cure: str, room: int) -> tuple[str, str]:
        """Return text and cure in ``room`` cells; the cure is cut last."""
        cure = f" {self.glyphs.arrow} {cure}" if cure else ""
        ellipsis = self.glyphs.ellipsis
        if cells(text) + cells(cure) <= room:
            return text, cure
        least = min(cells(text), room // 2)
        cure = fit(cure, min(cells(cure), room - least), ellipsis=ellipsis)
        return fit(text, min(cells(text), room - cells(cure)), ellipsis=ellipsis), cure
