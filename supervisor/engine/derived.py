"""Keeps the files that people and scripts read up to date, and never holds up the batch for it."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Set
from time import thread_time

from supervisor.core import documents
from supervisor.core.batch import Holding, Limit
from supervisor.core.models import TaskId
from supervisor.core.phase import Failed, Final, Waiting
from supervisor.core.report import report
from supervisor.core.state import Batch
from supervisor.ports import ArtifactError, Artifacts, Clock, Ref

log = logging.getLogger(__name__)

_APART_S = 1.0
_CPU_SHARE = 0.02
"""Of one core at most: writing 20,000 results takes long, so it is done seldom."""
_MOST_APART_S = 60.0


class Derived:
    """Writes the failed lists and the summary soon after they changed, and each failure's story.

    All of it can be made again from the journal: what cannot be written becomes a banner.
    """

    def __init__(
        self,
        artifacts: Artifacts,
        clock: Clock,
        batch: Batch,
        banner: Callable[[str, str | None], None],
    ) -> None:
        self._artifacts = artifacts
        self._clock = clock
        self._batch = batch
        self._banner = banner
        self._tails: dict[Ref, str] = {}
        self._failed: dict[TaskId, str] = {}
        self._news = asyncio.Event()
        self._hurry = asyncio.Event()
        self._waiters: list[asyncio.Future[None]] = []
        self._over = self._ended = False
        self._apart_s = _APART_S

    def keep_tail(self, ref: Ref, text: str) -> None:
        """Keep the end of an attempt's output until it is known whether the task failed by it."""
        if text:
            self._tails[ref] = text

    def note(self, batch: Batch, changed: Set[TaskId]) -> None:
        """Take in a durable batch; never waits."""
        if _holds_changed(self._batch, batch):
            self._news.set()
        self._batch = batch
        for name in changed:
            task = batch.tasks.get(name)
            if task is None:
                continue  # removed from the batch file before it ever ran
            if isinstance(task.phase, Failed):
                self._failed[name] = self._tails.pop(Ref(name, task.attempt), "")
            if isinstance(task.phase, Final | Waiting):
                self._news.set()
            if self._tails and not isinstance(task.phase, Failed):
                self._tails.pop(Ref(name, len(task.history)), None)

    async def run(self) -> None:
        """Write what changed, a second apart unless somebody waits for it, until ``finish``."""
        while not self._ended:
            await self._news.wait()
            waiters, self._waiters = self._waiters, []
            is_last = self._over
            await self._write()
            _release(waiters)
            if not is_last:
                await self._rest()
            self._ended = is_last
        _release(self._waiters)

    async def written(self) -> None:
        """Return once what was noted until now is written, or cannot be; ``run`` does the writing."""
        if self._ended:
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        self._news.set()
        self._hurry.set()
        await waiter

    async def finish(self, batch: Batch) -> None:
        """Have ``run`` write everything a last time and end."""
        self._batch = batch
        self._over = True
        await self.written()
        try:
            text = report(batch, batch.head.directory, self._clock.now())
            await asyncio.to_thread(self._artifacts.report, text)
        except Exception:
            log.exception("no report could be written")

    async def _rest(self) -> None:
        """Leave time between two writings; none where somebody waits for the next."""
        until = self._clock.now() + self._apart_s
        async with asyncio.TaskGroup() as group:
            pauses: list[asyncio.Task[object]] = [
                group.create_task(self._clock.sleep_until(until), name="apart"),
                group.create_task(self._hurry.wait(), name="hurry"),
            ]
            await asyncio.wait(pauses, return_when=asyncio.FIRST_COMPLETED)
            for pause in pauses:
                pause.cancel()

    async def _write(self) -> None:
        self._news.clear()
        self._hurry.clear()
        batch = self._batch
        failed, self._failed = self._failed, {}
        try:
            spent_s = await asyncio.to_thread(self._write_all, batch, failed)
        except ArtifactError as error:
            log.warning("derived files cannot be written", exc_info=error)
            self._failed = failed | self._failed
            self._banner("files", str(error))
            return
        except Exception as error:
            # Whatever is wrong with these files, the batch itself is well.
            log.exception("derived files cannot be made")
            self._banner("files", f"results cannot be written: {error!r}; see engine.log")
            return
        self._banner("files", None)
        self._apart_s = min(max(_APART_S, spent_s / _CPU_SHARE), _MOST_APART_S)

    def _write_all(self, batch: Batch, failed: Mapping[TaskId, str]) -> float:
        """Write in a worker thread; return the CPU seconds it took."""
        began = thread_time()
        directory = batch.head.directory
        for name, tail in failed.items():
            self._artifacts.task_failed(
                name,
                documents.state_json(batch, name, directory),
                documents.error_log(batch, name, directory, tail.splitlines()),
            )
        self._artifacts.summaries(
            documents.failed_tasks(batch, directory),
            documents.failed_copies(batch),
            documents.summary(batch, directory, self._clock.now()),
        )
        return thread_time() - began


def _release(waiters: Iterable[asyncio.Future[None]]) -> None:
    for waiter in waiters:
        if not waiter.done():  # whoever waited may have gone
            waiter.set_result(None)


def _holds_changed(before: Batch, after: Batch) -> bool:
    """Tell whether what the summary says of holds is another now; paces and ramps are not in it."""
    return any(
        (old := before.limits.get(name)) is None or _hold(old) != _hold(limit)
        for name, limit in after.limits.diff(before.limits).items()
    )


def _hold(limit: Limit) -> tuple[int, float | None]:
    return limit.pause_count, limit.phase.until if isinstance(limit.phase, Holding) else None
