"""The facts the supervisor keeps about a batch. Times are Unix seconds, spans seconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from supervisor.core.cards import GpuNeed as GpuNeed
from supervisor.core.container_rules import ContainerRules
from supervisor.core.evidence import Detection as Detection
from supervisor.core.evidence import End as End
from supervisor.core.evidence import FailedItem as FailedItem
from supervisor.core.evidence import ResultsSeen as ResultsSeen
from supervisor.core.evidence import Verdict as Verdict
from supervisor.core.hours import Hours as Hours
from supervisor.core.names import ErrorClass as ErrorClass
from supervisor.core.names import GroupId as GroupId
from supervisor.core.names import LimitId as LimitId
from supervisor.core.names import Origin as Origin
from supervisor.core.names import Stream as Stream
from supervisor.core.names import TaskId as TaskId
from supervisor.core.rungs import DegradePolicy as DegradePolicy
from supervisor.core.runners import GENERIC, RunnerProfile
from supervisor.core.spent import Spent
from supervisor.core.told import Told
from supervisor.core.wish import Wish as Wish

NOTHING: Mapping[str, str] = MappingProxyType({})

Signal = Literal["log", "progress", "cpu", "children"]
"""A sign of life: the log says something new, a counter moves, CPU is used, processes come or go."""
SIGNALS: tuple[Signal, ...] = ("log", "progress", "cpu", "children")

Action = Literal["retry", "wait", "hold", "fail"]
"""What may be done about an error class: back off within the budget, back off at no cost, hold the
limit, give up at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often, and how patiently, a failed task is tried again."""

    attempts: int = 4
    base_s: float = 30.0
    factor: float = 2.0
    cap_s: float = 300.0
    jitter_low_s: float = 2.0
    jitter_high_s: float = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeoutPolicy:
    """How long one attempt may run; each retry after a time-out gets ``growth`` times more."""

    first_s: float | None = None
    growth: float = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerPolicy:
    """When a group stops launching because its tasks fail one after another."""

    consecutive: int = 5
    """So many tasks in a row; 0: not counted."""
    then: Literal["abort", "pause", "off"] = "pause"
    probe_after_s: float = 900.0
    share: float = 0.0
    """This part of the last ``window`` ends, from 0 to 1."""
    window: int = 0
    """0: no share is looked at."""
    per: tuple[str, ...] = ()
    """Matrix keys: each combination of their values has a breaker of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StallPolicy:
    """When silence is worth a mark, and whether it is worth a new attempt."""

    quiet_s: float | None = None
    """None: what the runner's profile says, else half an hour."""
    action: Literal["mark", "restart"] = "mark"
    signals: tuple[Signal, ...] = SIGNALS
    """Signs of life; silence is when all of these are missing. Never one alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpPolicy:
    """The end of patience with waits: ``waited_s`` counts only waits that nobody stated."""

    holds: int = 20
    waited_s: float = 48 * 3600.0
    launches: int | None = None
    """In all, whatever each cost; None: 100, or more where the other budgets allow more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSpec:
    """A helper command of the operator, such as a credential refresh. Run by the shell."""

    run: str
    timeout_s: float = 60.0
    every_s: float | None = None
    """A refresh is run again so long after it worked; None: only when it is needed."""
    env: tuple[str, ...] = ()
    """Variables of later attempts that get what it writes to stdout; never stored or shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySpec:
    """The command that calls the operator, and what for."""

    run: str
    timeout_s: float = 60.0
    when: tuple[Literal["needs_you", "done"], ...] = ("needs_you", "done")


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSpec:
    """A named thing that several groups exhaust together."""

    name: LimitId
    refresh: CommandSpec | None = None
    preflight: CommandSpec | None = None
    """Tells whether the limit is free: run before a group starts, and instead of a probe."""
    pace_s: float = 0.0
    """At least so long between two launches; 0: as they come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InnerPolicy:
    """Parallelism inside one runner, and how a running one takes up another number."""

    knob: str
    start: int
    least: int = 1
    apply: Literal["restart", "run", "file"] = "restart"
    run: str = ""
    """The command that tells a running one, with ``{n}`` in it; run by the shell."""
    timeout_s: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSpec:
    """Policy that the tasks of one group share."""

    name: GroupId
    parallel: int = 4
    parallel_least: int | None = None
    """The lower end of a range whose upper end is ``parallel``; None: it is one number."""
    auto_parallel: bool = False
    """What idle containers advise is done without asking, within the range."""
    inner: InnerPolicy | None = None
    order: int = 0
    stagger_low_s: float = 0.0
    stagger_high_s: float = 0.0
    retry: RetryPolicy = RetryPolicy()
    timeout: TimeoutPolicy = TimeoutPolicy()
    breaker: BreakerPolicy = BreakerPolicy()
    stall: StallPolicy = StallPolicy()
    give_up: GiveUpPolicy = GiveUpPolicy()
    degrade: DegradePolicy | None = None
    attempts_by_class: Mapping[ErrorClass, int] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """``errors: {CLASS: {attempts: N}}``: another budget for that class."""
    retry_by_class: Mapping[ErrorClass, RetryPolicy] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """``errors: {CLASS: {base: …, factor: …, cap: …}}``: other waits for that class."""
    action_by_class: Mapping[ErrorClass, Action] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """``errors: {CLASS: {action: …}}``: something else is done about that class."""
    success_exit: tuple[int, ...] | None = None
    """``success: {exit: …}``; None: what the profile says."""
    success_files: tuple[str, ...] | None = None
    """Globs with ``{names}``; None: what the profile says."""
    success_markers: tuple[str, ...] | None = None
    """Texts of stdout or stderr; None: what the profile says."""
    progress: str | None = None
    """Regular expression of two groups, done and total; None: what the profile says, else bars."""
    failed_file: str | None = None
    """Absolute path of a copy of the failed list, where the user's scripts look."""
    leave_leftovers: bool = False
    containers: ContainerRules | None = None
    """Which containers its runners make; None: what the profile says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSpec:
    """One unit of work as the batch file gives it. Shared text is shared, not copied."""

    id: TaskId
    group: GroupId
    run: str | tuple[str, ...]
    """Shell string or argument list, with ``{name}`` still in it; ``core.command`` renders it."""
    resume: str | tuple[str, ...] | None = None
    """What attempts after the first run instead of ``run``."""
    params: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    cwd: str
    env: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    env_file: str | None = None
    sources: tuple[str, ...] = ()
    """Globs of files read beside the streams, relative to ``cwd``, with ``{name}`` still in them."""
    setup: str | None = None
    limits: tuple[LimitId, ...] = ()
    """Limits that hold this task; a group without any has one of its own name."""
    needs: tuple[str, ...] = ()
    """Task ids or group names that must have succeeded first, or a ``core.need.Need`` as text."""
    not_before: float | None = None
    index: int = 0
    """Place in the batch file; smaller runs first among equals."""
    gpus: GpuNeed | None = None
    weight: int = 1
    """How many slots an attempt takes."""
    profile: str = GENERIC
    """Name of the runner's profile in ``BatchSpec.profiles``; a name not there is ``generic``."""
    container: Wish | None = None
    """The container that it runs in, its parameters filled in; None: a process of this machine."""
    added: bool = False
    """Came by ``overnight add``: no batch file has it, and none that lacks it removes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRule:
    """One of the operator's own detection rules."""

    where: str
    """``file:line``."""
    text: str
    """The ``core.rules.Rule`` as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSpec:
    """A whole batch file, expanded and checked."""

    name: str
    directory: str
    """Absolute path of the state directory."""
    source: str
    """Absolute path of the batch file."""
    timezone: str | None = None
    parallel: int | None = None
    """Cap over all groups; None: no cap."""
    disk_floor_bytes: int = 0
    hours: Hours | None = None
    """When anything may be launched; None: at any time."""
    shell: tuple[str, ...] = ("/bin/sh", "-c")
    """What runs a shell string; the text follows as one more argument."""
    env_names: tuple[str, ...] = ()
    """Names (never values) of the environment at the first run."""
    env_stored: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """PATH, VIRTUAL_ENV and CONDA_PREFIX, whose values are kept."""
    groups: tuple[GroupSpec, ...]
    limits: tuple[LimitSpec, ...] = ()
    """Every limit any task names, the groups' own included."""
    tasks: tuple[TaskSpec, ...]
    profiles: tuple[RunnerProfile, ...] = ()
    """Those that any task uses; ``generic`` needs none."""
    rules: tuple[OwnRule, ...] = ()
    """The operator's own, over those of the package; of one id the last counts."""
    notify: NotifySpec | None = None
    inputs: tuple[str, ...] = ()
    """Absolute paths of what was read beside the batch file: lists of values, rule packs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRecord:
    """One finished attempt as history shows it."""

    attempt: int
    started_at: float
    ended_at: float
    code: int | None
    error_class: ErrorClass | None
    cause: str
    counted: bool
    """Whether it cost one of the allowed attempts."""
    decision: str
    """What was done about it and why."""
    names: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """What its results give to the next attempt's ``resume``, such as ``log`` and ``run_id``."""
    rule: str | None = None
    """The rule whose line explains it."""
    weighed: str = ""
    """Why that line and no other: its points with their reasons."""
    progress: tuple[int, int] | None = None
    """How far it was when it ended badly: done and total, where it said so."""
    told: Told | None = None
    """What its runner said of itself; None: nothing."""
    spent: Spent | None = None
    """What its processes used; None: nobody looked while it ran."""
