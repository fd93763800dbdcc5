"""Looks at the GPUs while any task needs one, and tells the core what decides."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from supervisor.core.events import Event, GpusSeen
from supervisor.core.gpus import same_to_us
from supervisor.core.state import Batch
from supervisor.ports import Clock, Gpus, GpusUnseenError

log = logging.getLogger(__name__)

_EVERY_S = 2.0


class GpuWatch:
    """Compares each look with what the core knows; only what differs is told."""

    def __init__(
        self,
        gpus: Gpus | None,
        *,
        clock: Clock,
        batch: Callable[[], Batch],
        submit: Callable[[Event], Awaitable[None]],
    ) -> None:
        self._gpus = gpus
        self._clock = clock
        self._batch = batch
        self._submit = submit
        self._specs: object = None
        self._needed = False

    async def run(self) -> None:
        """Look every two seconds until cancelled, as long as some task of the batch needs a GPU."""
        while self._gpus is not None:
            batch = self._batch()
            if batch.specs is not self._specs:
                self._specs = batch.specs
                self._needed = any(spec.gpus is not None for spec in batch.specs.values())
            if self._needed:
                await self.look(self._gpus, batch)
            await self._clock.sleep_until(self._clock.now() + _EVERY_S)

    async def look(self, gpus: Gpus, batch: Batch) -> None:
        """Look once; ``batch`` is from before it."""
        event = GpusSeen()
        try:
            seen = tuple(await asyncio.to_thread(gpus.look))
            stale = tuple(g.seen.index for g in batch.desk.gpus if g.stale and g.by is None)
            event = GpusSeen(gpus=seen, fresh=stale)
        except GpusUnseenError as error:
            event = GpusSeen(trouble=str(error))
        except Exception as error:
            log.exception("GPUs could not be looked at")
            event = GpusSeen(trouble=f"looking at them failed: {error!r}")
        if _tells(batch, event):
            await self._submit(event)


def _tells(batch: Batch, event: GpusSeen) -> bool:
    """Whether the core knows less, or other things."""
    if event.trouble is not None or batch.desk.gpu_trouble is not None:
        return event.trouble != batch.desk.gpu_trouble
    unknown = {one.index: one for one in event.gpus}
    for gpu in batch.desk.gpus:
        one = unknown.pop(gpu.seen.index, None)
        if one is None:
            if not gpu.seen.lost:
                return True
        elif gpu.by is None and not same_to_us(one, gpu.seen):
            return True
    return bool(unknown or event.fresh)
