"""The night over time: what ran, what held, what went wrong, and every decision about it."""

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Resize, ScreenResume
from typing_extensions import override

from supervisor.core.board import TaskRow
from supervisor.core.names import TaskId
from supervisor.core.night import Timeline
from supervisor.tui.actions import bindings
from supervisor.tui.messages import Copied, NightAsked, TaskOpened
from supervisor.tui.night_chart import slices_for
from supervisor.tui.screens.batch import BatchScreen
from supervisor.tui.widgets.listing import Listing
from supervisor.tui.widgets.night import IncidentTable, IncidentText, NightChart

STYLES = Path(__file__).with_name("timeline.tcss")
AGAIN_S = 10.0
"""While it is seen, the picture is asked for again after so long."""


class TimelineScreen(BatchScreen):
    """A chart above, the incidents below."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("screen", "timeline")]

    CSS_PATH = STYLES
    AUTO_FOCUS = "#incidents"
    PLACE = "timeline"
    _asked_at: float = 0.0

    @override
    def middle(self) -> ComposeResult:
        yield NightChart(self.glyphs, id="night")
        yield IncidentTable(self.glyphs, id="incidents")
        yield IncidentText(self.glyphs, id="told")

    @property
    def incidents(self) -> IncidentTable:
        """The list."""
        return self.query_one("#incidents", IncidentTable)

    @property
    def night(self) -> NightChart:
        """The chart."""
        return self.query_one("#night", NightChart)

    def on_screen_resume(self, _: ScreenResume) -> None:
        """Draw the night as it is now."""
        self._ask()

    @override
    def on_resize(self, event: Resize) -> None:
        super().on_resize(event)
        self._ask()

    def watch_tick(self) -> None:
        """Ask again from time to time."""
        if self.tick - self._asked_at >= AGAIN_S:
            self._ask()

    def _ask(self) -> None:
        self._asked_at = self.tick
        self.post_message(NightAsked(slices_for(self.size.width), self._heard))

    def _heard(self, night: Timeline | None, trouble: str) -> None:
        if not self.is_attached:
            return
        self.night.trouble = trouble
        if night is not None:
            self.night.night = self.incidents.night = night

    @override
    def rows_here(self) -> tuple[TaskRow, ...]:
        event = self.incidents.event_here
        row = self.board.tasks.get(TaskId(event.subject)) if event is not None else None
        return (row,) if row is not None else ()

    def on_listing_moved(self, _: Listing.Moved) -> None:
        """Show the incident in full."""
        self.query_one(IncidentText).shown = self.incidents.event_here

    def on_listing_opened(self, _: Listing.Opened) -> None:
        """Open the page of the task that an incident is about."""
        self.action_why()

    def action_log(self) -> None:
        """Show the log of the task that the incident is about."""
        if (row := self.row_here()) is not None:
            self.post_message(TaskOpened(row.task))

    def action_copy(self) -> None:
        """Copy the incident."""
        if (event := self.incidents.event_here) is not None:
            self.post_message(Copied(f"{event.kind} {event.subject}: {event.text}"))

    def action_back(self) -> None:
        """Go back to the overview."""
        self.call_later(self.run_action, "app.show('overview')")
