"""What is known of containers, whoever made them. Times are Unix seconds, spans seconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple

from supervisor.core.names import TaskId

ContainerState = Literal["busy", "idle", "dead_idle", "paused", "created", "exited", "unknown"]
STATES: tuple[ContainerState, ...] = (
    "busy",
    "dead_idle",
    "idle",
    "paused",
    "created",
    "exited",
    "unknown",
)
HISTORY_EVERY_S = 15.0
"""One point of a row's history stands for so long."""
HISTORY_POINTS = 40
"""Ten minutes."""

BATCH_LABEL = "overnight.batch"
"""Holds the uuid of the batch that made the container (or had it made)."""
GROUP_LABEL = "overnight.group"
TASK_LABEL = "overnight.task"
ATTEMPT_LABEL = "overnight.attempt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One container as the daemon knows it; names, labels and commands are others' words."""

    id: str
    """All 64 digits."""
    name: str
    image: str
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    created_at: float
    status: str
    """The daemon's word: created, running, paused, restarting, removing, exited, dead."""
    exit_code: int | None = None
    """Of one that has ended."""
    oom_killed: bool = False
    pid: int | None = None
    """Of its first process, as the daemon's machine counts; None: it does not run."""
    command: tuple[str, ...] = ()
    """What its first process was started as; empty: not known."""
    project: str | None = None
    """Of Compose."""
    host_network: bool = False
    """It has no network of its own: what it sends cannot be told from what others send."""
    limit_cores: float | None = None
    mem_limit: int | None = None

    @property
    def running(self) -> bool:
        """Whether it has processes that can run."""
        return self.status in {"running", "restarting"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentinels:
    """Files inside of a container that tell how its work stands. Absolute paths, as it sees them."""

    workspace: str | None = None
    """A directory in which something changes while it works."""
    error_files: tuple[str, ...] = ()
    """The work has failed once one of them is there."""
    output_files: tuple[str, ...] = ()
    """The work is done once one of them is there."""
    id_file: str | None = None
    """JSON whose keys (or ``task_id``) name what it works on."""


class ContainerUsage(NamedTuple):
    """What a container has used up to a moment; counters only grow. None: cannot be read here.

    A tuple, for it is made for each container every few seconds, and a dataclass takes five times as long.
    """

    at: float
    cpu_s: float
    mem_bytes: int | None = None
    """In use, without pages of files that nobody has looked at lately."""
    pids: int | None = None
    net_bytes: int | None = None
    """Received and sent, without the loopback."""
    sent_bytes: int | None = None
    """Of these what it sent itself: whoever lives on a bridge receives the calls of its neighbours."""
    block_bytes: int | None = None
    """Read from and written to devices."""
    throttled_s: float | None = None
    """How long its processes had to wait because its CPU limit was used up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What the files inside of a container tell."""

    error_file: str | None = None
    """Path inside of a file that says the work has failed."""
    error_at: float | None = None
    """When that was written."""
    output_file: str | None = None
    """Path inside of a file that says the work is done."""
    output_at: float | None = None
    written_at: float | None = None
    """Newest change in its workspace, or of its log. None: cannot be seen."""
    items: tuple[str, ...] = ()
    """What its id file names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals(Traces):
    """What tells a container that works from one that only exists, as of ``at``."""

    at: float
    extra_processes: int | None = None
    """Beside the first one and mere sleepers: what ``exec`` brought in. None: cannot be seen."""
    sleeper: bool | None = None
    """Its first process only keeps it open (``tail -f /dev/null``); None: cannot be seen."""
    connections: int | None = None
    """Established ones, without the loopback. None: cannot be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerRow:
    """One container as a client shows it. Sent anew when a field changes, not as time passes."""

    id: str
    name: str
    image: str
    task: TaskId | None = None
    attempt: int | None = None
    """Of its task, where it is tied to one."""
    group: str | None = None
    owned: bool = False
    """There is proof that it is of this batch: it may be killed and swept."""
    proof: str | None = None
    """How that is known, in a few words; for one that is not owned: why it is shown."""
    state: ContainerState = "unknown"
    answering: bool = False
    """It is idle because it waits for a model's answer, so it works."""
    since: float | None = None
    """When the state began."""
    quiet_since: float | None = None
    """Its last sign of work; None while it is busy, or where nothing can be seen."""
    cores: float | None = None
    """In use, smoothed. None: not known."""
    cpu_percent: float | None = None
    """Of its limit, else of all cores of the machine."""
    mem_bytes: int | None = None
    mem_limit: int | None = None
    pids: int | None = None
    net_rate: float | None = None
    """Bytes a second, received and sent."""
    block_rate: float | None = None
    """Bytes a second, read and written."""
    throttled: float | None = None
    """Share of the time it had to wait for its CPU limit, from 0 to 1."""
    created_at: float = 0.0
    why: str = ""
    """What the state was judged by, in words."""
    history: tuple[float, ...] = ()
    """Cores in use, one value for each ``HISTORY_EVERY_S``, the newest last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerCounts:
    """How many containers are in which state."""

    busy: int = 0
    dead_idle: int = 0
    idle: int = 0
    paused: int = 0
    created: int = 0
    exited: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.running + self.created + self.exited

    @property
    def running(self) -> int:
        """Those that have processes."""
        return self.busy + self.dead_idle + self.idle + self.paused + self.unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskContainers:
    """The containers of one task, or those of a group that cannot be told apart by task."""

    group: str
    task: TaskId | None
    owned: int
    """Of them all, how many are proved to be of this batch."""
    counts: ContainerCounts
    answering: int = 0
    """Of the idle ones, those that wait for a model's answer: they work."""
    idle_since: float | None = None
    """Since when none of the other idle and dead-idle ones has worked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainersNow:
    """What the containers of a batch do, and what their machine has to do."""

    tasks: tuple[TaskContainers, ...] = ()
    """Of tasks and groups that have any, in the order of their names."""
    host_cores: int | None = None
    host_busy: float | None = None
    """Cores of the containers' machine in use, by whomever."""
    daemon_busy: float | None = None
    """Cores that the container engine itself uses."""
    trouble: str | None = None
    """Why nothing can be seen; what was told before may still hold."""
