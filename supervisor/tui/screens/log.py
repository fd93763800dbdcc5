"""The log of one task, as large as the screen."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import ScreenResume
from typing_extensions import override

from supervisor.core.board import TaskRow
from supervisor.core.names import Stream, TaskId
from supervisor.tui.actions import bindings
from supervisor.tui.finding import asked_for
from supervisor.tui.log_reader import Source
from supervisor.tui.messages import Asked, Copied, Said
from supervisor.tui.screens.batch import BatchScreen
from supervisor.tui.widgets.viewer import LogViewer

STYLES = Path(__file__).with_name("log.tcss")
_LIVE = frozenset({"starting", "running", "frozen", "unreachable"})


class LogScreen(BatchScreen):
    """Shows the newest attempt of ``task`` until another is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("screen", "log")]

    CSS_PATH = STYLES
    AUTO_FOCUS = "#viewer"
    PLACE = "log"
    came_from: str = "overview"
    """The screen that Esc goes back to."""
    _of_task: TaskId | None = None
    _at_attempt: int | None = None
    """None: the newest, whichever that is."""
    _on_stream: Stream | None = None
    """None: the one that probably tells more."""

    @override
    def middle(self) -> ComposeResult:
        yield LogViewer(self.glyphs, id="viewer")

    @property
    def viewer(self) -> LogViewer:
        """The log."""
        return self.query_one("#viewer", LogViewer)

    def open_task(self, task: TaskId, came_from: str) -> None:
        """Show the log of ``task``."""
        self.came_from = came_from
        if task != self._of_task:
            self._of_task, self._at_attempt, self._on_stream = task, None, None
        self._show()

    def watch_board(self) -> None:
        """Go on to a new attempt, unless an older one is read."""
        self._show()

    def on_log_viewer_sized(self, _: LogViewer.Sized) -> None:
        """Go to the stream that tells something, now that it is known."""
        self._show()

    def on_screen_resume(self, _: ScreenResume) -> None:
        """Look at once what was written meanwhile."""
        self._show()
        self.viewer.call_later(self.viewer.look)

    def _show(self) -> None:
        row = self.row_here()
        if not self.composed:
            return
        self.viewer.row = row
        if row is None or not row.attempt:
            self.viewer.show(None)
            return
        attempt = min(self._at_attempt or row.attempt, row.attempt)
        stream = self._on_stream or _telling(row, self.viewer.reader.sizes)
        self.viewer.show(Source(row.task, attempt, stream))

    @override
    def row_here(self) -> TaskRow | None:
        return self.board.tasks.get(self._of_task) if self._of_task is not None else None

    @override
    def rows_here(self) -> tuple[TaskRow, ...]:
        row = self.row_here()
        return (row,) if row is not None else ()

    def action_stream(self) -> None:
        """Show the other stream, and stay with it."""
        if (source := self.viewer.reader.source) is not None:
            self._on_stream = source.other
            self._show()

    def action_attempt(self, step: int) -> None:
        """Show an earlier or later attempt."""
        row, source = self.row_here(), self.viewer.reader.source
        if row is None or source is None:
            return
        wanted = source.attempt + step
        if 1 <= wanted <= row.attempt:
            self._at_attempt = None if wanted == row.attempt else wanted
            self._show()
        else:
            self.post_message(Said("that is the newest" if step > 0 else "that is the first"))

    def action_follow(self) -> None:
        """Go to the end and follow it, or stay where it is."""
        reader = self.viewer.reader
        if reader.following:
            reader.following = False
            self.viewer.repaint()
        else:
            self.viewer.action_edge(1)

    def action_wrap(self) -> None:
        """Wrap long lines, or cut them at the edge."""
        self.viewer.wrapping = not self.viewer.wrapping

    def action_slide(self, side: int) -> None:
        """Move lines that are cut to the left or right."""
        self.viewer.slide(side)

    def action_filter(self) -> None:
        """Ask for words, or a pattern between slashes, and go to the nearest line that has them."""
        from supervisor.tui.screens.prompt import Prompt

        found = self.viewer.finding
        before = "" if found is None else f"/{found.text}/" if found.regex else found.text

        def heard(typed: str | None) -> None:
            if typed is not None:
                text, regex = asked_for(typed)
                self.viewer.find(text, regex=regex)

        self.post_message(Asked(Prompt(self.glyphs, "find (/…/ a pattern):", before), heard))

    def action_found(self, step: int) -> None:
        """Go to the next or previous line found."""
        if not self.viewer.next_found(step):
            where = "below" if step > 0 else "above"
            self.post_message(Said(f"nothing more {where}"))

    def action_copy(self) -> None:
        """Copy the lines that are visible."""
        if text := self.viewer.visible_text():
            self.post_message(Copied(text))

    def action_back(self) -> None:
        """Forget the search; then go back to where the log was opened."""
        if self.viewer.finding is not None:
            self.viewer.find("", regex=False)
        else:
            self.call_later(self.run_action, f"app.show('{self.came_from}')")


def _telling(row: TaskRow, sizes: Mapping[Stream, int]) -> Stream:
    """Return the stream that probably tells more."""
    if not sizes.get("stderr", 1):
        return "stdout"
    ended_badly = row.error_class is not None and row.phase not in _LIVE
    return "stderr" if ended_badly or not sizes.get("stdout", 1) else "stdout"
