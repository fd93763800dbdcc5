"""What the engine and its clients need from outside, as protocols, with the errors each may raise."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from supervisor.core.board import Board, Change
from supervisor.core.intents import Intent
from supervisor.core.models import BatchSpec, ErrorClass, Stream, TaskId

if TYPE_CHECKING:
    # Clients import this module too, and need not wait for what only the journal knows.
    from supervisor.core.batch import Rows
    from supervisor.core.effects import Record


class SupervisorError(Exception):
    """Anything we raise on purpose; its text names the thing and the way out."""


class ConfigError(SupervisorError):
    """The operator's file or words are wrong; ``problems`` has one line for each fault."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class BackendGoneError(SupervisorError):
    """The backend as a whole does not answer. No attempt has failed because of it."""


class EngineGoneError(SupervisorError):
    """The engine closed the line or cannot be reached."""


class EngineTooNewError(EngineGoneError):
    """The engine speaks another version of the protocol."""


class EngineBusyError(SupervisorError):
    """Another engine owns the batch; ``pid`` where it runs on this machine."""

    def __init__(self, words: str, pid: int | None = None) -> None:
        super().__init__(words)
        self.pid = pid


class NoSuchTaskError(SupervisorError):
    """The engine knows no such task or attempt, or the name fits several."""


class ArtifactError(SupervisorError):
    """A derived file could not be written, for want of space or rights; try again later."""


class JournalError(SupervisorError):
    """The journal cannot be read or written."""


class JournalFullError(JournalError):
    """No space for a commit; the same commit may be tried again."""


class JournalNewerError(JournalError):
    """The journal was written by a newer version, which the text names."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Our own name for an attempt; no backend's id ever takes its place."""

    task: TaskId
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """An attempt to launch: everything is rendered, nothing is left to decide."""

    ref: Ref
    argv: tuple[str, ...]
    cwd: str
    env: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Laid over the engine's own environment and ``env_file``."""
    env_file: str | None = None
    """Read anew for this attempt."""
    leave_leftovers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """The attempt runs (launched now, or adopted)."""

    ref: Ref
    pid: int | None
    started_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The attempt is over. Exactly one per ref. ``code`` as the shell would show it; None: unknown."""

    ref: Ref
    code: int | None
    ended_at: float
    preset: ErrorClass | None = None
    """``lost``: no trace of an end, and it can never run; ``broken``, ``disk_full``: never began."""
    cause: str = ""
    oom_killed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The backend cannot say at the moment; that is neither alive nor gone."""

    ref: Ref
    reason: str


