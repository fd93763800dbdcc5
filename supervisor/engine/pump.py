"""Bytes of the logs → lines → detections; what is proved goes to the core, the rest stays here."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path

from supervisor.core.events import Detected, Event
from supervisor.core.judging import StreamJudge
from supervisor.core.models import Detection, Stream, TaskId
from supervisor.core.rules import RuleBook
from supervisor.core.zones import ZoneLookup
from supervisor.engine.conclusion import Evidence
from supervisor.engine.detectors import Detector
from supervisor.engine.followed import FollowedAttempt
from supervisor.engine.sifting import SMALL, meaningless
from supervisor.engine.skipped import Skipped
from supervisor.engine.stream import FollowedStream
from supervisor.ports import Chunk, Clock, Follower, Ref, Scanner

log = logging.getLogger(__name__)

__all__ = ["AGAIN", "Evidence", "Pump"]

Offsets = Mapping[tuple[TaskId, int, Stream], int]
_Plain = tuple[Chunk, FollowedAttempt, FollowedStream]

STREAMS: tuple[Stream, Stream] = ("stdout", "stderr")
AGAIN = 64 * 1024
"""Bytes before a saved offset that are read again after a restart of the engine."""
_NOTE_EVERY_S = 1.0
_AT_ONCE = 512 * 1024
"""Bytes of an ended attempt's output that are judged before others get their turn."""


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
        banner: Callable[[str, str | None, str], None] = lambda _key, _text, _command: None,
    ) -> None:
        self._follower = follower
        self._scanner = scanner
        self._rules = rules
        self._clock = clock
        self._zone = zone
        self._submit = submit
        self._note_offsets = note_offsets
        self._skipped = Skipped(submit, banner)
        self._attempts: dict[Ref, FollowedAttempt] = {}
        self._moved: dict[FollowedStream, tuple[TaskId, int, Stream]] = {}
        self._skipping: dict[FollowedStream, tuple[Ref, Stream]] = {}
        self._noted_at = 0.0

    def adopt(self, detector: Detector) -> None:
        """Judge by other rules from now on, what is followed already too."""
        self._scanner, self._rules, self._zone = detector.scanner, detector.rules, detector.zone
        for attempt in self._attempts.values():
            attempt.adopt(detector)

    def begin(
        self, ref: Ref, directory: Path, offsets: Mapping[Stream, int], adopted: bool = False
    ) -> None:
        """Follow both streams of ``ref``; ``offsets`` are those an earlier engine had noted.

        Of an adopted attempt the last 64 KiB before them are read again, as evidence for its end.
        """
        if ref in self._attempts:
            return
        attempt = self._attempts[ref] = FollowedAttempt(directory, offsets)
        starts: dict[Stream, int] = {}
        if adopted or offsets:
            for name in STREAMS:
                starts[name] = max(0, offsets.get(name, 0) - AGAIN)
                attempt.take_up(
                    name, starts[name], self._judge_of(name), self._clock.now(), self._scanner
                )
        self._follower.follow(ref, directory, starts)

    async def run(self) -> None:
        """Read until cancelled, or until the follower ends."""
        async with aclosing(self._follower.chunks()) as turns:
            async for turn in turns:
                # All of a turn is taken in before anything is waited for: an attempt that ends
                # meanwhile must find every line that was read of it.
                for event in self._take_in(turn):
                    await self._submit(event)
                await self._tell_skipped()

    async def finish(self, ref: Ref) -> Evidence:
        """Read both streams to their size now and return all that was found; ``ref`` is forgotten."""
        attempt = self._attempts.get(ref)
        if attempt is None:
            return Evidence()
        in_a_row = 0
        for chunk in self._follower.finish(ref):
            self._guarded(ref, attempt, chunk, self._clock.now())
            in_a_row += len(chunk.data)
            if in_a_row >= _AT_ONCE:
                in_a_row = 0
                await asyncio.sleep(0)
        self._attempts.pop(ref, None)
        if not attempt.streams:
            return Evidence()
        for stream in attempt.streams.values():
            self._moved.pop(stream, None)
            self._skipping.pop(stream, None)
        evidence = attempt.concluded(self._clock.now())
        totals = {f"{n}.log": one.skipped for n, one in attempt.streams.items() if one.skipped}
        if totals:
            await self._skipped.over(ref, totals)
        return evidence

    def last_output_at(self, ref: Ref) -> float | None:
        """Return when ``ref`` last wrote anything, as far as is known."""
        attempt = self._attempts.get(ref)
        return attempt.last_output_at if attempt else None

    def offsets(self) -> Offsets:
        """Return what moved since the last call: up to where whole lines have been judged."""
        moved, self._moved = self._moved, {}
        return {place: stream.judged_to for stream, place in moved.items()}

    def _take_in(self, turn: Sequence[Chunk]) -> list[Event]:
        """Judge a turn's lines; return what the core must hear now."""
        now = self._clock.now()
        events: list[Event] = []
        for chunk in self._telling(turn, now):
            attempt = self._attempts.get(chunk.ref)
            if attempt is None:
                continue
            ref = chunk.ref
            found = self._guarded(ref, attempt, chunk, now)
            events.extend(
                Detected(task=ref.task, attempt=ref.attempt, detection=told)
                for one in found
                if (told := attempt.watch.news(one, attempt.progress)) is not None
            )
        if now - self._noted_at >= _NOTE_EVERY_S:
            self._noted_at = now
            self._note_offsets(self.offsets())
        return events

    def _telling(self, turn: Sequence[Chunk], now: float) -> Sequence[Chunk]:
        """Take in the chunks that are plain lines without a meaning; return the others."""
        if len(turn) == 1:
            return turn
        plain, rest = self._parted(turn)
        try:
            quiet = meaningless([chunk.data for chunk, _, _ in plain], self._scanner.scan)
        except Exception:
            log.exception("output could not be sifted")
            return turn
        for (chunk, attempt, stream), means_nothing in zip(plain, quiet, strict=True):
            if means_nothing:
                stream.pass_by(chunk.data, now)
                attempt.last_output_at = now
                if stream not in self._moved:
                    self._moved[stream] = (chunk.ref.task, chunk.ref.attempt, chunk.stream)
            else:
                rest.append(chunk)
        return rest

    def _parted(self, turn: Sequence[Chunk]) -> tuple[list[_Plain], list[Chunk]]:
        """Return the chunks of a turn that are short plain lines, and the others."""
        plain: list[_Plain] = []
        rest: list[Chunk] = []
        for chunk in turn:
            attempt = self._attempts.get(chunk.ref)
            stream = attempt.streams.get(chunk.stream) if attempt is not None else None
            if (
                attempt is not None
                and stream is not None
                and len(chunk.data) <= SMALL
                and stream.is_plain(chunk, attempt.saved.get(chunk.stream, 0))
            ):
                plain.append((chunk, attempt, stream))
            else:
                rest.append(chunk)
        return plain, rest

    def _guarded(
        self, ref: Ref, attempt: FollowedAttempt, chunk: Chunk, now: float
    ) -> list[Detection]:
        """A fault of ours over one attempt's text must not end the reading of the others'."""
        try:
            return self._judge(ref, attempt, chunk, now)
        except Exception:
            log.exception("output could not be judged", extra={"task": ref.task})
            return []

    def _judge(
        self, ref: Ref, attempt: FollowedAttempt, chunk: Chunk, now: float
    ) -> list[Detection]:
        name = chunk.stream
        stream = attempt.streams.get(name)
        if stream is None:
            stream = attempt.streams[name] = FollowedStream(
                self._judge_of(name), has_controls=self._scanner.has_controls
            )
        self._moved[stream] = (ref.task, ref.attempt, name)
        found = stream.take(chunk, attempt.saved.get(name, 0), now)
        if stream.skipped:
            self._skipping[stream] = (ref, name)
        attempt.last_output_at = max(attempt.last_output_at or 0.0, stream.written_at(now))
        return found

    def _judge_of(self, name: Stream) -> StreamJudge:
        return StreamJudge(name, self._rules, self._scanner.scan, self._zone)

    async def _tell_skipped(self) -> None:
        while self._skipping:
            stream, (ref, name) = self._skipping.popitem()
            await self._skipped.note(ref, f"{name}.log", stream.skipped)
