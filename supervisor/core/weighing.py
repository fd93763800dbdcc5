"""How much each line says about an end: points with their reasons, so that every choice can be shown."""

from collections.abc import Iterator
from dataclasses import dataclass

from supervisor.core.evidence import Detection, End
from supervisor.core.names import ErrorClass
from supervisor.core.shape import is_exception

ENOUGH = 4
"""Evidence below this many points explains nothing."""
SOON_S = 60.0
"""Within this time of its start an attempt has hardly done more than begin."""
LAST_WORDS = 6
KILLED = 137
_AT_THE_END = 30
"""Lines; what a file tells before them may have been dealt with."""
_FAR = 2000
_SYMPTOMS = frozenset({ErrorClass.POOL_CRASH, ErrorClass.UNKNOWN})

_STREAMS = {"stderr": 2, "file": 1, "stdout": 0}
_NEAR = ((3, 3, "its last words"), (30, 2, "near the end"), (200, 1, "in the last 200 lines"))
_OFTEN = ((10, 2), (3, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that speaks for a line (``points`` above 0) or against it."""

    points: int
    words: str

    def told(self) -> str:
        """Return it in words: ``+4 strong rule``."""
        return f"{self.points:+d} {self.words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A line that may explain an end."""

    detection: Detection
    points: int
    reasons: tuple[Reason, ...]
    won: bool = False
    outcome: str = ""
    """Why it won or lost, in words."""


def explained(end: End, *, ran_s: float) -> tuple[Candidate, ...]:
    """Return every line that may explain an end after ``ran_s`` seconds, the best one first.

    At most one has won: none has when the best is too weak.
    """
    weighed = [_weighed(detection, end, ran_s) for detection in end.detections]
    weighed.sort(key=lambda one: (one.points, -one.detection.from_end), reverse=True)
    return tuple(_placed(one, weighed) for one in weighed)


def best_evidence(end: End, *, ran_s: float) -> Detection | None:
    """Return the detection that best explains a failure after ``ran_s`` seconds, or None."""
    won = best_of(end, ran_s=ran_s)
    return won.detection if won is not None else None


def best_of(end: End, *, ran_s: float) -> Candidate | None:
    """Return the candidate that explains a failure after ``ran_s`` seconds, or None."""
    return next((one for one in explained(end, ran_s=ran_s) if one.won), None)


def in_words(candidate: Candidate) -> str:
    """Return the reasons of a candidate in one line: ``11 points: +4 strong rule, …``."""
    listed = ", ".join(reason.told() for reason in candidate.reasons)
    return f"{candidate.points} points: {listed}"


def _weighed(detection: Detection, end: End, ran_s: float) -> Candidate:
    reasons = tuple(_reasons(detection, end, ran_s))
    points = sum(reason.points for reason in reasons)
    return Candidate(detection=detection, points=points, reasons=reasons)


def _placed(one: Candidate, ranked: list[Candidate]) -> Candidate:
    best = ranked[0]
    if one.points < ENOUGH:
        outcome, won = f"too weak: {one.points} of {ENOUGH} points", False
    elif one is best:
        outcome, won = "explains it", True
    elif one.points == best.points:
        outcome, won = "as good, but further from the end", False
    else:
        outcome, won = f"lost by {best.points - one.points}", False
    return Candidate(
        detection=one.detection, points=one.points, reasons=one.reasons, won=won, outcome=outcome
    )


def _reasons(detection: Detection, end: End, ran_s: float) -> Iterator[Reason]:
    against = _nothing_to_do_with_it(detection, ran_s) or _only_that(detection, end)
    if against:
        yield Reason(points=0, words=against)
        return
    yield from _of_line(detection)
    yield from _of_place(detection)
    if detection.error_class is ErrorClass.HOST_OOM and (end.code == KILLED or end.oom_killed):
        yield Reason(points=3, words="it was killed, as for want of memory")
    if end.results is not None and detection.path and detection.path == end.results.path:
        yield Reason(points=3, words="the runner's own results say so")


def _nothing_to_do_with_it(detection: Detection, ran_s: float) -> str:
    if not detection.tied:
        return "may belong to another task"
    if detection.error_class is ErrorClass.BROKEN:
        # An agent's own scratch scripts miss modules all day long; that is not this command.
        if detection.from_end >= LAST_WORDS:
            return "a command that cannot work says so last"
        if detection.stream == "stdout" and ran_s >= SOON_S:
            return "it had run too long to be a command that cannot work"
    return ""


def _only_that(detection: Detection, end: End) -> str:
    """A pool that broke says that a worker died, never of what; a file that says so knows more."""
    if detection.error_class is not ErrorClass.POOL_CRASH:
        return ""
    knows = next((one for one in end.detections if _says_why(one)), None)
    return f"it says only that a worker died, {knows.path} says of what" if knows else ""


def _says_why(detection: Detection) -> bool:
    return (
        detection.stream == "file"
        and detection.tied
        and detection.strong
        and detection.from_end <= _AT_THE_END
        and detection.error_class not in _SYMPTOMS
    )


def _of_line(detection: Detection) -> Iterator[Reason]:
    if detection.strong:
        yield Reason(points=4, words="strong rule")
    else:
        yield Reason(points=1, words="weak rule, or a line below an error")
    where = f"{detection.stream} {detection.path}".rstrip()
    yield Reason(points=_STREAMS[detection.stream], words=where)
    if detection.form == "structured":
        yield Reason(points=2, words="an answer that says it is an error")
    elif detection.form == "exception" or is_exception(detection.line):
        yield Reason(points=2, words="an exception")


def _of_place(detection: Detection) -> Iterator[Reason]:
    from_end = detection.from_end
    near = next((entry for entry in _NEAR if from_end <= entry[0]), None)
    if near is not None:
        yield Reason(points=near[1], words=near[2])
    elif from_end > _FAR:
        yield Reason(points=-2, words=f"{from_end} lines before the end")
    if detection.place == "traceback":
        yield Reason(points=2, words="ended the last traceback")
    elif detection.place == "cause":
        yield Reason(points=1, words="led to the last traceback")
    elif detection.place == "result":
        yield Reason(points=2, words="its only result says that it failed")
    often = next((entry for entry in _OFTEN if detection.repeats >= entry[0]), None)
    if often is not None:
        yield Reason(points=often[1], words=f"{detection.repeats} times with no progress between")
