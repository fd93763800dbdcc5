"""The two lines on top: which batch, how far, how well."""

from textual.reactive import var
from typing_extensions import override

from supervisor.core.board import EMPTY, Board, Head
from supervisor.tui.format import age, clock, fit, moment, plain
from supervisor.tui.keymap import DEFAULT, Keymap
from supervisor.tui.link import CONNECTING, Link
from supervisor.tui.places import SCREENS
from supervisor.tui.rows import GROUP_LOOKS, bar, phase_words
from supervisor.tui.widgets.lines import Line, Piece, cells
from supervisor.tui.widgets.pressing import Pressing, at_cell

_COUNTED = (
    "failed",
    "aborted",
    "held",
    "unreachable",
    "frozen",
    "backing_off",
    "running",
    "starting",
    "waiting",
    "succeeded",
    "cancelled",
)
"""Counts in the order in which they are worth their room."""
_ROOMY = 66
"""From here on there is room for facts that can be seen elsewhere."""
_OVER = ("succeeded", "failed", "aborted", "cancelled")


class HeadLine(Pressing):
    """Batch, state, clock and ETA; below, a bar and the counts."""

    board: var[Board] = var(EMPTY, init=False)
    link: var[Link] = var(CONNECTING, init=False)
    tick: var[float] = var(0.0, init=False)
    read_only: bool = False
    place: str = ""
    """The screen it stands on."""
    keymap: Keymap = DEFAULT
    _pressed: tuple[str, ...] = ()

    def watch_board(self) -> None:
        """Show what differs."""
        self.repaint()

    watch_link = watch_board
    watch_tick = watch_board

    @override
    def describe(self, y: int) -> Line:
        width = self.size.width - 2
        if not self.board.connected:
            return Line(((" ", ""), ("overnight", "strong"))) if y == 0 else Line()
        return self._first(width) if y == 0 else self._second(width)

    def _first(self, width: int) -> Line:
        head = self.board.head
        right = self._right(head, width)
        state = phase_words(head.state, self.glyphs)
        since = f" {age(self.tick - head.started_at)}" if head.started_at and width > _ROOMY else ""
        room = width - sum(cells(text) for text, _ in right) - cells(state + since) - 3
        name = plain(head.batch, ascii_only=self.glyphs.ascii_only)
        name = fit(
            name, max(4, min(cells(name), room)), cut="middle", ellipsis=self.glyphs.ellipsis
        )
        gap = " " * max(1, room - cells(name) + 1)
        return Line(
            (
                (" ", ""),
                (name, "strong"),
                ("  ", ""),
                (state, GROUP_LOOKS.get(head.state, "")),
                (since, "dim"),
                (gap, ""),
                *right,
            )
        )

    def _right(self, head: Head, width: int) -> tuple[Piece, ...]:
        pieces: list[Piece] = []
        if self.read_only and width > _ROOMY:
            pieces.append(("read-only  ", "warn"))
        if head.eta_s is not None and head.state in ("running", "held") and width > _ROOMY:
            pieces.append((f"ETA {moment(self.tick + head.eta_s, self.tick)}  ", ""))
        if width > _ROOMY or self.link.state != "live":
            pieces.append(self._engine())
        pieces.append((f"  {clock(self.tick)}", "strong"))
        return tuple(pieces)

    def _engine(self) -> Piece:
        match self.link.state:
            case "gone":
                return (f"engine silent {age(self.tick - self.link.since)}", "bad")
            case "ended":
                return ("engine ended", "dim")
            case "connecting":
                return ("connecting", "dim")
            case "live":
                return ("engine ok", "dim")

    def _second(self, width: int) -> Line:
        counts = self.board.head.counts
        total = sum(counts.values())
        over = sum(counts.get(phase, 0) for phase in _OVER)
        done = f"{over}/{total}"
        percent = f" {over * 100 // total}%" if total else ""
        length = 10 if width < 60 else min(40, width // 4)
        pieces = [
            (" ", ""),
            *bar(counts.get("succeeded", 0), over, total, length, self.glyphs),
            (done, "strong"),
            (percent, "dim"),
        ]
        room = width - length - 2 - cells(done + percent)
        for phase in _COUNTED:
            text = f"{counts.get(phase, 0)} {phase.replace('_', ' ')}"
            if counts.get(phase) and cells(text) + 2 <= room:
                pieces += [("  ", ""), (text, phase)]
                room -= cells(text) + 2
        places = self._places(room)
        self._pressed = (*("" for _ in pieces), *(action for _, action in places))
        return Line((*pieces, *(piece for piece, _ in places)))

    @override
    def action_at(self, x: int, y: int) -> str:
        return at_cell(self.describe(y), self._pressed, x) if y == 1 else ""

    def _places(self, room: int) -> tuple[tuple[Piece, str], ...]:
        """Return the screens and their keys; by name, where there is room, else this one's alone."""
        for counted, named in ((True, True), (False, True), (False, False)):
            found: list[tuple[Piece, str]] = []
            for place in SCREENS:
                own = place.name == self.place
                action = f"show('{place.name}')"
                key = self.keymap.key(action, ascii_only=self.glyphs.ascii_only)
                pieces: list[Piece] = [("  " if named or own else " ", ""), (key, "key")]
                if named or own:
                    pieces.append((f" {place.name}", "strong" if own else "dim"))
                if counted and place.name == "containers":
                    pieces += self._containers()
                found += [(piece, action) for piece in pieces]
            needed = sum(cells(text) for (text, _), _ in found)
            if needed <= room:
                return (((" " * (room - needed), ""), ""), *found)
        return ()

    def _containers(self) -> list[Piece]:
        """Return how many containers work, of those that run, and how many are dead."""
        counts = self.board.head.containers
        if counts is None or not counts.running:
            return []
        pieces: list[Piece] = [(f" {counts.busy}/{counts.running} busy", "dim")]
        if counts.dead_idle:
            pieces.append((f" {counts.dead_idle} dead", "failed"))
        return pieces
