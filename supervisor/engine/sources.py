"""Files beside the streams: which attempt a file belongs to, and what its text proves."""

import asyncio
import logging
import os
import re
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path

from supervisor.core.command import RESERVED
from supervisor.core.events import Detected, Event
from supervisor.core.facets import LIVE
from supervisor.core.globs import filled_in, matcher, opened
from supervisor.core.judging import StreamJudge
from supervisor.core.lines import LineReader
from supervisor.core.models import Detection
from supervisor.core.places import CONTAINERS, INSIDE
from supervisor.core.reported import reported, says_failed
from supervisor.core.state import Batch
from supervisor.core.storms import Watch
from supervisor.engine.detectors import Detector
from supervisor.ports import Ref
from supervisor.ports.sources import Piece, SourceFiles

log = logging.getLogger(__name__)

_LARGEST_SAVED = 1 << 18
_MOST_FILES = 64
"""Files remembered of one attempt; of more, those written last count."""
_PATIENCE_S = 30.0
"""How long an end waits for its files; a file system that hangs must not keep it for ever."""
_CLOCK_STEP_S = 0.02
_HIDDEN = re.compile(r"(?:^|/)\.[^./]")


class _File:
    """One file's text, judged line by line."""

    def __init__(self, judge: StreamJudge, *, hidden: bool) -> None:
        self._judge = judge
        self._reader = LineReader()
        self._hidden = hidden
        self.is_result = False
        """A whole document that stands in no hidden folder: those hold what was tried again."""
        self.says_failed = False

    def adopt(self, detector: Detector) -> None:
        self._judge.adopt(detector.rules, detector.scanner.scan, detector.zone)

    def take(self, piece: Piece) -> list[Detection]:
        if piece.whole:
            text = reported(piece.data)
            self.is_result = text is not None and not self._hidden
            self.says_failed = bool(text) and self.is_result and says_failed(piece.data)
            block = piece.data if text is None else text.encode("utf-8", "replace")
            clean = self._reader.feed(block) + self._reader.flush()
        else:
            clean = self._reader.feed(piece.data)
        return self._judge.take(clean, piece.modified_at) if clean else []

    def proved(self, now: float) -> tuple[Detection, ...]:
        if rest := self._reader.flush():
            self._judge.take(rest, now)
        return self._judge.detections()


class _Files:
    """The files of one attempt, or those that may be several attempts'."""

    def __init__(self, judge: Callable[[], StreamJudge]) -> None:
        self._judge = judge
        self._files: dict[str, _File] = {}
        self._reported: set[tuple[str, str, str]] = set()

    def adopt(self, judge: Callable[[], StreamJudge], detector: Detector) -> None:
        self._judge = judge
        for file in self._files.values():
            file.adopt(detector)

    def take(self, piece: Piece, *, hidden: bool = False) -> list[Detection]:
        """Judge a piece; return what it says that was not said before."""
        path = piece.path
        file = self._files.pop(path, None)
        if file is None or piece.begins or piece.whole:
            file = _File(self._judge(), hidden=hidden)
        self._files[path] = file
        if len(self._files) > _MOST_FILES:
            del self._files[next(iter(self._files))]
        found = [replace(one, path=path) for one in file.take(piece)]
        if not piece.whole:
            return found
        # A document that is written again says again what it said before: that is no storm.
        fresh = [one for one in found if (path, one.rule, one.line) not in self._reported]
        self._reported.update((path, one.rule, one.line) for one in fresh)
        return fresh

    def proved(self, now: float) -> tuple[Detection, ...]:
        """Return what all files prove; a single result that says it failed speaks for the attempt."""
        single = sum(file.is_result for file in self._files.values()) == 1
        return tuple(
            replace(
                found, path=path, place="result" if single and file.says_failed else found.place
            )
            for path, file in self._files.items()
            for found in file.proved(now)
        )


@dataclass(slots=True)
class _Living:
    """An attempt, and which files it may have written."""

    ref: Ref
    patterns: tuple[str, ...]
    hidden: tuple[str, ...]
    """Those of the patterns that go through a hidden folder."""
    since: float
    files: _Files
    watch: Watch = field(default_factory=Watch)

    def may_have_written(self, path: str, modified_at: float) -> bool:
        if modified_at < self.since - (1.0 if modified_at == int(modified_at) else _CLOCK_STEP_S):
            return False
        return any(matcher(pattern).fullmatch(path) for pattern in self.patterns)

    def is_hidden(self, path: str) -> bool:
        return any(matcher(pattern).fullmatch(path) for pattern in self.hidden)


