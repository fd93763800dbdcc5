"""What the lines of one stream proved so far: bounded memory, ready when the attempt ends."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from supervisor.core.models import Detection, ErrorClass, Stream
from supervisor.core.redact import redact
from supervisor.core.reset_time import Stated, ZoneLookup, stated
from supervisor.core.rules import Finding, RuleBook, shown

KEPT = 64
"""Detections remembered of one stream."""
_PER_RULE = 6
_NEAR = 8
"""A line about when to try again belongs to an error at most so many lines away."""

WAITS = frozenset(
    {
        ErrorClass.RATE_LIMIT,
        ErrorClass.USAGE_WINDOW,
        ErrorClass.QUOTA,
        ErrorClass.SERVER_ERROR,
        ErrorClass.DOCKER,
    }
)
"""Classes for which a stated time means something."""


@dataclass(frozen=True, slots=True)
class _Kept:
    line: int
    detection: Detection
    stated: Stated | None


class Findings:
    """Collects the detections of one stream of one attempt."""

    __slots__ = ("_hint", "_kept", "_rules", "_stream", "_zone")

    def __init__(self, stream: Stream, rules: RuleBook, zone: ZoneLookup) -> None:
        self._stream: Stream = stream
        self._rules = rules
        self._zone = zone
        self._kept: deque[_Kept] = deque()
        self._hint: tuple[int, Stated] | None = None

    def take(
        self, number: int, text: str, candidates: Sequence[str], written_at: float
    ) -> Detection | None:
        """Judge line ``number`` of the stream; return what was newly learnt, or None."""
        finding = self._rules.judge(text, candidates)
        if finding is None:
            return None
        when = stated(finding.excerpt, written_at, self._zone)
        if finding.rule.error_class is None:
            return None if when is None else self._hinted(number, when)
        if when is None and self._hint is not None and number - self._hint[0] <= _NEAR:
            when = self._hint[1]
        kept = _Kept(number, self._detection(finding, when, written_at), when)
        self._keep(kept)
        return kept.detection

    def detections(self, lines: int) -> tuple[Detection, ...]:
        """Return what is remembered, oldest first, of a stream that ended after ``lines`` lines."""
        return tuple(
            replace(kept.detection, from_end=max(0, lines - 1 - kept.line)) for kept in self._kept
        )

    def wait_s(self, detection: Detection) -> float | None:
        """Return the wait in seconds as the text stated it for ``detection``."""
        for kept in reversed(self._kept):
            if kept.stated is not None and replace(kept.detection, from_end=0) == replace(
                detection, from_end=0
            ):
                return kept.stated.wait_s
        return None

    def _detection(self, finding: Finding, when: Stated | None, written_at: float) -> Detection:
        error_class = _with_time(finding.rule.error_class or ErrorClass.UNKNOWN, when)
        return Detection(
            rule=finding.rule.id,
            error_class=error_class,
            line=shown(redact(finding.excerpt)),
            stream=self._stream,
            strong=finding.strong,
            written_at=written_at,
            retry_at=when.at if when is not None and error_class in WAITS else None,
        )

    def _hinted(self, number: int, when: Stated) -> Detection | None:
        """A line said only when: it completes the error just before, or the next one."""
        self._hint = (number, when)
        for place in range(len(self._kept) - 1, -1, -1):
            kept = self._kept[place]
            if number - kept.line > _NEAR:
                return None
            if kept.detection.error_class in WAITS and kept.stated is None:
                error_class = _with_time(kept.detection.error_class, when)
                detection = replace(kept.detection, error_class=error_class, retry_at=when.at)
                self._kept[place] = _Kept(kept.line, detection, when)
                return detection
        return None

    def _keep(self, kept: _Kept) -> None:
        same = [old for old in self._kept if old.detection.rule == kept.detection.rule]
        if len(same) >= _PER_RULE:
            # The first tells how it began, the last how it ended; a storm shall not hide the rest.
            self._kept.remove(same[1])
        elif len(self._kept) >= KEPT:
            self._kept.popleft()
        self._kept.append(kept)


def _with_time(error_class: ErrorClass, when: Stated | None) -> ErrorClass:
    """Return the class a stated time turns ``error_class`` into.

    A limit that ends at a time of day is a window; an account that is full again in a minute was
    not empty.
    """
    if when is None or error_class not in {ErrorClass.RATE_LIMIT, ErrorClass.QUOTA}:
        return error_class
    return ErrorClass.USAGE_WINDOW if when.clock else ErrorClass.RATE_LIMIT
