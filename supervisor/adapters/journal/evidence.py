"""What the attempts' own directories prove, when the journal has lost its newest part."""

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote
from uuid import uuid4

from supervisor.core.batch import Desk, Group, Limit, Rows, Task
from supervisor.core.models import BatchSpec, TaskId
from supervisor.core.phase import Live, Starting
from supervisor.core.places import task_dir

_ATTEMPT = "attempt-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """Rows brought forward to what the disk proves."""

    rows: Rows
    forward: tuple[TaskId, ...] = ()
    """Tasks that had begun attempts of which the rows did not know."""
    strangers: tuple[str, ...] = ()
    """Directories of tasks of which the rows know nothing."""


def has_attempts(directory: Path) -> bool:
    """Tell whether any task has ever run in this state directory."""
    return any(_newest_attempts(directory))


def brought_forward(rows: Rows, directory: Path) -> Brought:
    """Return ``rows`` with every task at the newest attempt that has a directory.

    Such an attempt may run, may have ended, or may never have begun: it is left ``Starting``, so
    that adoption finds out, and its id is not used again.
    """
    tasks = dict(rows.tasks)
    names = _names(rows, directory)
    slots = _Slots(rows)
    forward: list[TaskId] = []
    strangers: list[str] = []
    for place, attempt, began_at in _newest_attempts(directory):
        task = tasks.get(names(place))
        if task is None:
            strangers.append(f"{place.parent.name}/{place.name}")
        elif attempt > task.attempt:
            phase = Starting(attempt=attempt, since=began_at, slot=slots.take(task.id))
            tasks[task.id] = replace(task, phase=phase, attempt=attempt)
            forward.append(task.id)
    return Brought(
        rows=replace(rows, tasks=MappingProxyType(tasks)),
        forward=tuple(forward),
        strangers=tuple(strangers),
    )


def rebuilt(spec: BatchSpec, directory: Path) -> Rows:
    """Return the rows of a batch of which only its spec and its attempts are left."""
    parallel = {group.name: group.parallel for group in spec.groups}
    return Rows(
        desk=Desk(uuid=_uuid(directory), name=spec.name, parallel=spec.parallel),
        tasks=MappingProxyType({task.id: Task(id=task.id) for task in spec.tasks}),
        groups=MappingProxyType(
            {name: Group(name=name, parallel=count) for name, count in parallel.items()}
        ),
        limits=MappingProxyType({limit.name: Limit(name=limit.name) for limit in spec.limits}),
    )


class _Slots:
    """The free slots of each group, smallest first."""

    def __init__(self, rows: Rows) -> None:
        self._taken: defaultdict[str, set[int]] = defaultdict(set)
        for task in rows.tasks.values():
            if isinstance(task.phase, Live):
                self._taken[_group(task.id)].add(task.phase.slot)

    def take(self, task: TaskId) -> int:
        taken = self._taken[_group(task)]
        slot = next(number for number in range(len(taken) + 1) if number not in taken)
        taken.add(slot)
        return slot


def _group(task: TaskId) -> str:
    return task.partition("/")[0]


class _Names:
    """Which task a directory belongs to."""

    def __init__(self, rows: Rows, directory: Path) -> None:
        self._tasks = rows.tasks
        self._directory = directory
        self._by_place: Mapping[str, TaskId] | None = None

    def __call__(self, place: Path) -> TaskId:
        name = unquote(f"{place.parent.name}/{place.name}", errors="surrogateescape")
        task = TaskId(name)
        return task if task in self._tasks else self._encoded(place)

    def _encoded(self, place: Path) -> TaskId:
        """Look a shortened name up among those of all tasks."""
        if self._by_place is None:
            self._by_place = {task_dir(str(self._directory), task): task for task in self._tasks}
        return self._by_place.get(str(place), TaskId(""))


def _names(rows: Rows, directory: Path) -> _Names:
    return _Names(rows, directory)


def _newest_attempts(directory: Path) -> Iterator[tuple[Path, int, float]]:
    """Yield each task's directory, the number of its newest attempt, and when that began."""
    for group in _folders(directory / "tasks"):
        for task in _folders(group):
            numbers = [
                int(folder.name.removeprefix(_ATTEMPT))
                for folder in _folders(task)
                if folder.name.removeprefix(_ATTEMPT).isdecimal()
            ]
            if numbers:
                newest = max(numbers)
                yield task, newest, (task / f"{_ATTEMPT}{newest}").stat().st_mtime


def _folders(directory: Path) -> list[Path]:
    try:
        with os.scandir(directory) as entries:
            return sorted(directory / entry.name for entry in entries if entry.is_dir())
    except FileNotFoundError:
        return []


def _uuid(directory: Path) -> str:
    """Return the batch's own name as its last engine announced it; a new one if none did."""
    try:
        announced = json.loads((directory / "engine.json").read_bytes())
        return str(announced["uuid"])
    except (OSError, ValueError, LookupError, TypeError):
        return str(uuid4())
