"""What living runners say of themselves, newest word of each: readings, which no journal keeps."""

from collections.abc import Set
from dataclasses import replace

from supervisor.core.board import TaskRow
from supervisor.core.eta import Paces
from supervisor.core.models import TaskId
from supervisor.core.pace import Pace, paced
from supervisor.core.told import Told
from supervisor.ports import Ref


class Sayings:
    """Keeps them until the task says something else, or another attempt of it does."""

    def __init__(self) -> None:
        self._paces: dict[TaskId, Pace] = {}
        self._told: dict[TaskId, tuple[int, Told]] = {}

    @property
    def paces(self) -> Paces:
        """Return how fast attempts get on."""
        return self._paces

    def tasks(self) -> Set[TaskId]:
        """Return the tasks that have said anything."""
        return self._paces.keys() | self._told.keys()

    def progress(self, ref: Ref, done: int, total: int, now: float) -> bool:
        """Take in how far an attempt says it is; return whether that differs."""
        before = self._paces.get(ref.task)
        pace = self._paces[ref.task] = paced(before, ref.attempt, done, total, now)
        return before is None or (before.attempt, before.done, before.total) != (
            pace.attempt,
            pace.done,
            pace.total,
        )

    def told(self, ref: Ref, told: Told) -> bool:
        """Take in what an attempt says of itself; return whether that differs."""
        before, now = self._told.get(ref.task), (ref.attempt, told)
        self._told[ref.task] = now
        pace = self._paces.get(ref.task)
        if pace is not None and pace.attempt == ref.attempt:
            rests_until = told.wait.until if told.wait is not None else 0.0
            self._paces[ref.task] = replace(pace, rests_until=rests_until)
        return before != now

    def of(self, task: TaskId, attempt: int) -> Told | None:
        """Return what that attempt says of itself; None: nothing."""
        said = self._told.get(task)
        return None if said is None or said[0] != attempt else said[1]

    def row(self, row: TaskRow) -> TaskRow:
        """Return ``row`` with what the attempt that it shows has said."""
        pace, told = self._paces.get(row.task), self.of(TaskId(row.task), row.attempt)
        if pace is not None and pace.attempt == row.attempt:
            row = replace(row, progress=(pace.done, pace.total))
        if told is not None:
            row = replace(row, told=replace(told, failed=()))
        return row
