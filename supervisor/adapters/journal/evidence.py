"""What the attempts' own directories prove, when the journal has lost its newest part."""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote
from uuid import uuid4

from supervisor.core.batch import Desk, Group, Limit, Rows, Task
from supervisor.core.models import BatchSpec, TaskId
from supervisor.core.phase import Live, Starting

_PREFIX = "attempt-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """Rows brought forward to what the disk proves."""

    rows: Rows
    forward: tuple[TaskId, ...] = ()
    """Tasks that had begun attempts of which the rows did not know."""
    strangers: tuple[str, ...] = ()
    """Tasks that have attempts, and of which the rows know nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Newest:
    """The newest attempt of one task, as its directory tells."""

    directory: Path
    number: int

    def told(self, name: str) -> str | None:
        """Return what ``spec.json`` of the attempt says; None if it cannot be read."""
        try:
            value = json.loads((self.directory / "spec.json").read_bytes())[name]
        except (OSError, ValueError, LookupError, TypeError):
            return None
        return value if isinstance(value, str) else None

    def task(self) -> TaskId:
        """Return the task by the names of the directories, which may be cut."""
        place = self.directory.parent
        return TaskId(unquote(f"{place.parent.name}/{place.name}", errors="surrogateescape"))


def has_attempts(directory: Path) -> bool:
    """Tell whether any task has ever run in this state directory."""
    return any(True for _ in _newest(directory))


def brought_forward(rows: Rows, directory: Path) -> Brought:
    """Return ``rows`` with every task at the newest attempt that has a directory.

    Such an attempt may run, may have ended, or may never have begun: it is left ``Starting``, so
    that adoption finds out, and its id is not used again.
    """
    tasks = dict(rows.tasks)
    slots = _taken_slots(rows)
    forward: list[TaskId] = []
    strangers: list[str] = []
    for newest in _newest(directory):
        name = newest.task()
        if name not in tasks:
            name = TaskId(newest.told("task") or name)
        task = tasks.get(name)
        if task is None:
            strangers.append(name)
        elif newest.number > task.attempt:
            taken = slots[name.partition("/")[0]]
            tasks[name] = _at(task, newest, _free(taken))
            forward.append(name)
    return Brought(
        rows=replace(rows, tasks=MappingProxyType(tasks)),
        forward=tuple(forward),
        strangers=tuple(strangers),
    )


def rebuilt(spec: BatchSpec, directory: Path) -> Rows:
    """Return the rows of a batch of which only its spec and its attempts are left."""
    groups = {one.name: Group(name=one.name, parallel=one.parallel) for one in spec.groups}
    return Rows(
        desk=Desk(uuid=_uuid(directory), name=spec.name, parallel=spec.parallel),
        tasks=MappingProxyType({one.id: Task(id=one.id) for one in spec.tasks}),
        groups=MappingProxyType(groups),
        limits=MappingProxyType({one.name: Limit(name=one.name) for one in spec.limits}),
    )


def _at(task: Task, newest: _Newest, slot: int) -> Task:
    since = newest.directory.stat().st_mtime
    phase = Starting(attempt=newest.number, since=since, slot=slot)
    return replace(task, phase=phase, attempt=newest.number)


def _taken_slots(rows: Rows) -> defaultdict[str, set[int]]:
    taken: defaultdict[str, set[int]] = defaultdict(set)
    for task in rows.tasks.values():
        if isinstance(task.phase, Live):
            taken[task.id.partition("/")[0]].add(task.phase.slot)
    return taken


def _free(taken: set[int]) -> int:
    """Return the smallest slot, from 1, that is not taken, and take it."""
    slot = next(number for number in range(1, len(taken) + 2) if number not in taken)
    taken.add(slot)
    return slot


def _newest(directory: Path) -> Iterator[_Newest]:
    for group in _folders(directory / "tasks"):
        for task in _folders(group):
            numbers = [
                int(folder.name.removeprefix(_PREFIX))
                for folder in _folders(task)
                if folder.name.removeprefix(_PREFIX).isdecimal()
            ]
            if numbers:
                number = max(numbers)
                yield _Newest(directory=task / f"{_PREFIX}{number}", number=number)


def _folders(directory: Path) -> list[Path]:
    try:
        with os.scandir(directory) as entries:
            return sorted(directory / entry.name for entry in entries if entry.is_dir())
    except FileNotFoundError:
        return []


def _uuid(directory: Path) -> str:
    """Return the batch's own name, by which its attempts are marked; a new one if none tells."""
    for newest in _newest(directory):
        found = newest.told("batch_uuid")
        if found:
            return found
    return str(uuid4())
