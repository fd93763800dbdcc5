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
class _Fact:
    detection: Detection
    stated: Stated | None
    told: int
    """Rank of the hint that told the time; above all hints: the line itself."""


@dataclass(slots=True, eq=False)
class Kept:
    """A line that is remembered; what it proves is worked out when somebody asks.

    Of a storm of thousands of lines a few stay, and only those are worth the work.
    """

    line: int
    finding: Finding
    written_at: float
    hint: tuple[Stated, int] | None
    """What a line nearby said about when to try again, and the rank of its rule."""
    fact: _Fact | None = None

    @property
    def rank(self) -> int:
        """Return the rank of the rule."""
        return self.finding.rule.rank

    @property
    def waits(self) -> bool:
        """Tell whether a stated time means something for the rule's class."""
        return self.finding.rule.error_class in WAITS


class Findings:
    """Collects the detections of one stream of one attempt."""

    __slots__ = ("_hint", "_kept", "_rules", "_stream", "_zone")

    def __init__(self, stream: Origin, rules: RuleBook, zone: ZoneLookup) -> None:
        self._stream: Origin = stream
        self._rules = rules
        self._zone = zone
        self._kept: deque[Kept] = deque()
        self._hint: tuple[int, Stated, int] | None = None

    def adopt(self, rules: RuleBook, zone: ZoneLookup) -> None:
        """Judge what comes from now on by other rules."""
        self._rules = rules
        self._zone = zone

    def take(
        self, number: int, text: str, candidates: Sequence[str], written_at: float
    ) -> Detection | None:
        """Judge line ``number`` of the stream; return what was newly learnt, or None."""
        finding = self._rules.judge(text, candidates, stream=self._stream)
        return None if finding is None else self.learn(number, finding, written_at)

    def learn(self, number: int, finding: Finding, written_at: float) -> Detection | None:
        """Take in what line ``number`` means; return what was newly learnt, or None."""
        kept = self.note(number, finding, written_at)
        return None if kept is None else self._fact(kept).detection

    def note(self, number: int, finding: Finding, written_at: float) -> Kept | None:
        """Do the same where nobody waits for news: return the line it changed, or None."""
        if finding.rule.error_class is None:
            when = stated(finding.excerpt, written_at, self._zone)
            return None if when is None else self._hinted(number, when, finding.rule.rank)
        hint = None
        if self._hint is not None and number - self._hint[0] <= _NEAR:
            hint = self._hint[1:]
        kept = Kept(number, finding, written_at, hint)
        return kept if self._keep(kept) else None

    def detections(self, lines: int) -> tuple[Detection, ...]:
        """Return what is remembered, oldest first, of a stream that ended after ``lines`` lines."""
        return tuple(
            replace(self._fact(kept).detection, from_end=max(0, lines - 1 - kept.line))
            for kept in self._kept
        )

    def wait_s(self, detection: Detection) -> float | None:
        """Return the wait in seconds as the text stated it for ``detection``."""
        wanted = replace(detection, from_end=0)
        for kept in reversed(self._kept):
            fact = self._fact(kept)
            if fact.stated is not None and fact.detection == wanted:
                return fact.stated.wait_s
        return None

    def _fact(self, kept: Kept) -> _Fact:
        """Work out what a remembered line proves."""
        if kept.fact is None:
            finding = kept.finding
            when = stated(finding.excerpt, kept.written_at, self._zone) if kept.waits else None
            told = _ITSELF if when is not None else 0
            if when is None and kept.hint is not None:
                when, told = kept.hint
            if when is not None and _is_own(kept, when):
                when, told = None, 0
            kept.fact = _Fact(self._detection(finding, when, kept.written_at), when, told)
        return kept.fact

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

    def _hinted(self, number: int, when: Stated, rank: int) -> Kept | None:
        """A line said only when: it completes the error just before, or the next one."""
        if self._hint is None or number - self._hint[0] > _NEAR or rank >= self._hint[2]:
            self._hint = (number, when, rank)
        for kept in reversed(self._kept):
            if number - kept.line > _NEAR:
                return None
            if kept.waits and not _is_own(kept, when) and self._fact(kept).told < rank:
                detection = self._fact(kept).detection
                error_class = _with_time(detection.error_class, when)
                detection = replace(detection, error_class=error_class, retry_at=when.at)
                kept.fact = _Fact(detection, when, rank)
                return kept
        return None

    def _keep(self, kept: Kept) -> bool:
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
        rule = kept.finding.rule.id
        same = [old for old in self._kept if old.finding.rule.id == rule]
        if len(same) >= _PER_RULE:
            # The first tells how it began, the last how it ended; a storm shall not hide the rest.
            self._kept.remove(same[1])
        elif len(self._kept) >= KEPT:
            self._kept.popleft()
        self._kept.append(kept)
        return True


def _is_unnamed(kept: Kept) -> bool:
    return kept.finding.rule.error_class is ErrorClass.UNKNOWN


def _is_own(kept: Kept, when: Stated) -> bool:
    """Tell whether a client says when it tries again what no waiting will help."""
    is_quota = kept.finding.rule.error_class is ErrorClass.QUOTA
    return is_quota and "retrying" in when.words.lower()


def _with_time(error_class: ErrorClass, when: Stated | None) -> ErrorClass:
    """Return the class a stated time turns ``error_class`` into.

    A limit that ends at a time of day is a window; an account that is full again in a minute was
    not empty.
    """
    if when is None or error_class not in {ErrorClass.RATE_LIMIT, ErrorClass.QUOTA}:
        return error_class
    return ErrorClass.USAGE_WINDOW if when.clock else ErrorClass.RATE_LIMIT
