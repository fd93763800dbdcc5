"""An engine from its first step to its last: what starts when, and what ends before what."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Sequence, Set
from contextlib import aclosing
from pathlib import Path

from supervisor.core.board import API
from supervisor.core.effects import Effect, EndEngine
from supervisor.core.events import ClockJumped, Tick
from supervisor.core.models import TaskId
from supervisor.core.options import RunOptions
from supervisor.core.state import Batch
from supervisor.core.step import effects_in_force
from supervisor.engine.announce import (
    EngineInfo,
    announce,
    boot_id,
    choose_socket,
    say_ended,
    start_time,
)
from supervisor.engine.hub import Hub
from supervisor.engine.loop import Loop
from supervisor.engine.parts import Parts
from supervisor.engine.recovery import Recovered
from supervisor.engine.works import Ground, works
from supervisor.engine.writer import Writer

log = logging.getLogger(__name__)

_CLEARING_S = 40.0
"""An engine that is told to stop ends what its attempts left, which has limits of its own."""


class Engine:
    """One run of a batch, from adoption to the end of the engine."""

    def __init__(
        self, parts: Parts, writer: Writer, recovered: Recovered, options: RunOptions
    ) -> None:
        batch = recovered.batch
        self._parts = parts
        self._clock = parts.clock
        self._adopted = recovered.adopt
        self._backend = parts.backend(batch.desk.uuid)
        self.hub = Hub(batch, parts.clock.now, on_left=lambda: self._works.farewell.reader_left())
        self.loop = Loop(
            batch,
            clock=parts.clock,
            writer=writer,
            perform=self._perform,
            publish=self._publish,
            on_space=lambda reason: self._works.space.journal(reason),
        )
        ground = Ground(
            parts=parts, backend=self._backend, hub=self.hub, loop=self.loop, writer=writer
        )
        self._works = works(ground, recovered.offsets, options)
        self.service = self._works.service

    async def run(self, on_ready: Callable[[], None]) -> str:
        """Run the batch until it is done or told to stop; return which of both."""
        path = choose_socket(self.loop.batch.desk.uuid, self._parts.home)
        async with asyncio.TaskGroup() as group:
            beside = self._start(group)
            await self._take_up()
            stepping = group.create_task(self.loop.run(), name="loop")
            group.create_task(self._works.calls.run(), name="calls")
            async with self._parts.serve(self.service, str(path)):
                info = _info(self.loop.batch, self._parts, path)
                announce(info, self._parts.home)
                on_ready()
                why = await self._works.farewell.come()
                await self._works.attempts.settled(_CLEARING_S)
                self.loop.close()
                await stepping
                await self._works.derived.finish(self.loop.durable)
                for task in beside:
                    task.cancel()
                self._works.calls.close()
                self.hub.close()
            await self._backend.finish()
            self._backend.close()
        self._say_ended(info, why)
        return why

    def terminate(self) -> None:
        """End the engine and leave running what runs; a second call waits for nothing."""
        self._works.farewell.terminate()

    def _start(self, group: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        runs = {
            "news": self._works.news.run(),
            "attempts": self._works.attempts.run(),
            "pump": self._works.pump.run(),
            "activity": self._works.activity.run(),
            "space": self._works.space.run(),
            "gpus": self._works.gpus.run(),
            "machine": self._works.machine.run(),
            "containers": self._works.containers.run(),
            "container acts": self._works.acts.run(),
            "derived": self._works.derived.run(),
            "jumps": self._watch_jumps(),
            "generations": self._works.upkeep.keep_generations(),
            "launch file": self._works.upkeep.keep_launch_file(),
            "reloading": self._works.reloading.run(),
        }
        return [group.create_task(work, name=name) for name, work in runs.items()]

    async def _take_up(self) -> None:
        """Adopt what lives before anything is launched, then order again what was in force."""
        await self._works.news.adopt(self._adopted)
        batch = self.loop.batch
        self._works.attempts.perform(batch, effects_in_force(batch))
        self._works.space.look()  # a disk that is full now must be known before the first launch
        self.loop.offer(Tick())

    def _perform(self, batch: Batch, effects: Sequence[Effect]) -> None:
        self._works.attempts.perform(batch, effects)
        self._works.calls.perform(batch, effects)
        self._works.acts.perform(effects)
        for effect in effects:
            if isinstance(effect, EndEngine):
                self._works.farewell.end(effect.why)

    def _publish(self, batch: Batch, changed: Set[TaskId], new_spec: bool) -> None:
        self.hub.publish(batch, changed, whole=new_spec)
        if new_spec:
            self._works.upkeep.spec_changed()
            self._works.reloading.spec_changed()
        self._works.derived.note(batch, changed)

    async def _watch_jumps(self) -> None:
        async with aclosing(self._clock.jumps()) as jumps:
            async for by_s in jumps:
                log.warning("clock jumped", extra={"by_s": by_s})
                self._works.activity.rebase()
                await self.loop.submit(ClockJumped(by_s=by_s))

    def _say_ended(self, info: EngineInfo, why: str) -> None:
        try:
            say_ended(info, self._parts.home, why=why, now=self._clock.now())
        except OSError as error:
            # Readers look whether the process lives; this only spares them the look.
            log.warning("the end could not be noted", exc_info=error)


def _info(batch: Batch, parts: Parts, socket_path: Path) -> EngineInfo:
    return EngineInfo(
        pid=os.getpid(),
        start_time=start_time(os.getpid()) or 0,
        boot_id=boot_id(),
        host=socket.gethostname(),
        api=API,
        version=parts.version,
        socket=str(socket_path),
        uuid=batch.desk.uuid,
        batch=batch.desk.name,
        directory=batch.head.directory,
        source=batch.head.source,
        started_at=parts.clock.now(),
    )
