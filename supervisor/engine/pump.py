"""Bytes of the logs → lines → detections; what is proved goes to the core, the rest stays here."""

import logging
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from supervisor.core.diagnosis import best_evidence
from supervisor.core.events import Detected, Event
from supervisor.core.excerpt import excerpt
from supervisor.core.judging import StreamJudge
from supervisor.core.lines import LineReader, clean
from supervisor.core.models import Detection, End, ErrorClass, Stream, TaskId
from supervisor.core.redact import redact
from supervisor.core.rules import RuleBook
from supervisor.core.zones import ZoneLookup
from supervisor.ports import Chunk, Clock, Follower, Ref, Scanner

log = logging.getLogger(__name__)

Offsets = Mapping[tuple[TaskId, int, Stream], int]

STREAMS: tuple[Stream, Stream] = ("stdout", "stderr")
AGAIN = 64 * 1024
"""Bytes before a saved offset that are read again after a restart of the engine."""
_TAIL = 64 * 1024
_NOTE_EVERY_S = 1.0
_HOLDING_WAIT_S = 60.0
_ACTED_UPON = frozenset({ErrorClass.AUTH, ErrorClass.USAGE_WINDOW, ErrorClass.QUOTA})


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What an attempt's output proved, once it was read to its end."""

    detections: tuple[Detection, ...] = ()
    last_line: str = ""
    """Last line of stderr that says anything, else of stdout; redacted."""
    tail_text: str = ""
    """The final traceback, or the proving line and its neighbours; redacted."""


class _Followed:
    """One stream of one attempt."""

    __slots__ = ("aligned", "judge", "known_to", "next", "old_at", "reader")

    def __init__(self, start: int, known_to: int, old_at: float, judge: StreamJudge) -> None:
        self.reader = LineReader()
        self.judge = judge
        self.next = start
        self.aligned = start == 0
        self.known_to = known_to
        """Text before this offset was there when following began, written by ``old_at``."""
        self.old_at = old_at

    def feed(self, data: bytes) -> bytes:
        """Return the lines that ``data`` completes.

        Half a line proves nothing: one whose beginning was never seen is passed over.
        """
        if not self.aligned:
            end = data.find(b"\n") + 1
            self.aligned = end > 0
            data = data[end:] if end else b""
        return self.reader.feed(data)


class _Attempt:
    """What is remembered of one attempt."""

    __slots__ = ("directory", "last_output_at", "saved", "sent", "streams")

    def __init__(self, directory: Path, saved: Mapping[Stream, int]) -> None:
        self.directory = directory
        self.saved = saved
        self.streams: dict[Stream, _Followed] = {}
        self.sent: set[str] = set()
        self.last_output_at: float | None = None


