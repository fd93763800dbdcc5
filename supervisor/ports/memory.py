"""What remembers a batch and writes its files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from supervisor.core.models import BatchSpec, Stream, TaskId

if TYPE_CHECKING:
    # Clients import this module too, and need not wait for what only the journal knows.
    from supervisor.core.batch import Rows
    from supervisor.core.effects import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One step as the journal keeps it: the event, its decisions, and the rows it changed."""

    seq: int
    at: float
    event: str
    """The event's name and fields as JSON."""
    rows: "Rows"
    records: "tuple[Record, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the journal knows at start."""

    spec: BatchSpec
    rows: "Rows"
    offsets: Mapping[tuple[TaskId, int, Stream], int] = field(
        default_factory=lambda: MappingProxyType({})
    )
    notes: tuple[str, ...] = ()
    """What the operator should know about the loading: damage found, how far back it went."""
    moved_from: str | None = None
    """Where the state directory was when the batch last began, if it is another place now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A recorded decision, as the timeline and ``why`` show it."""

    seq: int
    at: float
    kind: str
    subject: str
    text: str


class Journal(Protocol):
    """Durable memory of the batch. One writer; blocking methods run in the engine's commit thread."""

    def load(self, *, fallback_spec: BatchSpec | None = None) -> Stored | None:
        """Return what is stored; None for a new batch. Damage is repaired as far as it can be.

        ``fallback_spec`` is what to rebuild from, with the attempts found on disk, when nothing
        stored is readable.

        Raises:
            JournalNewerError: a newer version wrote it.
            JournalError: it cannot be read, nor any of its generations.
        """
        ...

    def begin(self, spec: BatchSpec, rows: "Rows") -> None:
        """Store spec and all rows of a new or re-planned batch, durably, replacing what was there."""
        ...

    def commit(self, entries: Sequence[Entry]) -> None:
        """Write steps in one transaction, durable on return; writing an entry again changes nothing.

        Raises:
            JournalFullError: no space; nothing was written.
        """
        ...

    def save_spec(self, spec: BatchSpec) -> None:
        """Replace the stored spec (after ``add``, ``edit``, ``reload``), durably."""
        ...

    def save_offsets(self, offsets: Mapping[tuple[TaskId, int, Stream], int]) -> None:
        """Remember how far logs were read; cheap, made durable with the next commit."""
        ...

    def decisions(
        self, subjects: Sequence[str], limit: int, kinds: Sequence[str] = ()
    ) -> Sequence[Decision]:
        """Return the newest ``limit`` decisions about these subjects and of these kinds.

        Oldest first; of each, empty means all.
        """
        ...

    def keep_generation(self) -> None:
        """Keep a copy of everything to fall back on; after ``begin``, and hourly.

        Raises:
            JournalFullError: no space; the older copies are still there.
        """
        ...

    def close(self) -> None:
        """Release the file; further calls raise JournalError."""
        ...


class Artifacts(Protocol):
    """Writes the files that people and scripts read. Derived: all can be made again."""

    def task_failed(self, task: TaskId, document: Mapping[str, object], error_log: str) -> None:
        """Write ``state.json`` and ``error.log`` of a task that failed.

        Raises:
            ArtifactError: it could not be written.
        """
        ...

    def summaries(
        self,
        failed: Mapping[str, Iterable[Mapping[str, object]]],
        copies: Mapping[str, str],
        summary: Mapping[str, object],
    ) -> None:
        """Write each group's failed list (and its copy at ``copies[group]``) and the summary.

        Lists may be ``Made`` while they are written.

        Raises:
            ArtifactError: one or more could not be written; all others were.
        """
        ...

    def report(self, text: str) -> None:
        """Write ``report.md``.

        Raises:
            ArtifactError: it could not be written.
        """
        ...
