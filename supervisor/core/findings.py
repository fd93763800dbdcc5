"""What the lines of one stream proved so far: bounded memory, ready when the attempt ends."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from supervisor.core.models import Detection, ErrorClass, Origin
from supervisor.core.redact import redact
from supervisor.core.reset_time import Stated, stated
from supervisor.core.rules import Finding, RuleBook, shown
from supervisor.core.zones import ZoneLookup

KEPT = 64
"""Detections remembered of one stream."""
_PER_RULE = 6
_NEAR = 8
"""A line about when to try again belongs to an error at most so many lines away."""
_SAME = 3
"""Lines so close together tell of one fault: the one that names the very cause tells it best."""
_ITSELF = 9
_CAUSE = 3

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
    rank: int
    """Of the rule."""
    told: int
    """Rank of the hint that told the time; above all hints: the line itself."""


class Findings:
    """Collects the detections of one stream of one attempt."""

    __slots__ = ("_hint", "_kept", "_rules", "_stream", "_zone")

    def __init__(self, stream: Origin, rules: RuleBook, zone: ZoneLookup) -> None:
        self._stream: Origin = stream
        self._rules = rules
        self._zone = zone
        self._kept: deque[_Kept] = deque()
        self._hint: tuple[int, Stated, int] | None = None

    def take(
        self, number: int, text: str, candidates: Sequence[str], written_at: float
    ) -> Detection | None:
        """Judge line ``number`` of the stream; return what was newly learnt, or None."""
        finding = self._rules.judge(text, candidates, stream=self._stream)
        return None if finding is None else self.learn(number, finding, written_at)

    def learn(self, number: int, finding: Finding, written_at: float) -> Detection | None:
        """Take in what line ``number`` means; return what was newly learnt, or None."""
        timed = finding.rule.error_class is None or finding.rule.error_class in WAITS
        when = stated(finding.excerpt, written_at, self._zone) if timed else None
        rank = finding.rule.rank
        if finding.rule.error_class is None:
            return None if when is None else self._hinted(number, when, rank)
        told = _ITSELF if when is not None else 0
        if when is None and self._hint is not None and number - self._hint[0] <= _NEAR:
            _, when, told = self._hint
        kept = _Kept(number, self._detection(finding, when, written_at), when, rank, told)
        return kept.detection if self._keep(kept) else None

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

    def _hinted(self, number: int, when: Stated, rank: int) -> Detection | None:
        """A line said only when: it completes the error just before, or the next one."""
        if self._hint is None or number - self._hint[0] > _NEAR or rank >= self._hint[2]:
            self._hint = (number, when, rank)
        for place in range(len(self._kept) - 1, -1, -1):
            kept = self._kept[place]
            if number - kept.line > _NEAR:
                return None
            if kept.detection.error_class in WAITS and kept.told < rank:
                error_class = _with_time(kept.detection.error_class, when)
                detection = replace(kept.detection, error_class=error_class, retry_at=when.at)
                self._kept[place] = _Kept(kept.line, detection, when, kept.rank, rank)
                return detection
        return None

    def _keep(self, kept: _Kept) -> bool:
        """Remember it, unless the line just before names the cause more closely."""
        last = self._kept[-1] if self._kept else None
        if last is not None:
            apart = kept.line - last.line
            if apart <= _SAME and last.rank == _CAUSE and kept.rank < _CAUSE:
                return False
            if apart <= _SAME and kept.rank == _CAUSE and last.rank < _CAUSE:
                self._kept.pop()
            elif apart <= _NEAR and _is_unnamed(last) and not _is_unnamed(kept):
                # The body of an answer tells what the exception above it does not.
                self._kept.pop()
        same = [old for old in self._kept if old.detection.rule == kept.detection.rule]
        if len(same) >= _PER_RULE:
            # The first tells how it began, the last how it ended; a storm shall not hide the rest.
            self._kept.remove(same[1])
        elif len(self._kept) >= KEPT:
            self._kept.popleft()
        self._kept.append(kept)
        return True


def _is_unnamed(kept: _Kept) -> bool:
    return kept.detection.error_class is ErrorClass.UNKNOWN


def _with_time(error_class: ErrorClass, when: Stated | None) -> ErrorClass:
    """Return the class a stated time turns ``error_class`` into.

    A limit that ends at a time of day is a window; an account that is full again in a minute was
    not empty.
    """
    if when is None or error_class not in {ErrorClass.RATE_LIMIT, ErrorClass.QUOTA}:
        return error_class
    return ErrorClass.USAGE_WINDOW if when.clock else ErrorClass.RATE_LIMIT
