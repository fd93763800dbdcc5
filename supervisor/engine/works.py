"""The works of one engine: everything that runs beside its loop, made and tied together here."""

import os
from dataclasses import dataclass
from pathlib import Path

from supervisor.core.options import RunOptions
from supervisor.core.state import Batch
from supervisor.core.told import Told
from supervisor.engine.activity import Activity
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
from supervisor.engine.machine_watch import MachineWatch
from supervisor.engine.news import News
from supervisor.engine.outputs import Outputs
from supervisor.engine.parts import Parts
from supervisor.engine.patience import counter_pattern, patience_with, working
from supervisor.engine.process_load import ProcessLoad
from supervisor.engine.pump import Offsets, Pump
from supervisor.engine.reloading import Reloading
from supervisor.engine.runners import Runners
from supervisor.engine.service import Service
from supervisor.engine.space import Space
from supervisor.engine.tails import Tails
from supervisor.engine.turning import Turning
from supervisor.engine.upkeep import Upkeep
from supervisor.engine.writer import Writer
from supervisor.ports import Backend, Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What all works of an engine stand on; it keeps no batch but the loop's."""

    parts: Parts
    backend: Backend
    hub: Hub
    loop: Loop
    writer: Writer

    def batch(self) -> Batch:
        """Return the durable batch."""
        return self.loop.durable


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """What runs beside the loop, and what is told of what the loop did."""

    derived: Derived
    space: Space
    pump: Pump
    news: News
    calls: Calls
    gpus: GpuWatch
    machine: MachineWatch
    containers: ContainerWatch
    acts: ContainerActs
    attempts: Attempts
    activity: Activity
    reloading: Reloading
    service: Service
    farewell: Farewell
    upkeep: Upkeep


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What reads what attempts write and leave behind."""

    derived: Derived
    pump: Pump
    runners: Runners | None
    tails: Tails
    outputs: Outputs
    load: ProcessLoad


def works(ground: Ground, offsets: Offsets, options: RunOptions) -> Works:
    """Return the works of an engine; ``offsets`` say how far an earlier one had read."""
    parts, loop, hub = ground.parts, ground.loop, ground.hub
    reading, errands = _reading(ground, offsets), _errands(ground)
    watch = _container_watch(ground)
    lent = _lent(watch)
    acts = ContainerActs(lent, batch=ground.batch, submit=loop.submit, banner=hub.banner)
    news = _news(ground, reading.outputs)
    judges = [one.adopt for one in (reading.pump, reading.outputs, errands)]
    reloading = Reloading(parts, hub, judges, ground.batch)
    machine = _machine_watch(ground, news)
    return Works(
        derived=reading.derived,
        space=_space(ground, acts),
        pump=reading.pump,
        news=news,
        calls=Calls(parts.notifier, parts.clock, hub.banner),
        gpus=GpuWatch(parts.gpus, clock=parts.clock, batch=ground.batch, submit=loop.submit),
        machine=machine,
        containers=watch,
        acts=acts,
        attempts=_attempts(ground, errands, ContainerStops(lent, acts, batch=ground.batch)),
        activity=_activity(ground, reading, news, watch),
        reloading=reloading,
        service=_service(ground, reloading, acts, machine, reading.derived),
        farewell=Farewell(loop, hub, parts.clock, linger_s=parts.linger_s),
        upkeep=Upkeep(ground.writer, parts.clock, ground.batch, lasting(options)),
    )


def _reading(ground: Ground, offsets: Offsets) -> _Reading:
    parts, loop, banner = ground.parts, ground.loop, ground.hub.banner
    derived = Derived(parts.artifacts, parts.clock, loop.batch, banner)
    pump = parts.pump(loop.submit, banner)
    runners = parts.runners(ground.batch) if parts.runners is not None else None
    tails = Tails(
        ground.backend.directory, lambda ref: counter_pattern(ground.batch(), ref), parts.counter
    )

    async def heard(ref: Ref) -> Told | None:
        told, counter = await tails.told(ref, parts.clock.now())
        if told is not None:
            ground.hub.told(ref, told)
        if counter is not None:
            ground.hub.progress(ref, *counter)
        return told

    load = ProcessLoad(ground.hub.used)
    outputs = Outputs(
        backend=ground.backend,
        pump=pump,
        submit=loop.submit,
        offsets=offsets,
        keep_tail=derived.keep_tail,
        runners=runners,
        sources=parts.sources(loop.submit, ground.batch) if parts.sources else None,
        counted=lambda ref: tails.last(ref, parts.clock.now()),
        heard=heard,
        spent=load.spent,
    )
    return _Reading(
        derived=derived, pump=pump, runners=runners, tails=tails, outputs=outputs, load=load
    )


def _errands(ground: Ground) -> Errands:
    parts = ground.parts
    return Errands(
        commands=parts.commands,
        clock=parts.clock,
        submit=ground.loop.submit,
        cwd=str(Path(ground.loop.batch.head.source).parent),
        judge=parts.judge,
        banner=ground.hub.banner,
    )


def _container_watch(ground: Ground) -> ContainerWatch:
    parts, uuid = ground.parts, ground.loop.batch.desk.uuid
    witness = parts.witness
    return ContainerWatch(
        parts.containers,
        lives=Lives(ground.batch, os.environ),
        clock=parts.clock,
        batch=ground.batch,
        submit=ground.loop.submit,
        show=ground.hub.containers,
        banner=ground.hub.banner,
        witness=None if witness is None else lambda: witness(uuid),
    )


def _lent(watch: ContainerWatch) -> Watched:
    return Watched(
        containers=lambda: watch.containers,
        rows=lambda: watch.rows,
        error_files=watch.inventory.error_files,
        container=watch.inventory.container,
        look=watch.refresh,
    )


def _news(ground: Ground, outputs: Outputs) -> News:
    return News(
        backend=ground.backend,
        clock=ground.parts.clock,
        outputs=outputs,
        submit=ground.loop.submit,
        under_way=ground.hub.under_way,
    )


def _space(ground: Ground, acts: ContainerActs) -> Space:
    return Space(
        free_bytes=ground.parts.free_bytes,
        floor_bytes=lambda: ground.batch().head.disk_floor_bytes,
        clock=ground.parts.clock,
        offer=ground.loop.offer,
        banner=ground.hub.banner,
        docker_free=acts.free_bytes,
    )


def _attempts(ground: Ground, errands: Errands, around_stops: ContainerStops) -> Attempts:
    submit = ground.loop.submit
    return Attempts(
        backend=ground.backend,
        clock=ground.parts.clock,
        submit=submit,
        errands=errands,
        turning=Turning(ground.parts.commands, submit),
        around_stops=around_stops,
    )


def _activity(ground: Ground, reading: _Reading, news: News, watch: ContainerWatch) -> Activity:
    return Activity(
        backend=ground.backend,
        clock=ground.parts.clock,
        living=lambda: news.followed,
        tails=reading.tails,
        patience=lambda ref: patience_with(ground.batch(), ref),
        submit=ground.loop.submit,
        ask=reading.runners.ask if reading.runners is not None else None,
        progress=ground.hub.progress,
        told=ground.hub.told,
        working=lambda: working(watch.rows.values()),
        used=reading.load.taken,
    )


def _machine_watch(ground: Ground, news: News) -> MachineWatch:
    return MachineWatch(
        ground.parts.machine,
        ground.parts.gpu_gauges,
        backend=ground.backend,
        clock=ground.parts.clock,
        batch=ground.batch,
        living=lambda: news.followed,
    )


def _service(
    ground: Ground,
    reloading: Reloading,
    acts: ContainerActs,
    machine: MachineWatch,
    derived: Derived,
) -> Service:
    return Service(
        loop=ground.loop,
        hub=ground.hub,
        writer=ground.writer,
        backend=ground.backend,
        clock=ground.parts.clock,
        fill_ins=(reloading.filled_in, acts.filled_in),
        acts=acts,
        machine=machine,
        searcher=ground.parts.searcher,
        written=derived.written,
    )
