"""Carries out what the core ordered: launches, stops, freezes and refreshes."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from supervisor.core import gpus, inner, ladder, wish
from supervisor.core.command import render
from supervisor.core.effects import (
    Effect,
    FreezeAttempt,
    RunPreflight,
    RunRefresh,
    StartAttempt,
    StopAttempt,
    ThawAttempt,
    TurnKnob,
)
from supervisor.core.events import Ended, Event, ReachChanged
from supervisor.core.models import NOTHING, End
from supervisor.core.places import task_dir
from supervisor.core.resuming import resume_names
from supervisor.core.state import Batch
from supervisor.engine.errands import Errands, Order
from supervisor.engine.looking import command_of, profile_of
from supervisor.engine.turning import Turn, Turning, before_launch
from supervisor.ports import Backend, BackendGoneError, Clock, Ref, Try

log = logging.getLogger(__name__)

Submit = Callable[[Event], Awaitable[None]]

_BACKEND_AGAIN_S = 5.0


class AroundStops(Protocol):
    """What is to be done about an attempt's surroundings when it is stopped; raises nothing."""

    async def before_stop(self, refs: Collection[Ref]) -> None:
        """Save what may be gone afterwards; takes a few seconds at most."""
        ...

    async def after_stop(self, refs: Collection[Ref]) -> None:
        """End what the attempts left."""
        ...


@dataclass(slots=True)
class _Orders:
    """What was ordered since the last look, by kind; launches go first, all in one call."""

    starts: list[Try] = field(default_factory=list[Try])
    stops: dict[float, list[Ref]] = field(default_factory=dict[float, list[Ref]])
    freezes: list[Ref] = field(default_factory=list[Ref])
    thaws: list[Ref] = field(default_factory=list[Ref])
    errands: list[Order] = field(default_factory=list[Order])
    files: list[Turn] = field(default_factory=list[Turn])
    turns: list[Turn] = field(default_factory=list[Turn])
    faults: list[Event] = field(default_factory=list[Event])


