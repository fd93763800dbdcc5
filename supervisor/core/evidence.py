"""What is known of an attempt's end: what it wrote, what it left behind, what that means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from supervisor.core.names import ErrorClass, Origin
from supervisor.core.spent import Spent
from supervisor.core.told import Told

Form = Literal["quote", "chatter", "plain", "error", "exception", "structured"]
"""What sort of line it is; ``structured`` is a JSON answer that says of itself that it is an error."""
Place = Literal["line", "cause", "traceback", "result"]
"""``traceback``: the exception that ended the last traceback; ``cause``: one that led to it;
``result``: the attempt's only result, a file that says of itself that its work failed."""


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
    form: Form = "plain"
    place: Place = "line"
    repeats: int = 1
    """How often its class was written with no progress between, this one included."""
    storm_s: float = 0.0
    """For how long that has been going on."""


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
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
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
    progress: tuple[int, int] | None = None
    """Done and total, as it said last; nobody looks where it succeeded."""
    told: Told | None = None
    """What its runner said of itself; None: nothing."""
    spent: Spent | None = None
    """What its processes used; None: nobody looked while it ran."""


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
    inferred: bool = False
    """Its exit code says success, and only what it wrote says otherwise."""
    weighed: str = ""
    """The points of the line that proves it, with their reasons."""
