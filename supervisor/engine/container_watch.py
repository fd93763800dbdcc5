"""Watches the containers that the batch's runners make: who works, who idles, whose work is dead."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from supervisor.core.container_rows import by_task, same_states
from supervisor.core.containers import ContainerRow, ContainersNow, Signals
from supervisor.core.events import ContainersSeen, Event
from supervisor.core.needs_you import tells_of_daemon
from supervisor.core.state import Batch
from supervisor.engine.container_inventory import Inventory
from supervisor.engine.container_load import Load
from supervisor.engine.lives import Lives
from supervisor.ports import Clock, Containers, DaemonUnreachableError, Witness

log = logging.getLogger(__name__)

_SWEEP_S = 2.5
_LOOK_S = 15.0
_SIGNS_LIMIT_S = 10.0
_SOON_S = 1.0
"""Runners make many at once: one look for all of them."""
_TELL_S = 30.0
_BANNER = "containers"


Show = Callable[[Mapping[str, ContainerRow], ContainersNow], None]


class ContainerWatch:
    """Samples what is shown every few seconds; lists all there is a few times a minute."""

    def __init__(
        self,
        containers: Callable[[], Containers] | None,
        *,
        lives: Lives,
        clock: Clock,
        batch: Callable[[], Batch],
        submit: Callable[[Event], Awaitable[None]],
        show: Show,
        banner: Callable[[str, str | None, str], None],
        witness: Callable[[], Witness] | None = None,
    ) -> None:
        self._make = containers
        self._lives = lives
        self._clock = clock
        self._batch = batch
        self._submit = submit
        self._show = show
        self._banner = banner
        self.containers: Containers | None = None
        """The machine's, once the batch needs them."""
        self.inventory = Inventory(lives=lives, batch=batch, witness=witness)
        self._rows: Mapping[str, ContainerRow] = MappingProxyType({})
        self._load = Load()
        self._now = ContainersNow()
        self._told = ContainersNow()
        self._told_at: float | None = None
        self._looked = asyncio.Event()
        self._happened = asyncio.Event()

    @property
    def rows(self) -> Mapping[str, ContainerRow]:
        """What is shown now, by id."""
        return self._rows

    async def refresh(self) -> None:
        """Look at once, and judge what is there."""
        if self.containers is not None:
            await self.look(self.containers)
            await self.sweep(self.containers)

    async def run(self) -> None:
        """Watch until cancelled, as long as some task of the batch makes containers."""
        if self._make is None:
            return
        while not self._lives.needed:
            await self._pause(_LOOK_S)
        self.containers = containers = self._make()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._look_on(containers), name="container look")
                group.create_task(self._sweep_on(containers), name="container sweep")
                if (witness := self.inventory.witness) is not None:
                    group.create_task(witness.run(self._happened.set), name="container witness")
        finally:
            await containers.close()

    async def look(self, containers: Containers) -> None:
        """List what there is and judge whose it is; what cannot be reached is not gone."""
        try:
            seen = await containers.look()
        except DaemonUnreachableError as error:
            self._in_trouble(error)
            return
        self.inventory.take_in(seen, self._clock.now())
        self._now = self._load.taken(seen, self._now)
        self._tell_trouble()

    async def sweep(self, containers: Containers) -> None:
        """Measure what is shown, judge it, show it, and tell the core what differs."""
        self._tell_trouble()
        now = self._clock.now()
        await self._sign(containers, now)
        self.inventory.measure(await containers.usage(self.inventory.ids))
        self._rows = self.inventory.judge(now, self._now.host_cores)
        self._now = replace(self._now, tasks=by_task(self._rows.values()))
        self._show(self._rows, self._now)
        await self._tell(now)

    async def _look_on(self, containers: Containers) -> None:
        while True:
            try:
                await self.look(containers)
            except Exception:
                log.exception("containers could not be listed")
            self._looked.set()
            await self._next_look()

    async def _sweep_on(self, containers: Containers) -> None:
        await self._looked.wait()
        while True:
            try:
                await self.sweep(containers)
            except DaemonUnreachableError as error:
                self._in_trouble(error)
            except Exception:
                log.exception("containers could not be measured")
            await self._pause(_SWEEP_S)

    async def _sign(self, containers: Containers, now: float) -> None:
        due = self.inventory.due(now)
        if not due:
            return
        seen: Mapping[str, Signals] = {}
        try:
            async with asyncio.timeout(_SIGNS_LIMIT_S):
                seen = await containers.signals(due)
        except (TimeoutError, DaemonUnreachableError):
            # What is known stays; an engine that hangs must not keep what the kernel tells.
            log.warning("signs of life are not to be had", extra={"containers": len(due)})
        self.inventory.sign(due, seen, now)

    def _in_trouble(self, error: DaemonUnreachableError) -> None:
        self._now = replace(self._now, trouble=str(error))
        self._tell_trouble()

    def _tell_trouble(self) -> None:
        """Say that the container engine is away, unless the tasks that run in it say so already."""
        trouble = self._now.trouble
        if trouble is not None and tells_of_daemon(self._batch()):
            trouble = None
        self._banner(_BANNER, trouble, "docker info" if trouble is not None else "")

    async def _tell(self, now: float) -> None:
        """Tell the core at once what it never heard, and what differs twice a minute."""
        judged_all = all(one.state != "unknown" for one in self._rows.values())
        due = self._told_at is None and bool(self._rows) and judged_all
        if self._told_at is not None and now - self._told_at >= _TELL_S:
            # While anything is there the figures of the machine are news, too.
            due = bool(self._now.tasks) or not same_states(self._now.tasks, self._told.tasks)
        if due:
            self._told, self._told_at = self._now, now
            await self._submit(ContainersSeen(now=self._now))

    async def _next_look(self) -> None:
        """Wait for the next look: soon when something happened, a few times a minute else."""
        async with asyncio.TaskGroup() as group:
            waits = (self._happened.wait(), self._pause(_LOOK_S))
            tasks = [group.create_task(_ended(wait), name="next look") for wait in waits]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
        if self._happened.is_set():
            await self._pause(_SOON_S)
            self._happened.clear()

    async def _pause(self, span_s: float) -> None:
        await self._clock.sleep_until(self._clock.now() + span_s)


async def _ended(wait: Awaitable[object]) -> None:
    await wait
