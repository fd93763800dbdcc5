"""The log of one task: the end of it, followed, or what was written before."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.message import Message
from textual.reactive import var
from typing_extensions import override

from supervisor.core.board import TaskRow
from supervisor.core.names import Stream
from supervisor.ports import LogWindow
from supervisor.tui.format import countdown, fit, plain, size, wrapped
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.messages import LogAsk, LogAsked
from supervisor.tui.rows import task_name
from supervisor.tui.tail import Tail
from supervisor.tui.widgets.lines import Line, Piece, cells
from supervisor.tui.widgets.reading import Reading

LOOK_S = 0.5
WINDOW = 64 * 1024
"""Bytes asked for at once; more than that behind, and the pane jumps to the end."""
_LIVE = frozenset({"starting", "running", "frozen", "unreachable"})
_STREAMS: tuple[Stream, Stream] = ("stdout", "stderr")
_MOST_ROWS = 20_000
_ATTEMPT_CELLS = 16
_SHORTEST_PROOF = 12
"""A shorter cause would be found in lines that have nothing to do with it."""


class _Roll:
    """One stream as rows of a given width."""

    def __init__(self, *, begins_inside: bool, ascii_only: bool) -> None:
        self.tail = Tail(begins_inside=begins_inside, ascii_only=ascii_only)
        self.rows: list[str] = []
        self._open = 0
        self._taken = 0
        self._width = 0

    def lay(self, width: int) -> int:
        """Bring the rows up to what was fed; return how many went away at the front."""
        if width != self._width:
            self.rows, self._open, self._width = [], 0, width
            self._taken = self.tail.dropped
        del self.rows[len(self.rows) - self._open :]
        for number in range(max(self._taken, self.tail.dropped), self.tail.finished):
            self.rows += wrapped(self.tail.line(number), width)
        self._taken = self.tail.finished
        rest = self.tail.unfinished
        unfinished = wrapped(rest, width) if rest else []
        self._open = len(unfinished)
        self.rows += unfinished
        gone = max(0, len(self.rows) - _MOST_ROWS)
        del self.rows[:gone]
        return gone


@dataclass(frozen=True, slots=True)
class _Source:
    task: str
    attempt: int


class LogPane(Reading):
    """Shows ``row``'s newest attempt; asks for bytes only while it is visible and they may grow."""

    HEADER = 1
    row: var[TaskRow | None] = var[TaskRow | None](None, init=False)
    tick: var[float] = var(0.0, init=False)
    following: var[bool] = var(True, init=False)

    @dataclass
    class Left(Message):
        """Enter was pressed: the pane is wanted in another height."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id)
        self._source: _Source | None = None
        self._rolls: dict[Stream, _Roll] = {}
        self._ends: dict[Stream, int] = {}
        self._stream: Stream = "stdout"
        self._chosen = False
        self._asked = False
        self._settled = False

    def on_mount(self) -> None:
        """Look at the file twice a second."""
        self.set_interval(LOOK_S, self.look)

    def watch_row(self, row: TaskRow | None) -> None:
        """Begin anew with another task or attempt."""
        source = _Source(row.task, row.attempt) if row is not None and row.attempt else None
        self._settled = False
        if source != self._source:
            self._source = source
            self._rolls, self._ends = {}, {}
            self._asked = self._chosen = False
            self.top, self.following = 0, True
            self.look()
        self.repaint()

    def watch_tick(self) -> None:
        """Let the countdown move on."""
        self.repaint()

    def watch_following(self, following: bool) -> None:
        """Go to the end."""
        if following:
            self.top = self.bottom
        self.repaint()

    def look(self) -> None:
        """Ask for what was written since, unless nothing can have been."""
        if self._source is None or self._asked or self._settled or not self.display:
            return
        if not self.screen.is_current and self._rolls:
            return  # nobody sees it
        self._asked = True
        self.post_message(LogAsked(tuple(self._ask(stream) for stream in _STREAMS), self._take))

    def _ask(self, stream: Stream) -> LogAsk:
        assert self._source is not None
        offset = self._ends.get(stream, -WINDOW)
        return LogAsk(self._source.task, self._source.attempt, stream, offset, WINDOW)

    def _take(self, asks: tuple[LogAsk, ...], windows: Mapping[Stream, LogWindow]) -> None:
        source = self._source
        if source is None or any(
            (ask.task, ask.attempt) != (source.task, source.attempt) for ask in asks
        ):
            return
        self._asked = False
        first = not self._rolls
        complete = [self._feed(stream, window) for stream, window in windows.items()]
        live = self.row is not None and self.row.phase in _LIVE
        self._settled = bool(complete) and all(complete) and not live
        if first and not self._chosen:
            self._stream = self._telling()
        self._lay()

    def _feed(self, stream: Stream, window: LogWindow) -> bool:
        """Take a window; return whether it reaches the end of the file."""
        end = self._ends.get(stream)
        if end is not None and (window.size < end or window.size - end > 4 * WINDOW):
            del self._ends[stream]
            self._rolls.pop(stream, None)
            return False
        if stream not in self._rolls:
            self._rolls[stream] = _Roll(
                begins_inside=window.offset > 0, ascii_only=self.glyphs.ascii_only
            )
        self._rolls[stream].tail.feed(window.data)
        self._ends[stream] = window.offset + len(window.data)
        return self._ends[stream] >= window.size

    def _telling(self) -> Stream:
        """Return the stream that probably tells more."""
        out, err = (self._ends.get(stream, 0) for stream in _STREAMS)
        ended_badly = self.row is not None and self.row.error_class is not None
        if self.row is not None and self.row.phase in _LIVE:
            ended_badly = False
        return "stderr" if err and (ended_badly or not out) else "stdout"

    def _lay(self) -> None:
        roll = self._rolls.get(self._stream)
        if roll is not None:
            self.top = max(0, self.top - roll.lay(max(8, self.size.width - 2)))
        self.top = self.bottom if self.following else min(self.top, self.bottom)
        self.repaint()

    @property
    @override
    def length(self) -> int:
        roll = self._rolls.get(self._stream)
        return len(roll.rows) if roll is not None and roll.rows else 1

    @override
    def content(self, index: int) -> Line:
        roll = self._rolls.get(self._stream)
        if roll is None or not roll.rows:
            return Line(((f"  {self._nothing()}", "dim"),))
        text = roll.rows[index]
        return Line((("  ", ""), (text, "bad" if self._proves(text) else "")))

    def _proves(self, text: str) -> bool:
        cause = self.row.cause if self.row is not None else None
        line = text.strip()
        return cause is not None and len(line) >= _SHORTEST_PROOF and line in plain(cause)

    def _nothing(self) -> str:
        if self.row is None:
            return "no task here"
        if self._source is None:
            note = plain(self.row.note or "", ascii_only=self.glyphs.ascii_only)
            return f"has not started: {note}" if note else "has not started"
        return f"nothing on {self._stream}" if self._rolls else ""

    @override
    def fixed(self, y: int) -> Line:
        focus = "-focus" if self.has_focus else ""
        rule, width = self.glyphs.rule, self.size.width
        right = self._streams()
        room = width - 5 - sum(cells(text) for text, _ in right)
        pieces: list[Piece] = [(f"{rule} ", f"rule{focus}")]
        title = fit(self._title(room), room, cut="middle", ellipsis=self.glyphs.ellipsis).rstrip()
        pieces.append((title, f"title{focus}"))
        pieces.append((" " + rule * (room - cells(title)) + " ", f"rule{focus}"))
        return Line((*pieces, *right))

    def _title(self, room: int) -> str:
        row = self.row
        if row is None:
            return "Log"
        words = [f"Log {task_name(row.task, room - _ATTEMPT_CELLS, self.glyphs)}"]
        if row.attempt:
            words.append(f"attempt {row.attempt}")
        if row.next_at is not None:
            what = "times out" if row.phase in _LIVE else "goes on"
            words.append(f"{what} in {countdown(row.next_at - self.tick)}")
        return f" {self.glyphs.dot} ".join(words)

    def _streams(self) -> tuple[Piece, ...]:
        if not self._rolls or self.size.width < 60:
            return ((self._where(), "dim"),)
        pieces: list[Piece] = []
        for stream in _STREAMS:
            here = stream == self._stream
            written = f" {size(self._ends.get(stream, 0))}" if self.size.width >= 100 else ""
            text = stream + written
            pieces.append((f"[{text}]" if here else f" {text} ", "strong" if here else "dim"))
        return (*pieces, (f" {self._where()}", "dim"))

    def _where(self) -> str:
        if self.following:
            return "following"
        return f"{self.top * 100 // self.bottom if self.bottom else 100:3d} %"

    @override
    def scrolled(self) -> None:
        self.set_reactive(LogPane.following, self.top >= self.bottom)

    def other_stream(self) -> None:
        """Show the other stream, and stay with it while this attempt is shown."""
        self._stream = "stderr" if self._stream == "stdout" else "stdout"
        self._chosen = True
        self._lay()

    def visible_text(self) -> str:
        """Return the lines that are on the screen."""
        roll = self._rolls.get(self._stream)
        return "\n".join(roll.rows[self.top : self.top + self.room]) if roll is not None else ""

    @override
    def on_resize(self) -> None:
        super().on_resize()
        self._lay()

    @override
    def action_open(self) -> None:
        """Ask for another height."""
        self.post_message(self.Left())
