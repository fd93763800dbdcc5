"""Asks runners that live about themselves, and reads what those left behind that have ended."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from supervisor.core.facets import LIVE
from supervisor.core.judging import StreamJudge
from supervisor.core.models import Detection, ErrorClass, ResultsSeen
from supervisor.core.rules import RuleBook
from supervisor.core.state import Batch
from supervisor.core.zones import ZoneLookup
from supervisor.engine.detectors import Detector
from supervisor.engine.looking import look_for, place_of
from supervisor.ports import Look, Ref, Results, Said, Scanner

log = logging.getLogger(__name__)

TextJudge = Callable[[str, float], Sequence[Detection]]
"""What a text proves that was written at a time."""

_PATIENCE_S = 30.0
"""How long an end waits for its results; a file system that hangs must not keep it for ever."""
_JUDGED = 100
"""Failed items whose texts are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What an attempt left behind."""

    results: ResultsSeen | None = None
    """None: nothing says where to look."""
    detections: tuple[Detection, ...] = ()
    """What the texts of the results prove."""


def text_judge(rules: RuleBook, scanner: Scanner, zone: ZoneLookup) -> TextJudge:
    """Return what judges a text of a runner's results as lines of a file."""

    def judge(text: str, written_at: float) -> Sequence[Detection]:
        stream = StreamJudge("file", rules, scanner.scan, zone)
        stream.take(f"{text}\n".encode("utf-8", "replace"), written_at)
        return stream.detections()

    return judge


class Runners:
    """Knows which attempts share a place for their results, and what those said that live."""

    def __init__(
        self,
        results: Results,
        judge: TextJudge,
        *,
        batch: Callable[[], Batch],
        environ: Mapping[str, str],
    ) -> None:
        self._results = results
        self._judge = judge
        self._batch = batch
        self._environ = environ
        self._living: dict[Ref, Look] = {}
        self._last_end: dict[str, float] = {}
        """When the last attempt that wrote to a place ended."""
        self._known: dict[Ref, tuple[Path, ...]] = {}

    def adopt(self, detector: Detector) -> None:
        """Judge results by other rules from now on."""
        self._judge = text_judge(detector.rules, detector.scanner, detector.zone)

    def began(self, ref: Ref, directory: Path) -> None:
        """Take note that ``ref`` lives, and where it will write its results."""
        batch = self._batch()
        task = batch.tasks.get(ref.task)
        if task is None or not isinstance(task.phase, LIVE) or task.phase.attempt != ref.attempt:
            return
        since = task.phase.since
        look = look_for(batch, ref, directory, since=since, environ=self._environ)
        if look is not None:
            self._living[ref] = look

    async def ask(self, ref: Ref, pids: Sequence[int]) -> Said | None:
        """Return what the runner of a living attempt says of itself; None: it cannot be asked."""
        look = self._living.get(ref)
        if look is None or look.reader is None:
            return None
        said = await self._results.ask(look.reader, pids)
        if said is not None and said.paths:
            self._known[ref] = said.paths
        return said

    async def left(self, ref: Ref, ended_at: float) -> Left:
        """Return what ``ref``, which has ended, left behind; it is forgotten."""
        look = self._living.pop(ref, None)
        known = self._known.pop(ref, ())
        if look is None:
            return Left()
        shared = self._is_shared(look)
        self._note_end(look, ended_at)
        seen = await self._read(replace(look, known=known, shared=shared))
        return Left(results=seen, detections=self._proved(seen, ended_at))

    def _is_shared(self, look: Look) -> bool:
        """Tell whether another attempt lived at the same time that writes to the same place."""
        places = set(place_of(look))
        if any(self._last_end.get(place, 0.0) > look.since for place in places):
            return True
        return any(not places.isdisjoint(place_of(other)) for other in self._living.values())

    def _note_end(self, look: Look, ended_at: float) -> None:
        oldest = min((other.since for other in self._living.values()), default=ended_at)
        self._last_end = {place: at for place, at in self._last_end.items() if at > oldest}
        for place in place_of(look):
            self._last_end[place] = max(ended_at, self._last_end.get(place, 0.0))

    async def _read(self, look: Look) -> ResultsSeen:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                seen = await self._results.read(look)
        except TimeoutError:
            seen = ResultsSeen(trouble=f"reading the results took more than {_PATIENCE_S:g} s")
        if seen.trouble:
            log.warning("results prove nothing", extra={"trouble": seen.trouble})
        return seen

    def _proved(self, seen: ResultsSeen, written_at: float) -> tuple[Detection, ...]:
        """Return what the run's error proves, else what most of its failed items met."""
        if seen.error:
            return self._judged(seen.error, seen.path, written_at)
        by_class: dict[ErrorClass, list[Detection]] = {}
        for item in seen.failed[-_JUDGED:]:
            for found in self._judged(item.text, seen.path, written_at)[-1:]:
                by_class.setdefault(found.error_class, []).append(found)
        return tuple(replace(same[-1], repeats=len(same)) for same in by_class.values())

    def _judged(self, text: str, path: str, written_at: float) -> tuple[Detection, ...]:
        return tuple(replace(found, path=path) for found in self._judge(text, written_at))
