"""The facts the supervisor keeps about a batch. Times are Unix seconds, spans seconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from supervisor.core.names import GroupId as GroupId
from supervisor.core.names import LimitId as LimitId
from supervisor.core.names import Origin as Origin
from supervisor.core.names import Stream as Stream
from supervisor.core.names import TaskId as TaskId
from supervisor.core.runners import GENERIC, RunnerProfile

NOTHING: Mapping[str, str] = MappingProxyType({})


class ErrorClass(StrEnum):
    """Why an attempt ended badly, in the operator's words."""

    AUTH = "auth"
    RATE_LIMIT = "rate_limit"
    USAGE_WINDOW = "usage_window"
    QUOTA = "quota"
    SERVER_ERROR = "server_error"
    NETWORK = "network"
    CUDA_OOM = "cuda_oom"
    CUDA_ERROR = "cuda_error"
    HOST_OOM = "host_oom"
    DISK_FULL = "disk_full"
    DOCKER = "docker"
    POOL_CRASH = "pool_crash"
    CONTENT_POLICY = "content_policy"
    BAD_REQUEST = "bad_request"
    TIMEOUT = "timeout"
    STALLED = "stalled"
    LOST = "lost"
    BROKEN = "broken"
    OPERATOR = "operator"
    UNKNOWN = "unknown"


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
    then: Literal["abort", "pause", "off"] = "pause"
    probe_after_s: float = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StallPolicy:
    """When silence is worth a mark."""

    quiet_s: float = 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpPolicy:
    """The end of patience with waits: ``waited_s`` counts only waits that nobody stated."""

    holds: int = 20
    waited_s: float = 48 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSpec:
    """A helper command of the operator, such as a credential refresh. Run by the shell."""

    run: str
    timeout_s: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSpec:
    """A named thing that several groups exhaust together."""

    name: LimitId
    refresh: CommandSpec | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSpec:
    """Policy that the tasks of one group share."""

    name: GroupId
    parallel: int = 4
    order: int = 0
    stagger_low_s: float = 0.0
    stagger_high_s: float = 0.0
    retry: RetryPolicy = RetryPolicy()
    timeout: TimeoutPolicy = TimeoutPolicy()
    breaker: BreakerPolicy = BreakerPolicy()
    stall: StallPolicy = StallPolicy()
    give_up: GiveUpPolicy = GiveUpPolicy()
    attempts_by_class: Mapping[ErrorClass, int] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """``errors: {CLASS: {attempts: N}}``: another budget for that class."""
    success_exit: tuple[int, ...] | None = None
    """``success: {exit: …}``; None: what the profile says."""
    success_files: tuple[str, ...] | None = None
    """Globs with ``{names}``; None: what the profile says."""
    success_markers: tuple[str, ...] | None = None
    """Texts of stdout or stderr; None: what the profile says."""
    failed_file: str | None = None
    """Absolute path of a copy of the failed list, where the user's scripts look."""
    leave_leftovers: bool = False


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
    """Task ids or group names that must have succeeded first."""
    not_before: float | None = None
    index: int = 0
    """Place in the batch file; smaller runs first among equals."""
    profile: str = GENERIC
    """Name of the runner's profile in ``BatchSpec.profiles``; a name not there is ``generic``."""
    added: bool = False
    """Came by ``overnight add``: no batch file has it, and none that lacks it removes it."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """A rule matched something in an attempt's output."""

    rule: str
    error_class: ErrorClass
    line: str
    """The line that proves it: escapes stripped, secrets redacted, at most 500 characters."""
    stream: Origin
    strong: bool
    written_at: float
    retry_at: float | None = None
    """When the text says to try again (Unix seconds, no slack)."""
    from_end: int = 0
    """Lines written to the same stream after this one, counted at the attempt's end."""
    path: str = ""
    """The file's, where ``stream`` is ``file``."""
    tied: bool = True
    """False: the file may be another attempt's; evidence for the limit, never for an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedItem:
    """One sample, instance or task inside a runner that failed."""

    id: str
    text: str
    """Its error as the runner wrote it: redacted, at most 2,000 characters; the last lines count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsSeen:
    """What was found of a runner's results and signs of success, once its attempt was over.

    Only what was written after the attempt began counts. All texts are redacted.
    """

    status: Literal["success", "error", "cancelled", "started"] | None = None
    """What the runner itself says of its run; None: no results were found or they do not say."""
    done: int | None = None
    total: int | None = None
    failed: tuple[FailedItem, ...] = ()
    """At most 1,000."""
    failed_count: int = 0
    """Of all failed items."""
    error: str = ""
    """Why the run failed, as the runner wrote it: at most 20,000 characters, the last ones."""
    path: str = ""
    """Of the results."""
    names: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """Values the results give to names of the profile's ``resume``, such as ``run_id``."""
    missing_files: tuple[str, ...] = ()
    """Rendered globs of ``success.files`` that no file matched."""
    missing_markers: tuple[str, ...] = ()
    """Texts of ``success.markers`` that neither stream has."""
    proved: bool = False
    """Files or markers were asked for, and all are there."""
    trouble: str = ""
    """Why results that exist could not be read; such results prove nothing either way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Everything known about how one attempt ended."""

    code: int | None
    """What the command returned; above 128 it may be a signal; None: unknown."""
    ended_at: float
    preset: ErrorClass | None = None
    """Set when the end itself tells the class: ``lost``, ``disk_full``, ``broken``."""
    cause: str = ""
    """Words that go with ``preset``."""
    detections: tuple[Detection, ...] = ()
    last_line: str = ""
    """Last line of stderr, else of stdout; stripped and redacted."""
    oom_killed: bool = False
    results: ResultsSeen | None = None
    """None: nobody looked, because nothing says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an end means."""

    error_class: ErrorClass | None
    """None: it succeeded."""
    cause: str = ""
    """One line a tired person understands; cites the proving line where there is one."""
    rule: str | None = None
    retry_at: float | None = None
    """The stated time, without slack."""


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