class Sources:
    """Follows the files that ``sources`` of living attempts name.

    What is written to a file while just one attempt lives that means it is that attempt's evidence.
    With several of them it is news about their limits, and nobody's end.
    """

    def __init__(
        self,
        files: SourceFiles,
        judge: Callable[[], StreamJudge],
        *,
        batch: Callable[[], Batch],
        now: Callable[[], float],
        submit: Callable[[Event], Awaitable[None]],
    ) -> None:
        self._files = files
        self._judge = judge
        self._batch = batch
        self._now = now
        self._submit = submit
        self._since = now()
        self._living: dict[Ref, _Living] = {}
        self._untied = _Files(judge)

    def adopt(self, detector: Detector) -> None:
        """Judge by other rules from now on, what is followed already too."""

        def judge() -> StreamJudge:
            return StreamJudge("file", detector.rules, detector.scanner.scan, detector.zone)

        self._judge = judge
        for files in (self._untied, *(living.files for living in self._living.values())):
            files.adopt(judge, detector)

    def began(self, ref: Ref, directory: Path) -> None:
        """Take note that ``ref`` lives; costs nothing for a task without ``sources``."""
        batch = self._batch()
        spec, task = batch.specs.get(ref.task), batch.tasks.get(ref.task)
        if spec is None or not spec.sources or task is None or not isinstance(task.phase, LIVE):
            return
        own = {"task": ref.task, "attempt": str(ref.attempt)}
        own["task_dir"] = str(directory.parent)
        values = {**spec.params, **own, "slot": str(task.phase.slot)}
        patterns = tuple(filled_in(one, spec.cwd, values) for one in spec.sources)
        hidden = tuple(
            filled
            for filled, one in zip(patterns, spec.sources, strict=True)
            if _HIDDEN.search(one)
        )
        living = _Living(ref, patterns, hidden, task.phase.since, _Files(self._judge))
        self._living[ref] = living
        names = (*spec.params, *RESERVED)
        self._files.watch([opened(one, spec.cwd, names) for one in spec.sources], living.since)

    async def run(self) -> None:
        """Read what is written until cancelled."""
        async with aclosing(self._files.changed()) as changes:
            async for paths in changes:
                for path in paths:
                    await self._read(path)

    async def left(self, ref: Ref) -> tuple[Detection, ...]:
        """Read the files of ``ref``, which has ended, to their size; return what they prove."""
        living = self._living.get(ref)
        if living is None:
            return ()
        try:
            async with asyncio.timeout(_PATIENCE_S):
                for path in await self._files.written(living.patterns, living.since):
                    await self._read(path)
        except TimeoutError:
            log.warning("files beside the streams were not read", extra={"task": ref.task})
        finally:
            del self._living[ref]
        if not self._living:
            self._untied = _Files(self._judge)
        return living.files.proved(self._now())

    async def kept(self, directory: Path) -> tuple[Detection, ...]:
        """Return what the files prove that were saved out of the attempt's containers."""
        if not (directory / CONTAINERS).is_dir():
            return ()
        files = _Files(self._judge)
        for piece in await asyncio.to_thread(_saved, directory / CONTAINERS):
            files.take(piece)
        return files.proved(self._now())

    async def _read(self, path: str) -> None:
        piece = await self._files.read(path)
        if piece is None:
            return
        owners = [
            living
            for living in self._living.values()
            if living.may_have_written(path, piece.modified_at)
        ]
        try:
            events = self._judged(piece, owners)
        except Exception:
            # A fault of ours over one file must not end the reading of the others.
            log.exception("file could not be judged", extra={"path": path})
            return
        for event in events:
            await self._submit(event)

    def _judged(self, piece: Piece, owners: list[_Living]) -> list[Event]:
        """Return what the core must hear now; an earlier engine has told what is older than this."""
        if not owners:
            return []
        tied = len(owners) == 1
        files = owners[0].files if tied else self._untied
        found = files.take(piece, hidden=owners[0].is_hidden(piece.path))
        if piece.modified_at < self._since - _CLOCK_STEP_S:
            return []
        return [
            Detected(task=owner.ref.task, attempt=owner.ref.attempt, detection=told)
            for detection in (replace(one, tied=tied) for one in found)
            for owner in owners
            if (told := owner.watch.news(detection, lambda: None)) is not None
        ]


def _saved(folder: Path) -> list[Piece]:
    """Return the ends of the files that lay inside of containers, the first ones of many."""
    pieces: list[Piece] = []
    for path in sorted(folder.glob(f"*/{INSIDE}/*"))[:_MOST_FILES]:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _LARGEST_SAVED))
            data = file.read(_LARGEST_SAVED)
        at = path.stat().st_mtime
        pieces.append(Piece(path=str(path), data=data, modified_at=at, begins=True))
    return pieces
