"""What the core knows about a batch: the part that is stored, row by row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from supervisor.core.cards import Gpu
from supervisor.core.containers import ContainersNow
from supervisor.core.models import AttemptRecord, ErrorClass, GroupId, LimitId, TaskId
from supervisor.core.pauses import Pause
from supervisor.core.phase import WAITING, Phase
from supervisor.core.rungs import Rung
from supervisor.core.sighting import Sighting
from supervisor.core.steered import Following as Following
from supervisor.core.steered import Inner as Inner
from supervisor.core.steered import Stepped as Stepped


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """The last error worth knowing that the living attempt wrote."""

    error_class: ErrorClass
    line: str
    rule: str
    since: float
    """When it first wrote of that class."""
    last_at: float
    times: int = 1
    """Since its last progress."""
    acted: str = ""
    """What was done about it, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """How far one task has come. What it runs is in its ``TaskSpec``."""

    id: TaskId
    phase: Phase = WAITING
    attempt: int = 0
    """The last attempt id used; ids are never used twice."""
    failures: int = 0
    """Attempts that cost one, since the last new budget."""
    timeouts: int = 0
    losses: int = 0
    """``lost`` ends in a row."""
    waits: int = 0
    waited_s: float = 0.0
    """Waits that nobody stated, for ``give_up``."""
    launches: int = 0
    """Bad ends of any class but the operator's own, since the last new budget."""
    priority: int = 0
    """Smaller runs first; ``first`` lowers it."""
    removed: bool = False
    """No longer in the batch file."""
    skipped: bool = False
    """Not asked for in this run (``--filter``); it stays as it is."""
    needs_ignored: bool = False
    """Runs although what it needs has not succeeded (``--ignore-needs``)."""
    fingerprint: str = ""
    """Of the command that the last attempt ran."""
    expected_s: float = 0.0
    """How long it will probably take, when that is known; among equals the longest runs first."""
    stale: str = ""
    """The task that it needs, directly or not, and that ran again since its last attempt began."""
    rung: Rung | None = None
    """Of its group's ladder: what the living attempt runs with, else what the next one begins with."""
    rung_fixed: bool = False
    """The operator said so: what the group's other tasks needed does not count."""
    cuda_errors: int = 0
    """Since the last new budget, as far as the ladder takes them."""
    inner: int | None = None
    """What its living attempt was last told of its group's inner parallelism."""
    incident: Incident | None = None
    """Of the living attempt; its end says what became of it."""
    history: tuple[AttemptRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The breaker lets launches through; ``failed`` are the distinct tasks in a row."""

    failed: tuple[TaskId, ...] = ()
    ends: str = ""
    """The last ends, ``s`` or ``f`` each, where a share of them counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """The breaker lets nothing through until ``probe_at`` (None: until the operator says so)."""

    since: float
    probe_at: float | None
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfOpen:
    """One task is let through to see."""

    probe: TaskId | None = None
    """None: the next task that is launched becomes the probe."""
    cause: str


Breaker = Closed | Open | HalfOpen


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The breaker of those tasks of a group that share some matrix values."""

    breaker: Breaker = Closed()
    aborted: str | None = None
    """Why the rest of them was given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The live state of one group."""

    name: GroupId
    parallel: int
    paused: bool = False
    paused_by: str = ""
    breaker: Breaker = Closed()
    aborted: str | None = None
    """Why the rest of the group was given up."""
    parts: Mapping[str, Part] = field(default_factory=lambda: MappingProxyType({}))
    """``breaker: {per: …}``: those combinations that are not as they were at first."""
    next_launch_at: float = 0.0
    """``stagger``: not before this."""
    begun: bool = False
    """It has launched something since the engine began."""
    rung: Rung | None = None
    """Where its tasks begin, after several in a row needed it."""
    stepped: tuple[Stepped, ...] = ()
    """The last steps down, with no success on the rung where tasks begin between."""
    following: Following = field(default_factory=Following)
    inner: Inner | None = None
    """None: as the batch file says."""
    sightings: tuple[Sighting, ...] = ()
    """How much of it was at work lately, as its containers show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """The limit holds nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Nothing is launched until ``until`` (None: until the operator or a refresh says so)."""

    since: float
    until: float | None
    reason: str
    needs_operator: bool = False
    refreshing: bool = False
    stated: bool = False
    """``until`` is a time that somebody stated; a jump of the clock does not move it."""
    outage: bool = False
    """Servers fail; whoever runs on through it shows that they answer others."""
    by: TaskId | None = None
    """A task that still runs and alone says so; when it succeeds, the hold was for nothing."""
    tries: int = 0
    """Refreshes that failed for a cause that passes."""
    refresh_next: bool = False
    """At ``until`` the refresh is tried again, rather than a task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """Nothing is launched until a command of the limit has told that it may be."""

    since: float
    step: Literal["refresh", "preflight"]
    reason: str
    after_hold: bool = False
    """It takes the place of a probe, or precedes it."""
    usual_s: float = 0.0
    """How long attempts usually lived before they met this limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probing:
    """One task was let through; the rest waits for its news until ``passes_at``."""

    since: float
    probe: TaskId | None
    """None: the next task that is launched becomes the probe."""
    passes_at: float | None
    reason: str
    usual_s: float = 0.0
    """How long attempts usually lived before they met this limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramping:
    """The probe passed; ``allowed`` tasks may run, doubled at ``next_at``."""

    since: float
    allowed: int
    next_at: float
    pace_s: float


LimitPhase = Free | Holding | Checking | Probing | Ramping


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The live state of one limit."""

    name: LimitId
    phase: LimitPhase = Free()
    refreshed_at: float = 0.0
    """Auth ends of attempts begun before this belong to the incident that is over."""
    holds: int = 0
    """Holds in a row that did not help; doubles the wait."""
    released_at: float = 0.0
    """When the last hold ended; what an attempt begun before that met says nothing new."""
    pause_count: int = 0
    waited_s: float = 0.0
    failing: tuple[TaskId, ...] = ()
    """The last tasks in a row whose servers failed, with no success between."""
    failing_at: float = 0.0
    """When the last of them did."""
    answers_until: float = 0.0
    """Until then its servers are known to answer others: failures are each task's own."""
    stale: bool = False
    """Its refresh must work before anything is launched: nobody has what it made."""
    checked_at: float = 0.0
    """When its preflight last passed since the engine began; 0: not yet."""
    next_launch_at: float = 0.0
    """``pace``: not before this; 0: at once."""
    next_refresh_at: float = 0.0
    """``every``; 0: not planned."""
    refresh_trouble: str = ""
    """Why the last refresh failed that nobody waited for."""
    lost_s: float = 0.0
    """Seconds of attempts that ended on it, and that their tasks were held."""
    pauses: tuple[Pause, ...] = ()
    """Those that are over, the last ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The batch's own row: what the operator and the machine say about all of it."""

    uuid: str
    name: str
    seq: int = 0
    started_at: float = 0.0
    ended_at: float | None = None
    parallel: int | None = None
    paused: bool = False
    paused_by: str = ""
    stopping: Literal["stop", "drain", "leave_running"] | None = None
    disk: str | None = None
    """Why nothing is launched for want of space."""
    gpus: tuple[Gpu, ...] = ()
    """By index, as far as any task needs one."""
    gpu_trouble: str | None = None
    """Why no GPU can be seen."""
    disk_until: float | None = None
    """When to try again all the same: a task said that its disk is full, maybe another one."""
    paged: tuple[str, ...] = ()
    """The incidents that the operator was called for and that are not over."""
    page_at: float | None = None
    """When to call for attempts that cannot be reached."""
    opens_at: float | None = None
    """Outside of its ``hours``: when launching goes on."""
    closes_at: float | None = None
    """Inside of its ``hours``: when launching ends."""
    until: float | None = None
    """``--until``: when the engine launches nothing more, and ends after what runs."""
    time_up: bool = False
    """That time has come."""
    fail_fast: bool = False
    """The first task that fails for good ends the batch."""
    aborted: str | None = None
    """Why the rest of the batch was given up."""
    containers: ContainersNow | None = None
    """What they did when last told; None: nobody looks at any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Stored rows: a whole batch, or what one step changed. Specs travel apart, in ``BatchSpec``."""

    desk: Desk | None = None
    tasks: Mapping[TaskId, Task] = field(default_factory=lambda: MappingProxyType({}))
    groups: Mapping[GroupId, Group] = field(default_factory=lambda: MappingProxyType({}))
    limits: Mapping[LimitId, Limit] = field(default_factory=lambda: MappingProxyType({}))