Report = Alive | Gone | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What an attempt's processes use."""

    cpu_s: float
    """CPU seconds used so far by all of them."""
    rss_bytes: int
    processes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a backend can do."""

    name: str
    freezes: bool
    survives_engine: bool


class Backend(Protocol):
    """Runs attempts: local processes, containers, Slurm jobs alike."""

    @property
    def traits(self) -> Traits:
        """What this backend can do."""
        ...

    def directory(self, ref: Ref) -> Path:
        """Where the attempt's ``stdout.log``, ``stderr.log``, ``exit`` and ``spec.json`` lie."""
        ...

    async def submit(self, tries: Sequence[Try]) -> None:
        """Launch what nobody has launched yet; a ref that is known already is left alone.

        What becomes of each comes out of ``reports``; a launch that cannot be is a ``Gone``.
        """
        ...

    async def adopt(self, refs: Sequence[Ref]) -> None:
        """Take over attempts of an earlier engine; each yields a report, none is launched.

        No attempt is called lost before it is certain that it can never run.
        """
        ...

    def reports(self) -> AsyncGenerator[Report, None]:
        """Yield news of all attempts as they happen, until closed. One reader."""
        ...

    async def stop(self, refs: Sequence[Ref], grace_s: float) -> None:
        """End attempts: politely, then after ``grace_s`` by force, every process of each.

        Returns when each is gone or proved unkillable; repeatable; ends come out of ``reports``.
        """
        ...

    async def freeze(self, refs: Sequence[Ref]) -> None:
        """Stop every process of these attempts in mid-run; repeatable."""
        ...

    async def thaw(self, refs: Sequence[Ref]) -> None:
        """Let frozen attempts run on; repeatable."""
        ...

    async def usage(self, refs: Sequence[Ref]) -> Mapping[Ref, Usage]:
        """What each still running attempt uses; those unknown are left out."""
        ...

    def forget(self, refs: Sequence[Ref]) -> None:
        """Drop what is kept in memory about ended attempts."""
        ...

    def close(self) -> None:
        """Watch no longer; what runs, runs on and can be adopted."""
        ...


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes appended to one stream of an attempt. ``offset`` is where they begin in the file."""

    ref: Ref
    stream: Stream
    offset: int
    data: bytes
    restarted: bool = False
    """The file was truncated or replaced; line memory must be dropped."""


class Follower(Protocol):
    """Tails the log files of running attempts."""

    def follow(self, ref: Ref, directory: Path, offsets: Mapping[Stream, int]) -> None:
        """Begin to follow both streams from ``offsets`` (0 where missing)."""
        ...

    def chunks(self) -> AsyncGenerator[Chunk, None]:
        """Yield what was appended, soon after it was; never more than 256 KiB at once. One reader."""
        ...

    async def finish(self, ref: Ref) -> Sequence[Chunk]:
        """Stop following and return what was not yet yielded, to the files' size now.

        At most the last 4 MiB of each stream; what is skipped shows as a gap in the offsets.
        """
        ...


@dataclass(frozen=True, slots=True)
class Match:
    """Rule ``rule`` matched line number ``line`` (from 0) of the block."""

    line: int
    rule: str


class Scanner(Protocol):
    """Finds which lines of a block match which rules."""

    def scan(self, block: bytes) -> Sequence[Match]:
        r"""Look at whole lines (each ends with ``\n``) and return every (line, rule), ordered."""
        ...


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

    def decisions(self, subjects: Sequence[str], limit: int) -> Sequence[Decision]:
        """Return the newest ``limit`` decisions about these subjects (empty: all), oldest first."""
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


class Clock(Protocol):
    """Time, as the engine sees it."""

    def now(self) -> float:
        """Return Unix seconds."""
        ...

    async def sleep_until(self, deadline: float) -> None:
        """Return once ``now()`` has reached ``deadline``."""
        ...

    def jumps(self) -> AsyncGenerator[float, None]:
        """Yield the seconds of each jump of the wall clock beyond 30 s, or of a suspend."""
        ...


class Commands(Protocol):
    """Runs the operator's helper commands (refresh, notify)."""

    async def run(self, command: str, *, timeout_s: float, cwd: str) -> str:
        """Run by the shell; return the empty string when it worked, else why not, in one line."""
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
        failed: Mapping[str, Sequence[Mapping[str, object]]],
        copies: Mapping[str, str],
        summary: Mapping[str, object],
    ) -> None:
        """Write each group's failed list (and its copy at ``copies[group]``) and the summary.

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

    async def submit(self, intent: Intent, who: str) -> Answer:
        """Hand over an intent; returns once it is durable, with what came of it."""
        ...

    async def why(self, task: str) -> tuple[str, ...]:
        """Explain in words what the task waits for, and every decision about it so far.

        Raises:
            NoSuchTaskError: ``task`` (``group/id`` or a unique ``id``) names none, or several.
        """
        ...

    async def failed(self) -> Sequence[Mapping[str, object]]:
        """Return the documents of ``failed --json``."""
        ...

    async def report(self) -> str:
        """Return the report of the batch as of now, in Markdown."""
        ...

    async def log(
        self, task: str, attempt: int | None, stream: Stream, offset: int, size: int
    ) -> LogWindow:
        """Read ``size`` bytes of a log at ``offset``; negative counts from the end. None: newest attempt.

        Raises:
            NoSuchTaskError: as for ``why``, or there is no such attempt.
        """
        ...
