"""How an attempt ended + what it had written → what that means, and which line proves it."""

from dataclasses import replace

from supervisor.core.models import Detection, End, ErrorClass, Verdict
from supervisor.core.phase import Ending
from supervisor.core.success import proved_bad, proved_good
from supervisor.core.told import Told
from supervisor.core.weighing import Candidate, best_of, in_words
from supervisor.core.weighing import best_evidence as best_evidence
from supervisor.core.wording import plural

NOT_FOUND, NOT_EXECUTABLE, USAGE = 127, 126, 2
_LONGEST_CAUSE = 300
_AFTERWARDS = 8
"""After the exception that ended it a runner may still write so many lines: a log's name, a summary."""
_LAST = 3
_OF_THE_ACCOUNT = frozenset(
    {
        ErrorClass.AUTH,
        ErrorClass.RATE_LIMIT,
        ErrorClass.USAGE_WINDOW,
        ErrorClass.QUOTA,
        ErrorClass.SERVER_ERROR,
    }
)

_FOR_GOOD = frozenset({ErrorClass.CONTENT_POLICY, ErrorClass.BAD_REQUEST})
"""Where every item failed so, trying the task again helps none of them."""

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

    What the runner's results and the signs of success prove decides first, then the exit code; but
    an exit code for success proves little: where nothing else does, and the attempt ended in an
    error that a rule knows, that is what it means.
    """
    if end.preset is not None:
        return Verdict(error_class=end.preset, cause=end.cause or _plainly(end))
    if ending is not None:
        return _stopped(end, ending)
    ran_s = max(0.0, end.ended_at - started_at)
    if end.code is not None and end.code in success_exit:
        return _after_success(end, ran_s)
    if end.oom_killed:
        return _verdict_of_memory(end)
    if end.code in {NOT_FOUND, NOT_EXECUTABLE}:
        return Verdict(error_class=ErrorClass.BROKEN, cause=_cannot_start(end))
    return _explained(end, best_of(end, ran_s=ran_s), "")


def _after_success(end: End, ran_s: float) -> Verdict:
    """What an end means whose exit code is one of success."""
    bad = proved_bad(end)
    if bad:
        return _explained(end, best_of(end, ran_s=ran_s), bad)
    if proved_good(end):
        return Verdict(error_class=None)
    proof = convincing(end, ran_s=ran_s)
    if proof is None:
        return Verdict(error_class=None)
    verdict = _explained(end, proof, f"{how(end.code)}, but it ended in an error")
    return replace(verdict, inferred=True)


def convincing(end: End, *, ran_s: float) -> Candidate | None:
    """Return the error in which an attempt ended although its exit code says success, or None.

    Words alone never convince: it must be the exception of the last traceback, an answer that says
    of itself that it is an error, an error as the last words of stderr, or its only result.
    """
    last = replace(end, detections=tuple(d for d in end.detections if _is_last_word(d)))
    return best_of(last, ran_s=ran_s)


def _is_last_word(detection: Detection) -> bool:
    if not detection.strong or detection.from_end > _AFTERWARDS:
        return False
    if detection.stream == "file":
        # A runner that worked may tell of failures in it; of the account's it is the victim.
        return detection.place == "result" and detection.error_class in _OF_THE_ACCOUNT
    if detection.place != "line":
        return True
    if detection.form == "structured":
        return detection.from_end < _LAST
    loud = detection.form in {"error", "exception"}
    return loud and detection.stream == "stderr" and detection.from_end < _LAST


def _explained(end: End, won: Candidate | None, bad: str) -> Verdict:
    """Return the verdict that cites ``won``; ``bad`` says what else shows that it failed."""
    if won is None and not bad and end.told is not None and end.told.errors:
        return _of_items(end, end.told)
    if won is None:
        said = end.results.error if end.results is not None else ""
        cause = f"{bad}: {last_said(said)}" if last_said(said) else bad
        return Verdict(error_class=ErrorClass.UNKNOWN, cause=_short(cause) or _plainly(end))
    best = won.detection
    return Verdict(
        error_class=best.error_class,
        cause=_cited(best) + (f" ({bad})" if bad else ""),
        rule=best.rule,
        retry_at=best.retry_at or _retry_at(end, best.error_class),
        weighed=in_words(won),
    )


def _of_items(end: End, told: Told) -> Verdict:
    """Return the verdict of a runner that says which of its items failed, and no more than that."""
    kinds = {one.error_class for one in told.failed}
    for_good = len(told.failed) == told.errors and len(kinds) == 1 and kinds <= _FOR_GOOD
    error_class = ErrorClass(kinds.pop()) if for_good else ErrorClass.UNKNOWN
    last = told.failed[-1] if told.failed else None
    such = f", such as {last.id}: {last.error_class}: {last.text}" if last is not None else ""
    cause = f"{plural(told.errors, 'item')} failed ({how(end.code)}){such}"
    return Verdict(error_class=error_class, cause=_short(cause))


def last_said(text: str) -> str:
    """Return the last line of ``text`` that says anything."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


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
    known = f" ({end.cause})" if end.cause else ""
    return _short(how(end.code) + known + said)


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