class Attempts:
    """Turns effects into calls of the backend. What becomes of them comes back as its reports."""

    def __init__(
        self,
        *,
        backend: Backend,
        clock: Clock,
        submit: Submit,
        errands: Errands,
        turning: Turning,
        around_stops: AroundStops | None = None,
    ) -> None:
        self._around_stops = around_stops
        self._backend = backend
        self._clock = clock
        self._submit = submit
        self._errands = errands
        self._turning = turning
        self._orders = _Orders()
        self._news = asyncio.Event()
        self._launches: dict[asyncio.Task[None], set[Ref]] = {}
        self._stopping: set[asyncio.Task[None]] = set()

    async def settled(self, limit_s: float) -> None:
        """Return once all that was stopped is cleared up, at the latest after ``limit_s``."""
        if self._stopping:
            await asyncio.wait(self._stopping, timeout=limit_s)

    def perform(self, batch: Batch, effects: Sequence[Effect]) -> None:
        """Take in durable orders; never waits. Others than those about attempts are ignored."""
        for effect in effects:
            self._take_in(batch, effect)
        self._news.set()

    async def run(self) -> None:
        """Carry out orders until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                await self._news.wait()
                self._news.clear()
                orders, self._orders = self._orders, _Orders()
                await self._carry_out(orders, group)

    def _take_in(self, batch: Batch, effect: Effect) -> None:
        orders = self._orders
        match effect:
            case StartAttempt():
                self._prepare(batch, effect)
            case StopAttempt():
                orders.stops.setdefault(effect.grace_s, []).append(_ref(effect))
            case FreezeAttempt():
                orders.freezes.append(_ref(effect))
            case ThawAttempt():
                orders.thaws.append(_ref(effect))
            case RunRefresh() | RunPreflight():
                order = self._errands.take_in(batch, effect)
                if order is not None:
                    orders.errands.append(order)
            case TurnKnob():
                turn = self._turning.take_in(batch, effect)
                if turn is not None:
                    orders.turns.append(turn)
            case _:
                pass

    def _prepare(self, batch: Batch, effect: StartAttempt) -> None:
        """One command that cannot be rendered is that attempt's end, not its siblings'."""
        try:
            self._orders.starts.append(self._try(batch, effect))
            self._orders.files.extend(before_launch(batch, effect))
        except Exception as error:
            log.exception("cannot render", extra={"task": effect.task, "attempt": effect.attempt})
            end = End(
                code=None,
                ended_at=self._clock.now(),
                preset=None,
                cause=f"could not be prepared: {error!r}",
            )
            self._orders.faults.append(Ended(task=effect.task, attempt=effect.attempt, end=end))

    async def _carry_out(self, orders: _Orders, group: asyncio.TaskGroup) -> None:
        for fault in orders.faults:
            await self._submit(fault)
        if orders.starts:
            # Not waited for: the next launches would stand by while these are being started.
            launch = group.create_task(self._launch(orders, group), name="launch")
            self._launches[launch] = {each.ref for each in orders.starts}
            launch.add_done_callback(self._launches.pop)
        if orders.thaws:
            thaw = partial(self._backend.thaw, orders.thaws)
            group.create_task(self._guarded(thaw, orders.thaws), name="thaw")
        if orders.freezes:
            freeze = partial(self._backend.freeze, orders.freezes)
            group.create_task(self._guarded(freeze, orders.freezes), name="freeze")
        for grace_s, refs in orders.stops.items():
            stop = partial(self._stop, refs, grace_s)
            stopping = group.create_task(self._guarded(stop, refs), name="stop")
            self._stopping.add(stopping)
            stopping.add_done_callback(self._stopping.discard)
        for turn in orders.turns:
            tell = partial(self._turning.run, turn)
            group.create_task(self._guarded(tell, [turn.ref]), name=f"turn {turn.ref.task}")
        for order in orders.errands:
            group.create_task(self._errands.run(order), name=f"{order.kind} {order.limit}")

    async def _stop(self, refs: Sequence[Ref], grace_s: float) -> None:
        around = self._around_stops
        if around is not None:
            await around.before_stop(refs)
        await self._backend.stop(refs, grace_s)
        if around is not None:
            await around.after_stop(refs)

    async def _launch(self, orders: _Orders, group: asyncio.TaskGroup) -> None:
        for file in orders.files:
            await self._turning.lay(file)
        await self._launch_now(orders.starts, group)

    async def _launch_now(self, tries: Sequence[Try], group: asyncio.TaskGroup) -> None:
        try:
            await self._backend.submit(tries)
        except BackendGoneError as error:
            log.warning("backend does not answer", exc_info=error)
            group.create_task(self._launch_later(tries, str(error), group), name="launch later")

    async def _launch_later(
        self, tries: Sequence[Try], reason: str, group: asyncio.TaskGroup
    ) -> None:
        for one in tries:
            await self._submit(
                ReachChanged(task=one.ref.task, attempt=one.ref.attempt, reason=reason)
            )
        await self._clock.sleep_until(self._clock.now() + _BACKEND_AGAIN_S)
        await self._launch_now(tries, group)

    async def _guarded(self, call: Callable[[], Awaitable[None]], refs: Sequence[Ref]) -> None:
        """Carry out an order about attempts, once their launches are through.

        One that cannot be carried out now is repeated by the core or the operator.
        """
        first = [launch for launch, started in self._launches.items() if started & set(refs)]
        if first:
            await asyncio.wait(first)
        try:
            await call()
        except Exception:
            log.exception("order failed")

    def _try(self, batch: Batch, effect: StartAttempt) -> Try:
        made = _try(batch, effect)
        values = self._errands.values(batch.specs[effect.task].limits)
        return replace(made, env={**made.env, **values}) if values else made


def _ref(effect: StartAttempt | StopAttempt | FreezeAttempt | ThawAttempt) -> Ref:
    return Ref(effect.task, effect.attempt)


def _try(batch: Batch, effect: StartAttempt) -> Try:
    spec = batch.specs[effect.task]
    profile = profile_of(batch, effect.task)
    knobs, last_env = ladder.settings(batch, effect.task)
    inner_knobs, inner_env = inner.settings(batch, effect.task)
    on_gpus = gpus.environment(batch, effect.task)
    rendered = render(
        spec,
        shell=batch.head.shell,
        attempt=effect.attempt,
        slot=effect.slot,
        task_dir=task_dir(batch.head.directory, effect.task),
        profile=profile,
        names=resume_names(
            profile, batch.tasks[effect.task], command_of(spec), {**os.environ, **spec.env}
        )
        if effect.attempt > 1
        else NOTHING,
        knobs={**knobs, **inner_knobs},
        last_env={**on_gpus, **inner_env, **last_env},
    )
    container, env = rendered.container, rendered.env
    if container is not None and on_gpus:
        container, env = wish.on_gpus(container, env)
    return Try(
        ref=_ref(effect),
        argv=rendered.argv,
        cwd=spec.cwd,
        env=env,
        env_file=spec.env_file,
        leave_leftovers=batch.group_specs[spec.group].leave_leftovers,
        container=container,
    )
