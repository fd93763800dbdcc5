"""A whole text → what the detector concludes from it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from supervisor.core.diagnosis import best_evidence, diagnose
from supervisor.core.findings import Findings
from supervisor.core.lines import LineReader, last_words
from supervisor.core.models import Detection, End, ErrorClass, Origin, Verdict
from supervisor.core.redact import redact
from supervisor.core.rules import RuleBook
from supervisor.core.zones import ZoneLookup


class Hit(Protocol):
    """Rule ``rule`` matched line number ``line`` (from 0) of the block."""

    @property
    def line(self) -> int:
        """Number of the line."""
        ...

    @property
    def rule(self) -> str:
        """Id of the rule."""
        ...


Found = Callable[[bytes], Sequence[Hit]]
"""What a scanner does with a block of whole lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a text proves."""

    verdict: Verdict
    proof: Detection | None
    wait_s: float | None
    """The wait as the text states it, without slack."""
    detections: tuple[Detection, ...]
    lines: int


class StreamJudge:
    """Takes in the blocks of one stream, in order, and remembers what they prove."""

    __slots__ = ("_findings", "_found", "last", "lines")

    def __init__(self, stream: Origin, rules: RuleBook, found: Found, zone: ZoneLookup) -> None:
        self._findings = Findings(stream, rules, zone)
        self._found = found
        self.lines = 0
        """Lines taken in so far."""
        self.last = b""
        """The last of them that says anything."""

    def take(self, block: bytes, written_at: float) -> list[Detection]:
        """Judge whole, clean lines written at ``written_at``; return what was newly learnt."""
        matches = self._found(block)
        news: list[Detection] = []
        if matches:
            texts = block.split(b"\n")
            for number, rules in _by_line(matches).items():
                text = texts[number].decode("utf-8", "replace")
                one = self._findings.take(self.lines + number, text, rules, written_at)
                if one is not None:
                    news.append(one)
        self.lines += block.count(b"\n")
        self.last = last_words(block) or self.last
        return news

    def detections(self) -> tuple[Detection, ...]:
        """Return what is remembered, as if the stream ended here."""
        return self._findings.detections(self.lines)

    def wait_s(self, detection: Detection) -> float | None:
        """Return the wait that the text states for a detection, in seconds."""
        return self._findings.wait_s(detection)


class Judge:
    """Judges texts as the end of the stderr of a failed attempt, or as its output so far."""

    def __init__(self, rules: RuleBook, found: Found, zone: ZoneLookup) -> None:
        self._rules = rules
        self._found = found
        self._zone = zone

    def judge(self, pieces: Iterable[bytes], now: float, *, live: bool) -> Judged:
        """Return what ``pieces`` of one text, written at ``now``, prove."""
        stream = StreamJudge("stderr", self._rules, self._found, self._zone)
        reader = LineReader()
        for piece in pieces:
            if block := reader.feed(piece):
                stream.take(block, now)
        if block := reader.flush():
            stream.take(block, now)
        return self._concluded(stream, now, live=live)

    def _concluded(self, stream: StreamJudge, now: float, *, live: bool) -> Judged:
        detections = stream.detections()
        if live:
            detections = tuple(d for d in detections if _acts(d))
        last_line = redact(stream.last.decode("utf-8", "replace").strip())
        end = End(code=1, ended_at=now, detections=detections, last_line=last_line)
        verdict = diagnose(end, success_exit=(0,), ending=None, started_at=now)
        proof = best_evidence(end, ran_s=0.0)
        if live and proof is None:
            verdict = Verdict(error_class=None)
        wait_s = stream.wait_s(proof) if proof is not None else None
        return Judged(
            verdict=verdict,
            proof=proof,
            wait_s=wait_s if verdict.retry_at is not None else None,
            detections=detections,
            lines=stream.lines,
        )


def _acts(detection: Detection) -> bool:
    return detection.strong and detection.error_class is not ErrorClass.UNKNOWN


def _by_line(hits: Sequence[Hit]) -> dict[int, list[str]]:
    lines: dict[int, list[str]] = {}
    for hit in hits:
        lines.setdefault(hit.line, []).append(hit.rule)
    return lines
