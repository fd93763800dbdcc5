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
from supervisor.engine.activity import Activity
from supervisor.engine.announce import (
    EngineInfo,
    announce,
    boot_id,
    choose_socket,
    say_ended,
    start_time,
)
from supervisor.engine.attempts import Attempts
from supervisor.engine.calls import Calls
from supervisor.engine.container_acts import ContainerActs, Watched
from supervisor.engine.container_stops import ContainerStops
from supervisor.engine.container_watch import ContainerWatch
from supervisor.engine.derived import Derived
from supervisor.engine.errands import Errands
from supervisor.engine.farewell import Farewell
from supervisor.engine.gpu_watch import GpuWatch
from supervisor.engine.hub import Hub
from supervisor.engine.launch import lasting
from supervisor.engine.lives import Lives
from supervisor.engine.loop import Loop
from supervisor.engine.news import News
from supervisor.engine.outputs import Outputs
from supervisor.engine.parts import Parts
from supervisor.engine.patience import counter_pattern, patience_with, working
from supervisor.engine.process_load import ProcessLoad
from supervisor.engine.recovery import Recovered
from supervisor.engine.reloading import Reloading
from supervisor.engine.runners import Runners
from supervisor.engine.service import Service
from supervisor.engine.space import Space
from supervisor.engine.tails import Tails
from supervisor.engine.turning import Turning
from supervisor.engine.upkeep import Upkeep
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
        self._clock = clock = parts.clock
        self._adopted = recovered.adopt
        self._backend = backend = parts.backend(batch.desk.uuid)
        self.hub = Hub(batch, clock.now, on_left=lambda: self._farewell.reader_left())
        self._derived = Derived(parts.artifacts, clock, batch, self.hub.banner)
        self.loop = loop = Loop(
            batch,
            clock=clock,
            writer=writer,
            perform=self._perform,
            publish=self._publish,
            on_space=lambda reason: self._space.journal(reason),
        )
        self._space = Space(
            free_bytes=parts.free_bytes,
            floor_bytes=lambda: loop.durable.head.disk_floor_bytes,
            clock=clock,
            offer=loop.offer,
            banner=self.hub.banner,
            docker_free=lambda: self._acts.free_bytes(),
        )
        self._pump = parts.pump(loop.submit, self.hub.banner)
        runners = parts.runners(lambda: loop.durable) if parts.runners is not None else None
        self._tails = Tails(
            backend.directory, lambda ref: counter_pattern(loop.durable, ref), parts.counter
        )
        outputs = self._outputs(recovered, runners)
        self._news = News(
            backend=backend,
            clock=clock,
            outputs=outputs,
            submit=loop.submit,
            banner=self.hub.banner,
        )
        errands = self._errands()
        self._calls = Calls(parts.notifier, clock, self.hub.banner)
        self._gpus = GpuWatch(
            parts.gpus, clock=clock, batch=lambda: loop.durable, submit=loop.submit
        )
        self._containers = ContainerWatch(
            parts.containers,
            lives=Lives(lambda: loop.durable, os.environ),
            clock=clock,
            batch=lambda: loop.durable,
            submit=loop.submit,
            show=self.hub.containers,
            banner=self.hub.banner,
            witness=parts.witness(batch.desk.uuid) if parts.witness is not None else None,
        )
        watch = self._containers
        lent = Watched(
            containers=lambda: watch.containers,
            rows=lambda: watch.rows,
            error_files=watch.error_files,
            container=watch.container,
            look=watch.refresh,
        )
        self._acts = ContainerActs(
            lent, batch=lambda: loop.durable, submit=loop.submit, banner=self.hub.banner
        )
        self._attempts = Attempts(
            backend=backend,
            clock=clock,
            submit=loop.submit,
            errands=errands,
            turning=Turning(parts.commands, loop.submit),
            around_stops=ContainerStops(lent, self._acts, batch=lambda: loop.durable),
        )
        self._activity = Activity(
            backend=backend,
            clock=clock,
            living=lambda: self._news.followed,
            tails=self._tails,
            patience=lambda ref: patience_with(loop.durable, ref),
            submit=loop.submit,
            ask=runners.ask if runners is not None else None,
            progress=self.hub.progress,
            working=lambda: working(watch.rows.values()),
            used=ProcessLoad(self.hub.used).taken,
        )
        judges = [one.adopt for one in (self._pump, outputs, errands)]
        self._reloading = Reloading(parts, self.hub, judges, lambda: loop.durable)
        self.service = Service(
            loop=loop,
            hub=self.hub,
            writer=writer,
            backend=backend,
            clock=clock,
            fill_ins=(self._reloading.filled_in, self._acts.filled_in),
            acts=self._acts,
            searcher=parts.searcher,
        )
        self._farewell = Farewell(loop, self.hub, clock, linger_s=parts.linger_s)
        self._upkeep = Upkeep(writer, clock, lambda: loop.durable, lasting(options))

    def _outputs(self, recovered: Recovered, runners: Runners | None) -> Outputs:
        parts, loop = self._parts, self.loop
        return Outputs(
            backend=self._backend,
            pump=self._pump,
            submit=loop.submit,
            offsets=recovered.offsets,
            keep_tail=self._derived.keep_tail,
            runners=runners,
            sources=parts.sources(loop.submit, lambda: loop.durable) if parts.sources else None,
            counted=lambda ref: self._tails.last(ref, parts.clock.now()),
        )

    def _errands(self) -> Errands:
        parts, loop = self._parts, self.loop
        return Errands(
            commands=parts.commands,
            clock=parts.clock,
            submit=loop.submit,
            cwd=str(Path(loop.batch.head.source).parent),
            judge=parts.judge,
            banner=self.hub.banner,
        )

    async def run(self, on_ready: Callable[[], None]) -> str:
        """Run the batch until it is done or told to stop; return which of both."""
        path = choose_socket(self.loop.batch.desk.uuid, self._parts.home)
        async with asyncio.TaskGroup() as group:
            beside = self._start(group)
            await self._take_up()
            stepping = group.create_task(self.loop.run(), name="loop")
            group.create_task(self._calls.run(), name="calls")
            async with self._parts.serve(self.service, str(path)):
                info = self._info(path)
                announce(info, self._parts.home)
                on_ready()
                why = await self._farewell.come()
                await self._attempts.settled(_CLEARING_S)
                self.loop.close()
                await stepping
                for task in beside:
                    task.cancel()
                self._calls.close()
                self.hub.close()
            await self._backend.finish()
            self._backend.close()
            await self._derived.finish(self.loop.durable)
        self._say_ended(info, why)
        return why

    def terminate(self) -> None:
        """End the engine and leave running what runs; a second call waits for nothing."""
        self._farewell.terminate()

    def _start(self, group: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        works = {
            "news": self._news.run(),
            "attempts": self._attempts.run(),
            "pump": self._pump.run(),
            "activity": self._activity.run(),
            "space": self._space.run(),
            "gpus": self._gpus.run(),
            "containers": self._containers.run(),
            "container acts": self._acts.run(),
            "derived": self._derived.run(),
            "jumps": self._watch_jumps(),
            "generations": self._upkeep.keep_generations(),
            "launch file": self._upkeep.keep_launch_file(),
            "reloading": self._reloading.run(),
        }
        return [group.create_task(work, name=name) for name, work in works.items()]

    async def _take_up(self) -> None:
        """Adopt what lives before anything is launched, then order again what was in force."""
        await self._news.adopt(self._adopted)
        batch = self.loop.batch
        self._attempts.perform(batch, effects_in_force(batch))
        self._space.look()  # a disk that is full now must be known before the first launch
        self.loop.offer(Tick())

    def _perform(self, batch: Batch, effects: Sequence[Effect]) -> None:
        self._attempts.perform(batch, effects)
        self._calls.perform(batch, effects)
        self._acts.perform(effects)
        for effect in effects:
            if isinstance(effect, EndEngine):
                self._farewell.end(effect.why)

    def _publish(self, batch: Batch, changed: Set[TaskId], new_spec: bool) -> None:
        self.hub.publish(batch, changed, whole=new_spec)
        if new_spec:
            self._upkeep.spec_changed()
            self._reloading.spec_changed()
        self._derived.note(batch, changed)

    async def _watch_jumps(self) -> None:
        async with aclosing(self._clock.jumps()) as jumps:
            async for by_s in jumps:
                log.warning("clock jumped", extra={"by_s": by_s})
                self._activity.rebase()
                await self.loop.submit(ClockJumped(by_s=by_s))

    def _say_ended(self, info: EngineInfo, why: str) -> None:
        try:
            say_ended(info, self._parts.home, why=why, now=self._clock.now())
        except OSError as error:
            # Readers look whether the process lives; this only spares them the look.
            log.warning("the end could not be noted", exc_info=error)

    def _info(self, path: Path) -> EngineInfo:
        batch = self.loop.batch
        return EngineInfo(
            pid=os.getpid(),
            start_time=start_time(os.getpid()) or 0,
            boot_id=boot_id(),
            host=socket.gethostname(),
            api=API,
            version=self._parts.version,
            socket=str(path),
            uuid=batch.desk.uuid,
            batch=batch.desk.name,
            directory=batch.head.directory,
            source=batch.head.source,
            started_at=self._clock.now(),
        )
