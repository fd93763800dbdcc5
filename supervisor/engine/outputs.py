"""What an attempt wrote and left behind: followed while it lives, concluded when it is over."""

import logging
from collections.abc import Awaitable, Callable, Mapping

from supervisor.core.events import Event, Noted
from supervisor.core.models import Detection, End, Stream, TaskId
from supervisor.core.spent import Spent
from supervisor.core.told import Told
from supervisor.engine.conclusion import Evidence, shown_in_file
from supervisor.engine.detectors import Detector
from supervisor.engine.pump import Pump
from supervisor.engine.runners import Left, Runners
from supervisor.engine.sources import Sources
from supervisor.ports import Backend, Gone, Ref

log = logging.getLogger(__name__)

Submit = Callable[[Event], Awaitable[None]]
Counted = Callable[[Ref], Awaitable[tuple[int, int] | None]]
"""Returns how far an attempt that is over said it was."""
Heard = Callable[[Ref], Awaitable[Told | None]]
"""Returns what the marks of an attempt that is over add up to."""
Offsets = Mapping[tuple[TaskId, int, Stream], int]


class Outputs:
    """Everything that is read of attempts. A fault in one is news about that one, nothing more."""

    def __init__(
        self,
        *,
        backend: Backend,
        pump: Pump,
        submit: Submit,
        offsets: Offsets,
        keep_tail: Callable[[Ref, str], None],
        runners: Runners | None = None,
        sources: Sources | None = None,
        counted: Counted | None = None,
        heard: Heard | None = None,
        spent: Callable[[Ref], Spent | None] = lambda _ref: None,
    ) -> None:
        self._backend = backend
        self._pump = pump
        self._submit = submit
        self._keep_tail = keep_tail
        self._runners = runners
        self._sources = sources
        self._counted = counted
        self._heard = heard
        self._spent = spent
        self._offsets = _by_ref(offsets)

    async def run(self) -> None:
        """Watch the files beside the streams until cancelled."""
        if self._sources is not None:
            await self._sources.run()

    def adopt(self, detector: Detector) -> None:
        """Judge what attempts leave behind by other rules from now on."""
        for reader in (self._runners, self._sources):
            if reader is not None:
                reader.adopt(detector)

    def begin(self, ref: Ref, *, adopted: bool) -> None:
        """Follow what the attempt writes from now on."""
        try:
            offsets = self._offsets.pop(ref, {})
            directory = self._backend.directory(ref)
            self._pump.begin(ref, directory, offsets, adopted)
            if self._runners is not None:
                self._runners.began(ref, directory)
            if self._sources is not None:
                self._sources.began(ref, directory)
        except Exception:
            log.exception("output cannot be followed", extra={"task": ref.task})

    async def end(self, gone: Gone) -> End:
        """Read all to its end and return what it proves."""
        evidence = Evidence()
        try:
            evidence = await self._pump.finish(gone.ref)
        except Exception:
            log.exception(
                "output could not be read", extra={"task": gone.ref.task, "code": gone.code}
            )
        in_files = await self._in_files(gone.ref)
        left = await self._left(gone)
        error = left.results.error if left.results is not None else ""
        in_file = shown_in_file((*evidence.detections, *in_files)) if in_files else ""
        self._keep_tail(gone.ref, error or in_file or evidence.tail_text)
        return End(
            code=gone.code,
            ended_at=gone.ended_at,
            preset=gone.preset,
            cause=gone.cause,
            detections=(*evidence.detections, *in_files, *left.detections),
            last_line=evidence.last_line,
            oom_killed=gone.oom_killed,
            results=left.results,
            progress=await self._progress(gone, left),
            told=await self._told(gone.ref),
            spent=self._spent(gone.ref),
        )

    async def _progress(self, gone: Gone, left: Left) -> tuple[int, int] | None:
        """Return how far an attempt was that failed; its results know better than its output."""
        seen = left.results
        if seen is not None and seen.done is not None and seen.total is not None:
            return seen.done, seen.total
        if gone.code == 0 or self._counted is None:
            return None
        try:
            return await self._counted(gone.ref)
        except Exception:
            log.exception("progress is unknown", extra={"task": gone.ref.task})
            return None

    async def _told(self, ref: Ref) -> Told | None:
        """Return what the attempt said of itself in marks."""
        if self._heard is None:
            return None
        try:
            return await self._heard(ref)
        except Exception:
            log.exception("marks could not be read", extra={"task": ref.task})
            return None

    async def _in_files(self, ref: Ref) -> tuple[Detection, ...]:
        """Return what files beside the streams prove; those that cannot be read prove nothing."""
        if self._sources is None:
            return ()
        try:
            kept = await self._sources.kept(self._backend.directory(ref))
            return (*await self._sources.left(ref), *kept)
        except Exception:
            log.exception("files could not be judged", extra={"task": ref.task})
            return ()

    async def _left(self, gone: Gone) -> Left:
        """Return what the runner left behind; what cannot be read is never the task's failure."""
        if self._runners is None:
            return Left()
        try:
            left = await self._runners.left(gone.ref, gone.ended_at)
        except Exception:
            log.exception("results could not be judged", extra={"task": gone.ref.task})
            return Left()
        if left.results is not None and left.results.trouble:
            ref, text = gone.ref, f"results: {left.results.trouble}"
            await self._submit(Noted(task=ref.task, attempt=ref.attempt, text=text))
        return left


def _by_ref(offsets: Offsets) -> dict[Ref, dict[Stream, int]]:
    by_ref: dict[Ref, dict[Stream, int]] = {}
    for (task, attempt, stream), offset in offsets.items():
        by_ref.setdefault(Ref(task, attempt), {})[stream] = offset
    return by_ref
