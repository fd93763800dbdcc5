"""What a person may want of a running batch. Repeating one changes nothing more."""

from dataclasses import dataclass
from typing import Literal

from supervisor.core.container_facts import ContainerTarget
from supervisor.core.models import BatchSpec, ErrorClass, GroupId, LimitId, TaskSpec

Patterns = tuple[str, ...]
"""Each is ``group/id``, a unique ``id``, a group name, or a glob over ``group/id``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Launch nothing new in ``group`` (None: the whole batch); what runs, runs on."""

    group: GroupId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Let ``name`` go on: a group, a limit or a task; None: the whole batch."""

    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """SIGSTOP the running attempts of these tasks or groups; empty: all."""

    targets: Patterns = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thaw:
    """Let frozen attempts run on; empty: all."""

    targets: Patterns = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetParallel:
    """Run at most ``parallel`` of ``group`` at once (None: the cap over all). Kills nothing."""

    group: GroupId | None = None
    parallel: int
    knob: str | None = None
    """``parallel``, or the group's inner knob; None: the inner one where there is one."""
    restart: bool = False
    """Start running attempts anew that learn of their inner knob in no other way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowLimits:
    """Let limits change the parallelism of ``group`` again, within the range of the batch file."""

    group: GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """Run the limit's refresh command now."""

    limit: LimitId


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """End the running attempt; the task runs again at no cost."""

    targets: Patterns


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """End the task for good, running or not."""

    targets: Patterns


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Run finished or backing-off tasks again with a new budget."""

    targets: Patterns = ()
    error_class: ErrorClass | None = None
    """With no targets: every failed or aborted task (of this class)."""
    with_dependents: bool = False
    """Run also what succeeded on what those left the time before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """Move waiting tasks to the head of their group's queue."""

    targets: Patterns


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    """Take a new task into the running batch; its group is made if need be."""

    task: TaskSpec
    parallel: int | None = None
    """Parallelism for a group that does not exist yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Change the command of a task that does not run now."""

    task: str
    run: str | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetKnob:
    """Let tasks that do not run now begin elsewhere on the ladder of their group's knob."""

    targets: Patterns
    knob: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KillContainers:
    """Save what explains these containers, then stop, kill and remove them."""

    ids: tuple[str, ...]
    unowned: bool = False
    """Also where nothing proves that they are of this batch: the operator named them."""
    targets: tuple[ContainerTarget, ...] = ()
    """What the ids mean; the engine fills it in from what it sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Remove what attempts that are over left with the container engine: this, and no more."""

    containers: tuple[ContainerTarget, ...] = ()
    networks: tuple[tuple[str, str], ...] = ()
    """Id and name."""
    volumes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reload:
    """Take over an edited batch file."""

    spec: BatchSpec | None = None
    """None: as the engine has read it; the engine fills it in."""
    seen: str = ""
    """What the engine called the difference that the operator agreed to; empty: whatever it is."""
    preview: bool = False
    """Only tell what would change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """End the engine: stop what runs (to resume later), wait for it, or leave it running."""

    mode: Literal["stop", "drain", "leave_running"] = "stop"


Intent = (
    Pause
    | Resume
    | Freeze
    | Thaw
    | SetParallel
    | FollowLimits
    | Refresh
    | Kill
    | Cancel
    | Retry
    | First
    | Add
    | Edit
    | SetKnob
    | KillContainers
    | Sweep
    | Reload
    | Stop
)
