"""How an attempt ended + what it had written → what that means, and which line proves it."""

from supervisor.core.models import Detection, End, ErrorClass, Verdict
from supervisor.core.phase import Ending
from supervisor.core.shape import is_exception

NOT_FOUND, NOT_EXECUTABLE, USAGE = 127, 126, 2
_KILLED = 137
_LONGEST_CAUSE = 300
_ENOUGH = 4
"""Evidence below this many points explains nothing."""
_SOON_S = 60.0
"""Within this time of its start an attempt has hardly done more than begin."""
_LAST_WORDS = 6

_SIGNALS = {
    1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE",
    9: "SIGKILL", 11: "SIGSEGV", 13: "SIGPIPE", 14: "SIGALRM", 15: "SIGTERM", 24: "SIGXCPU",
    25: "SIGXFSZ", 31: "SIGSYS",
}  # fmt: skip

_WORDS: dict[ErrorClass, str] = {
    ErrorClass.AUTH: "login refused or expired",
    ErrorClass.RATE_LIMIT: "rate limit",
    ErrorClass.USAGE_WINDOW: "usage limit reached",
    ErrorClass.QUOTA: "the account is empty or over its quota",
    ErrorClass.SERVER_ERROR: "the server failed",
    ErrorClass.NETWORK: "the network failed",
    ErrorClass.CUDA_OOM: "GPU memory ran out",
    ErrorClass.CUDA_ERROR: "the GPU failed",
    ErrorClass.HOST_OOM: "memory ran out",
    ErrorClass.DISK_FULL: "the disk is full",
    ErrorClass.DOCKER: "docker failed",
    ErrorClass.POOL_CRASH: "a worker process died",
    ErrorClass.CONTENT_POLICY: "refused for its content",
    ErrorClass.BAD_REQUEST: "the request is wrong",
    ErrorClass.BROKEN: "the command cannot work",
}


def diagnose(
    end: End, *, success_exit: tuple[int, ...], ending: Ending | None, started_at: float
) -> Verdict:
    """Return what ``end`` means; ``ending`` is the stop that had been asked for, if any.

    The exit code decides about success; what was written only explains a failure.
    """
    if end.preset is not None:
        return Verdict(error_class=end.preset, cause=end.cause or _plainly(end))
    if ending is not None:
        return _stopped(end, ending)
    if end.code is not None and end.code in success_exit:
        return Verdict(error_class=None)
    if end.oom_killed:
        return _verdict_of_memory(end)
    if end.code in {NOT_FOUND, NOT_EXECUTABLE}:
        return Verdict(error_class=ErrorClass.BROKEN, cause=_cannot_start(end))
    best = best_evidence(end, ran_s=max(0.0, end.ended_at - started_at))
    if best is None:
        return Verdict(error_class=ErrorClass.UNKNOWN, cause=_plainly(end))
    return Verdict(
        error_class=best.error_class,
        cause=_cited(best),
        rule=best.rule,
        retry_at=best.retry_at or _retry_at(end, best.error_class),
    )


def best_evidence(end: End, *, ran_s: float) -> Detection | None:
    """Return the detection that best explains a failure after ``ran_s`` seconds, or None."""
    scored = [
        (points, -detection.from_end, detection)
        for detection in end.detections
        if (points := _points(detection, end, ran_s)) >= _ENOUGH
    ]
    return max(scored, key=lambda entry: entry[:2])[2] if scored else None


def _points(detection: Detection, end: End, ran_s: float) -> int:
    """Weigh one detection: its strength, its stream, how near the end, and its form."""
    at_once = ran_s < _SOON_S
    final = detection.from_end < _LAST_WORDS
    if detection.error_class is ErrorClass.BROKEN and not (
        final and (detection.stream == "stderr" or at_once)
    ):
        # An agent's own scratch scripts miss modules all day long; that is not this command.
        return 0
    points = 4 if detection.strong else 1
    points += 2 if detection.stream == "stderr" else 0
    points += _nearness(detection.from_end)
    points += 2 if is_exception(detection.line) else 0
    if detection.error_class is ErrorClass.HOST_OOM and end.code == _KILLED:
        points += 3
    return points


def _nearness(from_end: int) -> int:
    if from_end <= 3:
        return 3
    if from_end <= 30:
        return 2
    return 1 if from_end <= 200 else 0


def _stopped(end: End, ending: Ending) -> Verdict:
    """The attempt ended because it was told to: the reason for that is what its end means."""
    same = [d for d in end.detections if d.error_class is ending.error_class]
    return Verdict(
        error_class=ending.error_class,
        cause=ending.cause,
        rule=same[-1].rule if same else None,
        retry_at=_retry_at(end, ending.error_class),
    )


def _retry_at(end: End, error_class: ErrorClass) -> float | None:
    """Return the last stated time among detections of this class."""
    times = [
        d.retry_at
        for d in sorted(end.detections, key=lambda d: -d.from_end)
        if d.error_class is error_class and d.retry_at is not None
    ]
    return times[-1] if times else None


def _verdict_of_memory(end: End) -> Verdict:
    cause = "memory ran out: the kernel killed it"
    said = next((d for d in end.detections if d.error_class is ErrorClass.HOST_OOM), None)
    return Verdict(
        error_class=ErrorClass.HOST_OOM,
        cause=_cited(said) if said else cause,
        rule=said.rule if said else None,
    )


def _cannot_start(end: End) -> str:
    why = "command not found" if end.code == NOT_FOUND else "the command cannot be executed"
    return _short(f"{why} (exit {end.code})" + (f": {end.last_line}" if end.last_line else ""))


def _cited(detection: Detection) -> str:
    words = _WORDS.get(detection.error_class)
    return _short(f"{words}: {detection.line}" if words else detection.line)


def _plainly(end: End) -> str:
    """Say how it ended when nothing explains it."""
    said = f": {end.last_line}" if end.last_line else ", and wrote nothing"
    return _short(how(end.code) + said)


def how(code: int | None) -> str:
    """Name an exit code in words: ``exit 1``, ``signal 9 (SIGKILL) or exit 137``."""
    if code is None:
        return "ended, nobody knows how"
    number = code - 128 if code > 128 else -code
    if number > 0 and (name := _SIGNALS.get(number)):
        return f"signal {number} ({name}) or exit {number + 128}"
    return f"exit {code}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_CAUSE else line[: _LONGEST_CAUSE - 1] + "…"
