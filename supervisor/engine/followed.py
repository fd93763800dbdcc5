"""One attempt whose output is followed: its two streams, and what they prove in the end."""

from collections.abc import Mapping
from pathlib import Path

from supervisor.core.judging import StreamJudge
from supervisor.core.models import Detection, Stream
from supervisor.core.storms import Watch
from supervisor.engine.conclusion import Evidence, concluded
from supervisor.engine.detectors import Detector
from supervisor.engine.stream import FollowedStream
from supervisor.ports import Scanner


class FollowedAttempt:
    """What is remembered of one attempt; ``saved`` are the offsets an earlier engine had noted."""

    __slots__ = ("directory", "last_output_at", "saved", "streams", "watch")

    def __init__(self, directory: Path, saved: Mapping[Stream, int]) -> None:
        self.directory = directory
        self.saved = saved
        self.streams: dict[Stream, FollowedStream] = {}
        self.watch = Watch()
        self.last_output_at: float | None = None

    def adopt(self, detector: Detector) -> None:
        """Judge both streams by other rules from now on."""
        for stream in self.streams.values():
            stream.judge.adopt(detector.rules, detector.scanner.scan, detector.zone)

    def progress(self) -> object:
        """Return what differs once either stream has told of progress."""
        return tuple(stream.progress() for stream in self.streams.values())

    def take_up(
        self, name: Stream, start: int, judge: StreamJudge, now: float, scanner: Scanner
    ) -> None:
        """Go on with what an earlier engine followed: what lies there is as old as the file."""
        known_to, old_at = _size_and_time(self.directory / f"{name}.log", now)
        if known_to:
            self.last_output_at = max(self.last_output_at or 0.0, old_at)
        self.streams[name] = FollowedStream(
            judge,
            start=start,
            known_to=known_to,
            old_at=old_at,
            has_controls=scanner.has_controls,
        )

    def concluded(self, now: float) -> Evidence:
        """Judge the last lines too, whole or not, and return all that was found."""
        detections: list[Detection] = []
        for stream in self.streams.values():
            stream.flush(now)
            detections.extend(stream.judge.detections())
        last_lines: dict[Stream, bytes] = {
            name: stream.judge.last for name, stream in self.streams.items()
        }
        return concluded(self.directory, last_lines, tuple(detections))


def _size_and_time(path: Path, now: float) -> tuple[int, float]:
    try:
        facts = path.stat()
    except OSError:
        return 0, now
    return facts.st_size, min(now, facts.st_mtime)
