"""Which of the errors that a running attempt writes are worth acting upon: strong ones, and storms."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from supervisor.core.evidence import Detection
from supervisor.core.names import ErrorClass
from supervisor.core.policy import HOLD_FROM_S
from supervisor.core.shape import Shape, shape_of

_COUNTER = re.compile(
    r"(?P<again>(?i:retr(?:y|ies|ying)|attempt|try(?:ing)?)\b[^\n]{0,20})?"
    r"(?<![\d./-])(?P<done>\d+)\s?/\s?(?P<total>\d+)(?![\d/-])|\b(?P<percent>\d+)%"
)
_SIGN = re.compile(r"\d\s?/\s?\d|\d%")
"""Whatever has a counter has this, and finding it takes a tenth of the time."""
_DONE = re.compile(r"\b200 OK\b")
SAYS_ITSELF = re.compile(r'"(?:is_error|isApiErrorMessage)"\s*:\s*true|"subtype"\s*:\s*"error')
"""An answer as JSON that says of itself that it is an error, as ``claude --print`` gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """So many errors of one class, with no progress between, that they are worth acting upon."""

    hold_at: int | None
    """So many hold the limits of the task; None: they are only written down."""
    note_at: int
    """So many are written down."""
    within_s: float
    """A longer pause between two of them ends the storm."""
    stop_at: int | None = None
    """So many, over at least ``lasting_s``, stop the attempt: it can do no good any more."""
    lasting_s: float = 0.0


STORMS: Mapping[ErrorClass, Storm] = MappingProxyType(
    {
        # A dead credential does not come back to life in a running process.
        ErrorClass.AUTH: Storm(hold_at=3, note_at=1, within_s=600, stop_at=6, lasting_s=60),
        ErrorClass.QUOTA: Storm(hold_at=3, note_at=1, within_s=600),
        ErrorClass.USAGE_WINDOW: Storm(hold_at=3, note_at=1, within_s=600),
        # Runners wait these out themselves; more of them at once would not help.
        ErrorClass.RATE_LIMIT: Storm(hold_at=20, note_at=5, within_s=120, lasting_s=60),
        ErrorClass.SERVER_ERROR: Storm(hold_at=None, note_at=10, within_s=300),
        ErrorClass.NETWORK: Storm(hold_at=None, note_at=10, within_s=300),
        ErrorClass.DOCKER: Storm(hold_at=None, note_at=5, within_s=300),
        ErrorClass.DISK_FULL: Storm(hold_at=None, note_at=1, within_s=600),
        ErrorClass.CUDA_ERROR: Storm(hold_at=None, note_at=3, within_s=300),
        ErrorClass.CUDA_OOM: Storm(hold_at=None, note_at=3, within_s=300),
    }
)
"""By class; others are never worth it while the attempt runs."""


@dataclass(slots=True)
class _Count:
    first_at: float
    last_at: float
    count: int
    progress: object
    told: int = 0
    told_s: float = 0.0
    """For how long it had been going on when it was last told."""

    @property
    def lasted_s(self) -> float:
        return self.last_at - self.first_at


class Watch:
    """Counts what one running attempt writes, and says what the core must hear of it."""

    __slots__ = ("_counts", "_stated")

    def __init__(self) -> None:
        self._counts: dict[ErrorClass, _Count] = {}
        self._stated: dict[ErrorClass, float] = {}

    def news(self, detection: Detection, progress: Callable[[], object]) -> Detection | None:
        """Return ``detection`` with how often it came, where the core must hear of it now.

        ``progress`` is asked seldom; what it returns differs when the attempt has got on.
        """
        storm = STORMS.get(detection.error_class)
        if storm is None or not is_loud(detection):
            return None
        count = self._counted(detection, storm, progress)
        stated = self._states_more(detection)
        if not stated and not _worth_telling(count, storm):
            return None
        if count.count > 1 and progress() != count.progress:
            count = self._counts[detection.error_class] = _fresh(detection, progress)
            if not stated:
                return None
        count.told, count.told_s = count.count, count.lasted_s
        return replace(detection, repeats=count.count, storm_s=count.lasted_s)

    def _counted(
        self, detection: Detection, storm: Storm, progress: Callable[[], object]
    ) -> _Count:
        count = self._counts.get(detection.error_class)
        at = detection.written_at
        if count is None or at - count.last_at > storm.within_s:
            count = self._counts[detection.error_class] = _fresh(detection, progress)
        else:
            count.count += 1
            count.last_at = max(count.last_at, at)
        return count

    def _states_more(self, detection: Detection) -> bool:
        """Whether it states a long wait that was not stated before."""
        at = detection.retry_at
        if at is None or at - detection.written_at < HOLD_FROM_S:
            return False
        known = self._stated.get(detection.error_class, 0.0)
        self._stated[detection.error_class] = max(known, at)
        return at > known + HOLD_FROM_S


def is_loud(detection: Detection) -> bool:
    """Tell whether a line may count while its attempt runs: an error that it itself wrote as one.

    What an agent or a model says stands on stdout, and in words; that is not the runner's error.
    """
    if not detection.strong:
        return False
    if detection.stream == "stdout":
        return SAYS_ITSELF.search(detection.line) is not None
    return shape_of(detection.line) >= Shape.ERROR


def holds(detection: Detection) -> bool:
    """Tell whether what a running attempt wrote is enough to launch no more on its limits."""
    waits = detection.error_class in {ErrorClass.RATE_LIMIT, ErrorClass.USAGE_WINDOW}
    if waits and (detection.retry_at or 0.0) - detection.written_at >= HOLD_FROM_S:
        return True
    storm = STORMS.get(detection.error_class)
    return (
        storm is not None
        and storm.hold_at is not None
        and detection.repeats >= storm.hold_at
        and (storm.stop_at is not None or detection.storm_s >= storm.lasting_s)
    )


def stops(detection: Detection) -> bool:
    """Tell whether what a running attempt wrote proves that it can do no good any more."""
    storm = STORMS.get(detection.error_class)
    return (
        storm is not None
        and storm.stop_at is not None
        and detection.repeats >= storm.stop_at
        and detection.storm_s >= storm.lasting_s
    )


def progress_in(text: str, first_line: int) -> tuple[str, int]:
    """Return what shows how far an attempt has got: its last counter, and the line of its last answer.

    Counters of retries are none. ``first_line`` is the number of the first line of ``text``.
    """
    answers = [found.start() for found in _DONE.finditer(text)]
    line = first_line + text.count("\n", 0, answers[-1]) if answers else -1
    return _last_counter(text), line


def _last_counter(text: str) -> str:
    """Return the last counter; searched from the end, for few lines have one and most logs many."""
    for line in reversed(text.split("\n")):
        if not ("/" in line or "%" in line) or _SIGN.search(line) is None:
            continue
        found = [one for one in _COUNTER.finditer(line) if one["again"] is None]
        if found:
            return found[-1]["percent"] or f"{found[-1]['done']}/{found[-1]['total']}"
    return ""


def _fresh(detection: Detection, progress: Callable[[], object]) -> _Count:
    at = detection.written_at
    return _Count(first_at=at, last_at=at, count=1, progress=progress())


def _worth_telling(count: _Count, storm: Storm) -> bool:
    """Tell at each mark of the storm; beyond the last one when it has lasted, or has doubled."""
    marks = [mark for mark in (storm.note_at, storm.hold_at, storm.stop_at) if mark is not None]
    if count.told >= max(marks):
        lasts = count.told_s < storm.lasting_s <= count.lasted_s
        return lasts or count.count >= 2 * count.told
    return any(count.told < mark <= count.count for mark in marks)
