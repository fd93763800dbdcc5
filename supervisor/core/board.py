"""The picture of a batch that clients draw. Replaced, never mutated."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from supervisor.core.containers import ContainerCounts, ContainerRow
from supervisor.core.names import TaskId
from supervisor.core.told import Told

API = 1
"""Version of what engine and clients say to each other."""

BatchState = Literal["running", "paused", "held", "done", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One task as a client shows it."""

    task: TaskId
    group: str
    phase: str
    attempt: int = 0
    attempts: int = 0
    """Allowed attempts."""
    since: float | None = None
    """When the current phase began, where that means something."""
    error_class: str | None = None
    """Of the last bad end."""
    cause: str | None = None
    next_at: float | None = None
    """When something happens by itself: restart, time-out, release."""
    note: str | None = None
    """What it waits for, in a few words; or ``stopping``, ``quiet 31m``."""
    progress: tuple[int, int] | None = None
    told: Told | None = None
    """What its runner says of itself now, but for the items that failed; None: nothing."""
    stale: str | None = None
    """The task that it used and that ran again since."""
    pid: int | None = None
    container: str | None = None
    """Name of the container that it runs in; None: it runs in none, or not now."""
    containers: ContainerCounts | None = None
    """Of those that its runner made; None: it has none."""
    cores: float | None = None
    """That its processes use. None: not known."""
    mem_bytes: int | None = None
    waits: float | None = None
    """Of the time its processes wanted a core, the share they had to wait for one, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnobRow:
    """The inner parallelism of a group's runners as a client shows it."""

    name: str
    value: int
    start: int
    least: int
    apply: str
    """restart, run or file."""
    behind: int = 0
    """Running attempts that have another value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """One group as a client shows it."""

    group: str
    parallel: int
    running: int
    state: str
    """running, paused, held, done, aborted or waiting."""
    breaker: str
    """closed, open or half-open."""
    reason: str | None = None
    """Why nothing is launched, when nothing is."""
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Tasks per phase word; every word is present."""
    parts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Parts with breakers of their own that are open, half-open or aborted; the first few."""
    bounds: tuple[int, int] | None = None
    """What ``parallel`` may be of itself; None: it is one number, of the file or the operator."""
    knob: KnobRow | None = None
    note: str | None = None
    """How far parallelism or the inner knob is from what the batch file begins with, in few words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    """One limit that holds, probes or ramps."""

    limit: str
    held_until: float | None
    """None: until the operator releases it."""
    reason: str
    since: float
    state: str
    """held, refreshing, checking, probing or ramping."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitCost:
    """What one limit has cost so far."""

    limit: str
    pauses: int
    waited_s: float
    """How long it has held, this hold included."""
    lost_s: float
    """Task-seconds: of attempts that ended on it, and of tasks that were held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsYou:
    """Something only a person can cure, with the command that cures it."""

    what: str
    since: float
    why: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """Something that takes its time before attempts can start, such as an image being pulled."""

    what: str
    since: float
    text: str
    """What it is and how far it has come, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A better setting of a group's knob than the one in force."""

    group: str
    parallel: int
    """What the knob is set to."""
    suggested: int
    why: str
    knob: str = "parallel"
    """``parallel``, or the name of the group's inner knob."""
    source: str = "limits"
    """What it was found out by."""
    restart: bool = False
    """To take it, running attempts are started anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """The batch file was edited; the batch that runs does not follow it until somebody says so."""

    file: str
    since: float
    brief: str = ""
    """What it would change, in one line."""
    lines: tuple[str, ...] = ()
    """The same, a line for each."""
    faults: tuple[str, ...] = ()
    """What is wrong with it, each with file and line; then nothing of it can be applied."""
    seen: str = ""
    """What ``Reload`` names to say which difference was agreed to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Everything but the tasks."""

    batch: str = ""
    uuid: str = ""
    source: str = ""
    """Path of the batch file."""
    state: BatchState = "running"
    started_at: float = 0.0
    as_of: float = 0.0
    parallel: int | None = None
    eta_s: float | None = None
    reason: str | None = None
    """Why the batch launches nothing, when it does not: paused, stopping, disk, hours."""
    launches_at: float | None = None
    """Outside of the batch's hours: when launching goes on."""
    time_up: bool = False
    """The time given with ``--until`` has come: what is left is left for another run."""
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    groups: tuple[GroupRow, ...] = ()
    limits: tuple[LimitRow, ...] = ()
    costs: tuple[LimitCost, ...] = ()
    """Of the limits that have held."""
    advice: tuple[Advice, ...] = ()
    needs_you: tuple[NeedsYou, ...] = ()
    under_way: tuple[UnderWay, ...] = ()
    edited: Edited | None = None
    containers: ContainerCounts | None = None
    """Of all that are shown; None: nobody looks at any."""
    host_cores: int | None = None
    host_busy: float | None = None
    """Cores of the containers' machine in use, by whomever."""
    daemon_busy: float | None = None
    """Cores that the container engine itself uses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The latest picture of the batch that reached this client."""

    seq: int = 0
    connected: bool = False
    head: Head = Head()
    tasks: Mapping[TaskId, TaskRow] = field(default_factory=lambda: MappingProxyType({}))
    """In the order of the batch file."""
    containers: Mapping[str, ContainerRow] = field(default_factory=lambda: MappingProxyType({}))
    """By id, those of this batch and those that only match its pattern."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What differs since the reader last looked; ``whole`` replaces everything."""

    api: int = API
    seq: int
    whole: bool
    head: Head
    tasks: tuple[TaskRow, ...]
    containers: tuple[ContainerRow, ...] = ()
    """Those that differ."""
    gone: tuple[str, ...] = ()
    """Ids of containers that are there no longer."""


EMPTY = Board()


def applied(board: Board, change: Change) -> Board:
    """Return ``board`` brought up to ``change``."""
    tasks: Mapping[TaskId, TaskRow] = {} if change.whole else board.tasks
    containers: Mapping[str, ContainerRow] = {} if change.whole else board.containers
    if change.containers or change.gone:
        new = {row.id: row for row in change.containers}
        containers = {id_: one for id_, one in containers.items() if id_ not in change.gone} | new
    return replace(
        board,
        seq=change.seq,
        connected=True,
        head=change.head,
        tasks=MappingProxyType({**tasks, **{row.task: row for row in change.tasks}}),
        containers=MappingProxyType(dict(containers)),
    )
