"""What a client may ask of an engine."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from supervisor.core.board import Board, Change
from supervisor.core.names import Stream

if TYPE_CHECKING:
    from supervisor.core.intents import Intent
    from supervisor.core.machine import Resources
    from supervisor.core.night import Timeline
    from supervisor.core.task_page import TaskPage
    from supervisor.ports.containers import Described


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of an intent."""

    ok: bool
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogWindow:
    """A piece of a log file. ``offset`` is where ``data`` begins; ``size`` the file's size now."""

    offset: int
    size: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """Lines of a log file in which something was found."""

    lines: tuple[int, ...]
    """Where each begins in the file, in bytes."""
    until: int
    """So far was looked; the next search begins here."""
    size: int
    """Of the file, in bytes."""
    trouble: str = ""
    """Why nothing was looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Up to where (bytes) a log had been read at ``at`` (Unix seconds): what stands before came by then."""

    offset: int
    at: float
    late: bool = False
    """It may have come long before: the engine had been away."""


class EngineApi(Protocol):
    """The whole of what a client may ask of an engine. Every method raises EngineGoneError."""

    async def snapshot(self) -> Board:
        """Return the whole picture."""
        ...

    def changes(self) -> AsyncGenerator[Change, None]:
        """Yield the whole board first, then what changed since the last yield (4 Hz at most).

        Ends when the engine ends in good order.
        """
        ...

    async def settled(self) -> None:
        """Return once the batch is over, or its engine ends, and the files of the batch say so."""
        ...

    async def submit(self, intent: "Intent", who: str) -> Answer:
        """Hand over an intent; returns once it is durable, with what came of it."""
        ...

    async def why(self, task: str) -> tuple[str, ...]:
        """Explain in words what the task waits for, and every decision about it so far.

        Raises:
            NoSuchTaskError: ``task`` (``group/id`` or a unique ``id``) names none, or several.
        """
        ...

    async def task(self, task: str) -> "TaskPage":
        """Return all that is known of a task: its attempts, decisions, command, needs and files.

        Raises:
            NoSuchTaskError: as for ``why``.
        """
        ...

    async def standing(self, task: str) -> Mapping[str, object]:
        """Return whether the limits of a task hold it back: the document of ``/v1/standing``.

        Raises:
            NoSuchTaskError: as for ``why``.
        """
        ...

    async def failed(self) -> Sequence[Mapping[str, object]]:
        """Return the documents of ``failed --json``."""
        ...

    async def report(self) -> str:
        """Return the report of the batch as of now, in Markdown."""
        ...

    async def search(
        self, task: str, attempt: int | None, stream: Stream, text: str, offset: int, *, regex: bool
    ) -> Hits:
        """Find lines of a log from ``offset`` on, as far as one search goes.

        Raises:
            NoSuchTaskError: as for ``log``.
        """
        ...

    async def arrivals(self, task: str, attempt: int | None, stream: Stream) -> Sequence[Arrival]:
        """Return when a log grew, oldest first, to ten seconds; nothing where it was not noted.

        Raises:
            NoSuchTaskError: as for ``log``.
        """
        ...

    async def timeline(self, slices: int) -> "Timeline":
        """Return the night so far, cut into ``slices`` equal parts."""
        ...

    async def resources(self) -> "Resources":
        """Return what the machine has and what is used of it; takes up to a second."""
        ...

    async def log(
        self, task: str, attempt: int | None, stream: Stream, offset: int, size: int
    ) -> LogWindow:
        """Read ``size`` bytes of a log at ``offset``; negative counts from the end. None: newest attempt.

        Raises:
            NoSuchTaskError: as for ``why``, or there is no such attempt.
        """
        ...

    async def describe(self, container: str, lines: int) -> "Described":
        """Return one container in full: its inspection, and the last ``lines`` that it wrote.

        Raises:
            NoSuchContainerError: there is none of this id, or it is gone.
            SupervisorError: the container engine does not answer; or this one looks at none.
        """
        ...

    async def leftovers(self) -> Mapping[str, object]:
        """Return the document of ``sweep --json``: what attempts that are over left, and the disk.

        Takes up to half a minute.

        Raises:
            SupervisorError: the container engine does not answer; or this one looks at none.
        """
        ...
