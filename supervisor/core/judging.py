"""A whole text → what the detector concludes from it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from supervisor.core.diagnosis import diagnose
from supervisor.core.final import Tail, reading, unplaced
from supervisor.core.findings import Findings
from supervisor.core.glance import Found, Glance, glance
from supervisor.core.hits import hit_lines
from supervisor.core.lines import LineReader, count_lines, last_words
from supervisor.core.models import Detection, End, ErrorClass, Origin, Verdict
from supervisor.core.redact import redact
from supervisor.core.rules import RuleBook
from supervisor.core.storms import progress_in
from supervisor.core.weighing import best_evidence
from supervisor.core.zones import ZoneLookup


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a text proves."""

    verdict: Verdict
    proof: Detection | None
    wait_s: float | None
    """The wait as the text states it, without slack."""
    detections: tuple[Detection, ...]
    lines: int
    skipped: int = 0
    """Bytes of over-long lines that were not looked at."""
    passed_over: tuple[Detection, ...] = ()
    """What was found too, but a task that still runs is not stopped for."""


class StreamJudge:
    """Takes in the blocks of one stream, in order, and remembers what they prove."""

    __slots__ = (
        "_findings",
        "_found",
        "_fresh",
        "_joined",
        "_rules",
        "_stream",
        "_tail",
        "_written_at",
        "last",
        "lines",
    )

    def __init__(self, stream: Origin, rules: RuleBook, found: Found, zone: ZoneLookup) -> None:
        self._fresh = partial(Findings, stream, rules, zone)
        self._findings = self._fresh()
        self._joined: Findings | None = None
        self._tail = Tail()
        self._written_at = 0.0
        self._found = found
        self._rules = rules
        self._stream: Origin = stream
        self.lines = 0
        """Lines taken in so far."""
        self.last: bytes = b""
        """The last of them that says anything."""

    def adopt(self, rules: RuleBook, found: Found, zone: ZoneLookup) -> None:
        """Judge by other rules what comes from now on, and the last lines at the end."""
        self._fresh = partial(Findings, self._stream, rules, zone)
        self._findings.adopt(rules, zone)
        self._rules = rules
        self._found = found

    def take(self, block: bytes, written_at: float) -> list[Detection]:
        """Judge whole, clean lines written at ``written_at``; return what was newly learnt."""
        part = self._glance(block)
        news: list[Detection] = []
        for told in part.told:
            one = self._findings.learn(self.lines + told.number, told.finding, written_at)
            if one is not None:
                news.append(one)
        self._pass_over(part, written_at)
        return news

    def note(self, block: bytes, written_at: float) -> None:
        """Do the same where nobody waits for news; a storm costs little then."""
        self.note_part(self._glance(block), written_at)

    def note_part(self, part: Glance, written_at: float) -> None:
        """Take in a part that was looked over elsewhere."""
        for told in part.told:
            self._findings.note(self.lines + told.number, told.finding, written_at)
        self._pass_over(part, written_at)

    def _glance(self, block: bytes) -> Glance:
        return glance([block], self._rules, self._found, self._stream, before=self.last)

    def _pass_over(self, part: Glance, written_at: float) -> None:
        self.lines += part.lines
        self.last = part.last or self.last
        self._tail.add(part.tail)
        self._written_at = written_at

    def pass_by(self, block: bytes, written_at: float) -> None:
        """Take in whole, clean lines of which it is known that no rule is found in them."""
        self.lines += count_lines(block)
        self.last = last_words(block) or self.last
        self._tail.add(block)
        self._written_at = written_at

    def progress(self) -> object:
        """Return what differs once the stream has told of progress."""
        text = self._tail.text()
        return progress_in(text, self.lines - text.count("\n"))

    def detections(self) -> tuple[Detection, ...]:
        """Return what is remembered, as if the stream ended here; its last lines are read as one."""
        read = reading(
            self._findings.detections(self.lines),
            self._tail,
            lines=self.lines,
            written_at=self._written_at,
            found=lambda block: [
                (line.number, line.rules) for line in hit_lines(block, self._found(block))
            ],
            fresh=self._fresh,
        )
        self._joined = read.joined
        return read.detections

    def wait_s(self, detection: Detection) -> float | None:
        """Return the wait that the text states for a detection, in seconds."""
        alone = unplaced(detection)
        joined_s = self._joined.wait_s(alone) if self._joined else None
        return self._findings.wait_s(alone) if joined_s is None else joined_s


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
                stream.note(block, now)
        if block := reader.flush():
            stream.note(block, now)
        judged = self._concluded(stream, now, live=live)
        return replace(judged, skipped=reader.skipped)

    def judge_parts(self, parts: Iterable[Glance], now: float, *, live: bool) -> Judged:
        """Return the same of a text whose ``parts``, in order, were looked over elsewhere."""
        stream = StreamJudge("stderr", self._rules, self._found, self._zone)
        skipped = 0
        for part in parts:
            stream.note_part(part, now)
            skipped += part.skipped
        return replace(self._concluded(stream, now, live=live), skipped=skipped)

    def _concluded(self, stream: StreamJudge, now: float, *, live: bool) -> Judged:
        found = stream.detections()
        detections = tuple(d for d in found if _acts(d)) if live else found
        last_line = redact(stream.last.decode("utf-8", "replace").strip())
        end = End(code=1, ended_at=now, detections=detections, last_line=last_line)
        verdict = diagnose(end, success_exit=(0,), ending=None, started_at=now)
        proof = best_evidence(end, ran_s=0.0)
        if live and proof is None:
            verdict = Verdict(error_class=None)
        wait_s = _stated_wait_s(stream, verdict, proof, detections)
        return Judged(
            verdict=verdict,
            proof=proof,
            wait_s=wait_s,
            detections=detections,
            lines=stream.lines,
            passed_over=tuple(d for d in found if d not in detections),
        )


def _stated_wait_s(
    stream: StreamJudge,
    verdict: Verdict,
    proof: Detection | None,
    detections: Iterable[Detection],
) -> float | None:
    """Return the wait as stated: by the proof, else by the line that told the verdict's time."""
    if verdict.retry_at is None or proof is None:
        return None
    if proof.retry_at is not None:
        return stream.wait_s(proof)
    telling = (one for one in detections if one.retry_at == verdict.retry_at)
    return next((s for one in telling if (s := stream.wait_s(one)) is not None), None)


def _acts(detection: Detection) -> bool:
    return detection.strong and detection.error_class is not ErrorClass.UNKNOWN