class Pump:
    """Reads what attempts write; one for the whole batch."""

    def __init__(
        self,
        follower: Follower,
        scanner: Scanner,
        rules: RuleBook,
        *,
        clock: Clock,
        zone: ZoneLookup,
        submit: Callable[[Event], Awaitable[None]],
        note_offsets: Callable[[Offsets], None] = lambda _offsets: None,
    ) -> None:
        self._follower = follower
        self._scanner = scanner
        self._rules = rules
        self._clock = clock
        self._zone = zone
        self._submit = submit
        self._note_offsets = note_offsets
        self._attempts: dict[Ref, _Attempt] = {}
        self._moved: dict[tuple[TaskId, int, Stream], int] = {}
        self._noted_at = 0.0

    def begin(
        self, ref: Ref, directory: Path, offsets: Mapping[Stream, int], adopted: bool = False
    ) -> None:
        """Follow both streams of ``ref``; ``offsets`` are those an earlier engine had noted.

        Of an adopted attempt the last 64 KiB before them are read again, as evidence for its end.
        """
        if ref in self._attempts:
            return
        attempt = self._attempts[ref] = _Attempt(directory, dict(offsets))
        starts: dict[Stream, int] = {}
        if adopted or offsets:
            for stream in STREAMS:
                saved = offsets.get(stream, 0)
                starts[stream] = max(0, saved - AGAIN)
                known_to, old_at = _size_and_time(directory / f"{stream}.log", self._clock.now())
                judge = self._judge_of(stream)
                if known_to:
                    attempt.last_output_at = max(attempt.last_output_at or 0.0, old_at)
                attempt.streams[stream] = _Followed(starts[stream], known_to, old_at, judge)
        self._follower.follow(ref, directory, starts)

    async def run(self) -> None:
        """Read until cancelled, or until the follower ends."""
        async with aclosing(self._follower.chunks()) as chunks:
            async for chunk in chunks:
                attempt = self._attempts.get(chunk.ref)
                if attempt is None:
                    continue
                news = self._take_in(attempt, chunk)
                self._note(chunk.ref, attempt, chunk.stream)
                for detection in news:
                    ref = chunk.ref
                    event = Detected(task=ref.task, attempt=ref.attempt, detection=detection)
                    await self._submit(event)

    async def finish(self, ref: Ref) -> Evidence:
        """Read both streams to their size now and return all that was found; ``ref`` is forgotten."""
        attempt = self._attempts.get(ref)
        if attempt is None:
            return Evidence()
        for chunk in await self._follower.finish(ref):
            self._take_in(attempt, chunk)
        self._attempts.pop(ref, None)
        for stream in STREAMS:
            self._moved.pop((ref.task, ref.attempt, stream), None)
        return self._concluded(attempt) if attempt.streams else Evidence()

    def last_output_at(self, ref: Ref) -> float | None:
        """Return when ``ref`` last wrote anything, as far as is known."""
        attempt = self._attempts.get(ref)
        return attempt.last_output_at if attempt else None

    def offsets(self) -> Offsets:
        """Return what moved since the last call: up to where whole lines have been judged."""
        moved, self._moved = self._moved, {}
        return moved

    def _take_in(self, attempt: _Attempt, chunk: Chunk) -> list[Detection]:
        """Judge the lines that ``chunk`` completes; return what a running attempt must hear."""
        stream = self._stream(attempt, chunk)
        if chunk.restarted or chunk.offset != stream.next:
            stream.reader = LineReader()
            stream.aligned = chunk.offset == 0
        stream.next = chunk.offset
        news: list[Detection] = []
        saved = 0 if chunk.restarted else attempt.saved.get(chunk.stream, 0)
        for data in _parts(chunk, saved, stream.known_to):
            old = stream.next < stream.known_to
            known = stream.next < saved
            stream.next += len(data)
            written_at = stream.old_at if old else self._clock.now()
            attempt.last_output_at = max(attempt.last_output_at or 0.0, written_at)
            block = stream.feed(data)
            found = stream.judge.take(block, written_at) if block else []
            news.extend(one for one in found if not known and _new(attempt, one))
        return news

    def _stream(self, attempt: _Attempt, chunk: Chunk) -> _Followed:
        stream = attempt.streams.get(chunk.stream)
        if stream is None:
            judge = self._judge_of(chunk.stream)
            stream = attempt.streams[chunk.stream] = _Followed(0, 0, 0.0, judge)
        return stream

    def _judge_of(self, stream: Stream) -> StreamJudge:
        return StreamJudge(stream, self._rules, self._scanner.scan, self._zone)

    def _note(self, ref: Ref, attempt: _Attempt, name: Stream) -> None:
        stream = attempt.streams[name]
        self._moved[ref.task, ref.attempt, name] = stream.next - stream.reader.pending
        now = self._clock.now()
        if now - self._noted_at >= _NOTE_EVERY_S:
            self._noted_at = now
            self._note_offsets(dict(self._moved))

    def _concluded(self, attempt: _Attempt) -> Evidence:
        now = self._clock.now()
        detections: list[Detection] = []
        for stream in attempt.streams.values():
            rest = stream.reader.flush()
            if rest:
                late = stream.next <= stream.known_to
                stream.judge.take(rest, stream.old_at if late else now)
            detections.extend(stream.judge.detections())
        proved = tuple(detections)
        return Evidence(
            detections=proved,
            last_line=_last_line(attempt),
            tail_text=_tail_text(attempt, proved),
        )


def _parts(chunk: Chunk, *places: int) -> Iterator[bytes]:
    """Cut a chunk at these offsets of the file: what is before one is older news than the rest."""
    start = 0
    for place in sorted(places):
        cut = place - chunk.offset
        if start < cut < len(chunk.data):
            yield chunk.data[start:cut]
            start = cut
    yield chunk.data[start:]


def _new(attempt: _Attempt, detection: Detection) -> bool:
    """Tell whether the core must hear of this now: strong, about a limit, and not said before."""
    if not detection.strong or detection.stream != "stderr":
        return False
    if detection.error_class is ErrorClass.RATE_LIMIT:
        wait_s = (detection.retry_at or 0.0) - detection.written_at
        if wait_s < _HOLDING_WAIT_S:
            return False
    elif detection.error_class not in _ACTED_UPON:
        return False
    if detection.rule in attempt.sent:
        return False
    attempt.sent.add(detection.rule)
    return True


def _last_line(attempt: _Attempt) -> str:
    for name in reversed(STREAMS):
        stream = attempt.streams.get(name)
        if stream is not None and stream.judge.last:
            return redact(stream.judge.last.decode("utf-8", "replace").strip())[:500]
    return ""


def _size_and_time(path: Path, now: float) -> tuple[int, float]:
    try:
        facts = path.stat()
    except OSError:
        return 0, now
    return facts.st_size, min(now, facts.st_mtime)


def _tail_text(attempt: _Attempt, detections: tuple[Detection, ...]) -> str:
    end = End(code=None, ended_at=0.0, detections=detections)
    proof = best_evidence(end, ran_s=0.0)
    names: list[Stream] = ["stderr", "stdout"]
    if proof is not None and proof.stream == "stdout":
        names.reverse()
    for name in names:
        stream = attempt.streams.get(name)
        if stream is None or not stream.judge.last:
            continue
        data = _read_end(attempt.directory / f"{name}.log")
        lines = clean(data).decode("utf-8", "replace").splitlines()
        text = "\n".join(excerpt(lines, proof.line if proof else None))
        if text.strip():
            return redact(text)
    return ""


def _read_end(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(0, size - _TAIL))
            return file.read(_TAIL)
    except OSError as error:
        log.warning("log cannot be read", exc_info=error, extra={"path": str(path)})
        return b""
