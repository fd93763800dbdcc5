"""Which attempt and stream of a task are shown: what a person chose, or what tells most."""

from collections.abc import Mapping

from supervisor.core.board import TaskRow
from supervisor.core.names import Stream
from supervisor.tui.log_reader import Source
from supervisor.tui.log_title import telling


class Aim:
    """Remembers what was chosen for as long as the same task is shown."""

    def __init__(self) -> None:
        self._row: TaskRow | None = None
        self._attempt: int | None = None
        """None: the newest, whichever that is."""
        self._stream: Stream | None = None
        """None: the one that probably tells more."""

    def take(self, row: TaskRow | None) -> None:
        """Go on with what is known of the task now, or with another one."""
        before, self._row = self._row, row
        if before is None or row is None or before.task != row.task:
            self._attempt = self._stream = None

    def source(self, sizes: Mapping[Stream, int]) -> Source | None:
        """Return what is to be shown; ``sizes`` of both streams are empty until they are known."""
        row = self._row
        if row is None or not row.attempt:
            return None
        attempt = min(self._attempt or row.attempt, row.attempt)
        return Source(row.task, attempt, self._stream or telling(row, sizes))

    def choose(self, stream: Stream) -> None:
        """Stay with one stream."""
        self._stream = stream

    def step(self, attempt: int, step: int) -> bool:
        """Choose the attempt so many after ``attempt``; False: there is none."""
        row, wanted = self._row, attempt + step
        if row is None or not 1 <= wanted <= row.attempt:
            return False
        self._attempt = None if wanted == row.attempt else wanted
        return True
