"""Whether a log says anything new, or the same again: what repeats itself is no progress."""

import re
from collections import OrderedDict
from collections.abc import Sequence

from supervisor.core.patterns import Pattern

_KEPT = 128
_LEARNT = 8
"""Lines that are remembered once one of them is new: the rest of a long cycle is learnt later."""
_LONGEST = 400

# On small letters. A clock, a date with it, an epoch; a span or rate; an address or id.
_MOVING = Pattern(
    r"""(?<![a-z0-9_])(?:
        \d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?)?
      | \d\d?/\d\d?/\d{2,4}
      | \d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?
      | 1[5-9]\d{8}(?:\.\d+)?(?!\w)
      | \d+(?:\.\d+)?\ ?(?:ms|s|secs?|seconds?|mins?|minutes?|h|hours?|[a-z]{1,8}/s|s/[a-z]{1,8})(?![\w/])
      | 0x[0-9a-f]+ | [0-9a-f]{8,}(?:-[0-9a-f]{4,}){0,4}(?!\w)
    )""",
    re.VERBOSE,
)
_WORD = Pattern(r"[^\W_]+")
_TRIES = frozenset(
    [
        "again",
        "alive",
        "attempt",
        "attempts",
        "backing",
        "backoff",
        "denied",
        "error",
        "errors",
        "exception",
        "exceptions",
        "fail",
        "failed",
        "failure",
        "failures",
        "fails",
        "heartbeat",
        "idle",
        "keepalive",
        "pending",
        "poll",
        "polled",
        "polling",
        "refused",
        "retried",
        "retries",
        "retry",
        "retrying",
        "sleep",
        "sleeping",
        "still",
        "timed",
        "timeout",
        "trying",
        "try",
        "wait",
        "waited",
        "waiting",
        "waits",
        "warning",
        "warn",
    ]
)
"""In lines with such a word numbers count tries, not work."""
_ANSWERED = "200 OK"
"""A request was answered: that is work, however alike the lines are."""


def essence(line: str) -> str:
    """Return what a line says, without what differs each time it is said again.

    Clocks, spans, rates, ids, bars and spinners never count; numbers count where they may be work.
    """
    words = _WORD.compiled.findall(_MOVING.compiled.sub("0", line[:_LONGEST].lower()))
    if not _TRIES.isdisjoint(words):
        words = [word for word in words if not word.isdigit()]
    return " ".join(words)


class Heard:
    """Remembers what one attempt has said lately."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: OrderedDict[int, None] = OrderedDict()

    def news(self, lines: Sequence[str]) -> bool:
        """Take in lines, in order; tell whether any says what was not said before."""
        learnt = 0
        for line in reversed(lines):
            said = essence(line)
            learnt += _ANSWERED in line or (said != "" and self._is_new(said))
            if learnt >= _LEARNT:
                break
        return learnt > 0

    def _is_new(self, said: str) -> bool:
        key = hash(said)
        if key in self._known:
            self._known.move_to_end(key)
            return False
        self._known[key] = None
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return True
