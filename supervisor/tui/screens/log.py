"""The log of one task, as large as the screen."""

from functools import partial
from pathlib import Path
from typing import ClassVar, Protocol

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import ScreenResume
from typing_extensions import override

from supervisor.core.board import TaskRow
from supervisor.core.names import TaskId
from supervisor.tui.actions import bindings
from supervisor.tui.finding import asked_for
from supervisor.tui.messages import Asked, Copied, Said
from supervisor.tui.outside import ProgramAsked, SaveAsked
from supervisor.tui.screens.batch import BatchScreen
from supervisor.tui.widgets.viewer import LogViewer


class Heard(Protocol):
    """Takes what was asked for."""

    def __call__(self, text: str, *, regex: bool) -> None:
        """Look for words, or a pattern."""


STYLES = Path(__file__).with_name("log.tcss")


class LogScreen(BatchScreen):
    """Shows the newest attempt of ``task`` until another is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("screen", "log")]

    CSS_PATH = STYLES
    AUTO_FOCUS = "#viewer"
    PLACE = "log"
    _of_task: TaskId | None = None
    _of_attempt: int | None = None
    """Wanted, as soon as the task is known."""

    @override
    def middle(self) -> ComposeResult:
        yield LogViewer(self.glyphs, id="viewer").data_bind(LogScreen.tick)

    @property
    def viewer(self) -> LogViewer:
        """The log."""
        return self.query_one("#viewer", LogViewer)

    def open_task(self, task: TaskId, came_from: str, attempt: int | None = None) -> None:
        """Show the log of ``task``; None: of its newest attempt, or the one that is shown."""
        self.came_from = came_from
        self._of_task, self._of_attempt = task, attempt
        self._show()

    def watch_board(self) -> None:
        """Go on to a new attempt, unless an older one is read."""
        self._show()

    def on_screen_resume(self, _: ScreenResume) -> None:
        """Look at once what was written meanwhile."""
        self._show()
        self.viewer.call_later(self.viewer.ask)

    def _show(self) -> None:
        if not self.composed:
            return
        self.viewer.row = self.row_here()
        source, wanted = self.viewer.reader.source, self._of_attempt
        if source is not None and wanted is not None:
            self._of_attempt = None
            self.viewer.step_attempt(wanted - source.attempt)

    @override
    def row_here(self) -> TaskRow | None:
        return self.board.tasks.get(self._of_task) if self._of_task is not None else None

    @override
    def rows_here(self) -> tuple[TaskRow, ...]:
        row = self.row_here()
        return (row,) if row is not None else ()

    def action_stream(self) -> None:
        """Show the other stream, and stay with it."""
        self.viewer.other_stream()

    def action_attempt(self, step: int) -> None:
        """Show an earlier or later attempt."""
        if self.viewer.reader.source is not None and not self.viewer.step_attempt(step):
            self.post_message(Said("that is the newest" if step > 0 else "that is the first"))

    def action_follow(self) -> None:
        """Go to the end and follow it, or stay where it is."""
        self.viewer.follow()

    def action_wrap(self) -> None:
        """Wrap long lines, or cut them at the edge."""
        self.viewer.wrapping = not self.viewer.wrapping

    def action_slide(self, side: int) -> None:
        """Move lines that are cut to the left or right."""
        self.viewer.slide(side)

    def action_filter(self) -> None:
        """Ask for words, or a pattern between slashes, and go to the nearest line that has them."""
        self._ask_for("find (/…/ a pattern):", self.viewer.find)

    def action_sift(self) -> None:
        """Show only the lines that were found, asking for words where none are; or all lines again."""
        viewer = self.viewer
        if viewer.sieve is not None or viewer.finding is not None:
            viewer.sift(on=viewer.sieve is None)
            return

        def heard(text: str, *, regex: bool) -> None:
            viewer.find(text, regex=regex)
            viewer.sift(on=True)

        self._ask_for("only lines with (/…/ a pattern):", heard)

    def _ask_for(self, words: str, answered: Heard) -> None:
        from supervisor.tui.screens.prompt import Prompt

        found = self.viewer.finding
        before = "" if found is None else f"/{found.text}/" if found.regex else found.text

        def heard(typed: str | None) -> None:
            if typed is not None:
                text, regex = asked_for(typed)
                answered(text, regex=regex)

        self.post_message(Asked(Prompt(self.glyphs, words, before), heard))

    def action_found(self, step: int) -> None:
        """Go to the next or previous line found."""
        if not self.viewer.next_found(step):
            where = "below" if step > 0 else "above"
            self.post_message(Said(f"nothing more {where}"))

    def action_copy(self) -> None:
        """Copy the lines that are visible."""
        if text := self.viewer.visible_text():
            self.post_message(Copied(text))

    def action_times(self) -> None:
        """Show or hide when lines were seen."""
        self.viewer.timed = not self.viewer.timed
        if self.viewer.timed:
            self.post_message(Said("when lines were seen, to ten seconds; ~ means then or before"))

    def action_go_to(self) -> None:
        """Ask for a time or a share, and go there."""
        from supervisor.tui.log_clock import Moment, Share, place_of
        from supervisor.tui.screens.prompt import Prompt

        def heard(typed: str | None) -> None:
            match place_of(typed or "", self.tick):
                case Share(100):
                    self.viewer.action_edge(1)
                case Share(percent):
                    size = self.viewer.reader.roll.pages.size
                    self.viewer.go_to_byte(size * percent // 100)
                case Moment(at):
                    missed = partial(self.post_message, Said("nothing came since then"))
                    self.viewer.go_to_time(at, missed)
                case None if typed:
                    self.post_message(Said("a time (02:14, 02:14:30) or a share (50 %)", bad=True))
                case None:
                    pass

        self.post_message(Asked(Prompt(self.glyphs, "go to (02:14, 50 %):"), heard))

    def action_save(self) -> None:
        """Ask for a file name, and save the log, or only the lines that are shown of it."""
        from supervisor.core.places import encoded
        from supervisor.tui.screens.prompt import Prompt

        viewer = self.viewer
        if (source := viewer.reader.source) is None:
            return
        name = f"{encoded(source.task.replace('/', '-'))}-{source.attempt}-{source.stream}"
        lines = tuple(viewer.sieve.lines) if viewer.sieve is not None else None
        words = "save as:" if lines is None else f"save {len(lines)} lines as:"
        default = f"{name}.log" if lines is None else f"{name}-found.log"

        def heard(typed: str | None) -> None:
            if typed and typed.strip():
                path = Path(typed.strip()).expanduser()
                self.post_message(SaveAsked(source, Path.cwd() / path, lines))

        self.post_message(Asked(Prompt(self.glyphs, words, default), heard))

    def action_outside(self, kind: str) -> None:
        """Show the log in the operator's pager or editor."""
        if (source := self.viewer.reader.source) is not None:
            here = self.viewer.here() or 0
            self.post_message(ProgramAsked(source, here, editor=kind == "editor"))

    def action_back(self) -> None:
        """Show all lines again; forget the search; then go back to where the log was opened."""
        if self.viewer.sieve is not None:
            self.viewer.sift(on=False)
        elif self.viewer.finding is not None:
            self.viewer.find("", regex=False)
        else:
            self.call_later(self.run_action, f"app.show('{self.came_from}')")
