"""A journal in memory, for engines under test; it keeps what it was given when it is reopened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from supervisor.core.batch import Desk, Group, Limit, Rows, Task
from supervisor.core.models import BatchSpec, GroupId, LimitId, Stream, TaskId
from supervisor.ports import Decision, Entry, JournalError, JournalFullError, Stored


@dataclass
class Shelf:
    """What outlives an engine. Hand it to the next MemoryJournal, as a disk would be."""

    spec: BatchSpec | None = None
    desk: Desk | None = None
    tasks: dict[TaskId, Task] = field(default_factory=dict)
    groups: dict[GroupId, Group] = field(default_factory=dict)
    limits: dict[LimitId, Limit] = field(default_factory=dict)
    offsets: dict[tuple[TaskId, int, Stream], int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    generations: int = 0
    full: bool = False
    """While set, nothing can be written."""


class MemoryJournal:
    """Implements ``Journal``; what is committed is on its ``shelf``."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        self.shelf = shelf or Shelf()
        self._offsets: dict[tuple[TaskId, int, Stream], int] = {}
        self._seq = 0
        self._begun = False
        self._closed = False

    def load(self, *, fallback_spec: BatchSpec | None = None) -> Stored | None:
        self._check_open()
        shelf = self.shelf
        if shelf.spec is None or shelf.desk is None:
            return None
        self._begun = True
        self._seq = max([shelf.desk.seq, *(entry.seq for entry in shelf.entries)])
        return Stored(
            spec=shelf.spec,
            rows=Rows(
                desk=replace(shelf.desk, seq=self._seq),
                tasks=MappingProxyType(dict(shelf.tasks)),
                groups=MappingProxyType(dict(shelf.groups)),
                limits=MappingProxyType(dict(shelf.limits)),
            ),
            offsets=MappingProxyType(dict(shelf.offsets)),
        )

    def begin(self, spec: BatchSpec, rows: Rows) -> None:
        self._check_room(begun=True)
        shelf = self.shelf
        if shelf.desk is None or rows.desk is None or shelf.desk.uuid != rows.desk.uuid:
            shelf.entries.clear()
            shelf.offsets.clear()
        shelf.spec, shelf.desk = spec, rows.desk
        shelf.tasks, shelf.groups, shelf.limits = (
            dict(rows.tasks),
            dict(rows.groups),
            dict(rows.limits),
        )
        self._seq = rows.desk.seq if rows.desk else 0
        shelf.entries = [entry for entry in shelf.entries if entry.seq <= self._seq]
        shelf.offsets = {
            key: offset
            for key, offset in shelf.offsets.items()
            if key[0] not in rows.tasks or key[1] >= rows.tasks[key[0]].attempt
        }
        self._begun = True

    def commit(self, entries: Sequence[Entry]) -> None:
        self._check_room(begun=self._begun)
        for entry in entries:
            if entry.seq > self._seq:
                self._apply(entry)
        self.shelf.offsets.update(self._offsets)
        self._offsets.clear()

    def save_spec(self, spec: BatchSpec) -> None:
        self._check_room(begun=self._begun)
        self.shelf.spec = spec

    def save_offsets(self, offsets: Mapping[tuple[TaskId, int, Stream], int]) -> None:
        self._offsets.update(offsets)

    def keep_generation(self) -> None:
        self._check_room(begun=self._begun)
        self.shelf.generations += 1

    def decisions(
        self, subjects: Sequence[str], limit: int, kinds: Sequence[str] = ()
    ) -> Sequence[Decision]:
        self._check_open()
        found = [
            Decision(
                seq=entry.seq,
                at=entry.at,
                kind=record.kind,
                subject=record.subject,
                text=record.text,
            )
            for entry in self.shelf.entries
            for record in entry.records
            if (not subjects or record.subject in subjects) and (not kinds or record.kind in kinds)
        ]
        return found[-limit:]

    def close(self) -> None:
        if self._begun and not self._closed and not self.shelf.full:
            self.shelf.offsets.update(self._offsets)
        self._closed = True

    def _apply(self, entry: Entry) -> None:
        shelf = self.shelf
        shelf.desk = entry.rows.desk or shelf.desk
        shelf.tasks.update(entry.rows.tasks)
        shelf.groups.update(entry.rows.groups)
        shelf.limits.update(entry.rows.limits)
        shelf.entries.append(entry)
        self._seq = entry.seq

    def _check_room(self, *, begun: bool) -> None:
        self._check_open()
        if not begun:
            raise JournalError("nothing has been begun")
        if self.shelf.full:
            raise JournalFullError("the journal is full, as the test asked")

    def _check_open(self) -> None:
        if self._closed:
            raise JournalError("the journal was closed")
