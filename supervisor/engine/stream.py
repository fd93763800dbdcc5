"""One stream of one attempt: chunks of a file → whole lines → detections."""

from collections.abc import Callable, Iterator
from typing import Literal

from supervisor.core.binary import text_of
from supervisor.core.judging import StreamJudge
from supervisor.core.lines import LONGEST, LineReader, has_controls
from supervisor.core.models import Detection
from supervisor.ports import Chunk

_NEWLINE = ord("\n")
_PASSED = 32
"""Pieces without a meaning that wait to be looked at together."""

Reason = Literal["flood", "line", "binary"]
"""Why bytes were skipped: they came too fast, in one endless line, or are no text."""


class FollowedStream:
    """Judges lines as they become whole; remembers half a line and what was proved, no more."""

    __slots__ = (
        "_aligned",
        "_has_controls",
        "_known_to",
        "_old_at",
        "_passed",
        "_passed_at",
        "_reader",
        "judge",
        "next",
        "skipped",
    )

    def __init__(
        self,
        judge: StreamJudge,
        *,
        start: int = 0,
        known_to: int = 0,
        old_at: float = 0.0,
        has_controls: Callable[[bytes], bool] = has_controls,
    ) -> None:
        self.judge = judge
        self.next = start
        """Offset of the byte that comes next."""
        self.skipped: dict[Reason, int] = {}
        self._passed: list[bytes] = []
        self._passed_at = 0.0
        self._has_controls = has_controls
        self._reader = LineReader(has_controls)
        self._aligned = start == 0
        self._known_to = known_to
        """Text before this offset was there when following began, written by ``old_at``."""
        self._old_at = old_at

    @property
    def judged_to(self) -> int:
        """Where the line begins that is not whole yet."""
        return max(0, self.next - self._reader.pending)

    def take(self, chunk: Chunk, saved: int, now: float) -> list[Detection]:
        """Judge the lines that ``chunk`` completes; return what is news.

        What lies before ``saved`` was news to an earlier engine.
        """
        self.settle()
        if chunk.offset != self.next or chunk.restarted:
            self._jump(chunk)
        if chunk.restarted:
            saved = 0
        if chunk.offset >= saved and chunk.offset >= self._known_to:
            return self._take(chunk.data, now)
        news: list[Detection] = []
        for data in _parts(chunk, saved, self._known_to):
            known = self.next < saved
            found = self._take(data, self._old_at if self.next < self._known_to else now)
            if not known:
                news.extend(found)
        return news

    def is_plain(self, chunk: Chunk, saved: int) -> bool:
        """Tell whether ``chunk`` is nothing but new whole lines after whole lines."""
        return (
            chunk.offset == self.next
            and self._aligned
            and chunk.data[-1] == _NEWLINE
            and not chunk.restarted
            and not self._reader.pending
            and self.next >= self._known_to
            and self.next >= saved
        )

    def pass_by(self, data: bytes, now: float) -> None:
        """Take in plain lines of which it is known that they mean nothing; they are looked at later."""
        self.next += len(data)
        self._passed.append(data)
        self._passed_at = now
        if len(self._passed) >= _PASSED:
            self.settle()

    def settle(self) -> None:
        """Bring the judge up to date."""
        if self._passed:
            block = b"".join(self._passed)
            self._passed.clear()
            self.judge.pass_by(block, self._passed_at)

    def flush(self, now: float) -> None:
        """Judge the last line as if it had ended: the stream is over."""
        self.settle()
        if rest := self._reader.flush():
            self.judge.take(rest, self._old_at if self.next <= self._known_to else now)

    def progress(self) -> object:
        """Return what differs once the stream has told of progress."""
        self.settle()
        return self.judge.progress()

    def written_at(self, now: float) -> float:
        """Return when the last byte taken in was written."""
        return self._old_at if self.next <= self._known_to else now

    def _jump(self, chunk: Chunk) -> None:
        """Go on elsewhere: the file was truncated or replaced, or a part of it is passed over."""
        if chunk.offset > self.next and not chunk.restarted:
            self._skip("flood", chunk.offset - self.next)
        if chunk.restarted:
            self._known_to = 0
        self._reader = LineReader(self._has_controls)
        self._aligned = chunk.offset == 0
        self.next = chunk.offset

    def _take(self, data: bytes, written_at: float) -> list[Detection]:
        self.next += len(data)
        data, binary = text_of(data)
        if binary:
            self._skip("binary", binary)
        before = self._reader.pending
        if not self._aligned:
            # Half a line proves nothing: one whose beginning was never seen is passed over.
            end = data.find(b"\n") + 1
            self._aligned = end > 0
            if "flood" in self.skipped:
                self._skip("flood", end or len(data))
            data = data[end:] if end else b""
        block = self._reader.feed(data)
        if before > LONGEST or self._reader.pending > LONGEST:
            self._count_line(before, whole=bool(block))
        return self.judge.take(block, written_at) if block else []

    def _count_line(self, before: int, *, whole: bool) -> None:
        """Count what a line beyond 1 MiB lost since the last look."""
        known = 0 if whole else max(0, before - LONGEST)
        self._skip("line", max(0, self._reader.pending - LONGEST) - known)

    def _skip(self, reason: Reason, count: int) -> None:
        self.skipped[reason] = self.skipped.get(reason, 0) + count


def _parts(chunk: Chunk, *places: int) -> Iterator[bytes]:
    """Cut a chunk at these offsets of the file: what is before one is older news than the rest."""
    start = 0
    for place in sorted(places):
        cut = place - chunk.offset
        if start < cut < len(chunk.data):
            yield chunk.data[start:cut]
            start = cut
    yield chunk.data[start:]
