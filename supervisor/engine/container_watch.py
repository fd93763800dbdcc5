"""Watches the containers that the batch's runners make: who works, who idles, whose work is dead."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from supervisor.core.container_rows import by_task, row, same_states
from supervisor.core.container_rules import USUAL, matches
from supervisor.core.containers import (
    BATCH_LABEL,
    Container,
    ContainerRow,
    ContainersNow,
    Sentinels,
    Signals,
)
from supervisor.core.events import ContainersSeen, Event
from supervisor.core.idleness import Track, judged, measured
from supervisor.core.ownership import Evidence, Maker, Owner, owner, strange
from supervisor.core.state import Batch
from supervisor.engine.container_load import Load
from supervisor.engine.lives import Lives
from supervisor.ports import (
    Clock,
    Containers,
    DaemonUnreachableError,
    Known,
    Seen,
    Witness,
)

log = logging.getLogger(__name__)

_SWEEP_S = 2.5
_LOOK_S = 15.0
_SIGNS_S = 15.0
"""How old signs of life may grow; those of busy containers are not needed at all."""
_SIGNS_LIMIT_S = 10.0
_SOON_S = 1.0
"""Runners make many at once: one look for all of them."""
_TELL_S = 30.0
_BANNER = "containers"


Show = Callable[[Mapping[str, ContainerRow], ContainersNow], None]


@dataclass(slots=True)
class _Watched:
    """One container that is shown."""

    container: Container
    owner: Owner
    sentinels: Sentinels
    dead_after_s: float | None
    over: bool
    track: Track
    signs_at: float = 0.0


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
        witness: Witness | None = None,
    ) -> None:
        self._make = containers
        self._lives = lives
        self._clock = clock
        self._batch = batch
        self._submit = submit
        self._show = show
        self._banner = banner
        self._witness = witness
        self.containers: Containers | None = None
        """The machine's, once the batch needs them."""
        self._watched: dict[str, _Watched] = {}
        self._items: dict[str, tuple[str, ...]] = {}
        self._strangers = False
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

    def container(self, id_: str) -> Container | None:
        """Return what the container engine said of one that is shown."""
        one = self._watched.get(id_)
        return one.container if one is not None else None

    async def refresh(self) -> None:
        """Look at once, and judge what is there."""
        if self.containers is not None:
            await self.look(self.containers)
            await self.sweep(self.containers)

    def error_files(self, id_: str) -> tuple[str, ...]:
        """Return the files inside of a container that say that its work has failed."""
        one = self._watched.get(id_)
        return one.sentinels.error_files if one is not None else ()

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
                if self._witness is not None:
                    group.create_task(
                        self._witness.run(self._happened.set), name="container witness"
                    )
        finally:
            await containers.close()

    async def look(self, containers: Containers) -> None:
        """List what there is and judge whose it is; what cannot be reached is not gone."""
        try:
            seen = await containers.look()
        except DaemonUnreachableError as error:
            self._now = replace(self._now, trouble=str(error))
            self._banner(_BANNER, str(error), "docker info")
            return
        self._banner(_BANNER, None, "")
        self._take_in(seen)
        self._now = self._load.taken(seen, self._now)

    async def sweep(self, containers: Containers) -> None:
        """Measure what is shown, judge it, show it, and tell the core what differs."""
        now = self._clock.now()
        await self._sign(containers, now)
        for id_, usage in (await containers.usage(tuple(self._watched))).items():
            one = self._watched.get(id_)
            if one is not None:
                one.track = measured(one.track, usage)
        cores = self._now.host_cores
        self._rows = {id_: self._row(one, now, cores) for id_, one in self._watched.items()}
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
                self._banner(_BANNER, str(error), "docker info")
            except Exception:
                log.exception("containers could not be measured")
            await self._pause(_SWEEP_S)

    def _take_in(self, seen: Seen) -> None:
        evidence = self._evidence(seen)
        now, proofs = self._clock.now(), dict[str, Maker]()
        living = {(life.task, life.attempt) for life in evidence.lives if life.ended_at is None}
        over = {(life.task, life.attempt) for life in evidence.lives} - living
        watched: dict[str, _Watched] = {}
        for container in seen.containers:
            whose = owner(container, evidence)
            if whose.group is None and not whose.owned:
                continue
            if whose.owned and whose.task is not None and BATCH_LABEL not in container.labels:
                proofs[container.id] = Maker(
                    task=whose.task, attempt=whose.attempt or 0, how=whose.proof
                )
            before = self._watched.get(container.id)
            track = before.track if before is not None else _fresh(container, now)
            if before is not None and before.container.pid != container.pid:
                track = _fresh(container, now)  # it was started anew
            rules = next((r for _, r in evidence.patterns if matches(r, container)), None)
            watched[container.id] = _Watched(
                container=container,
                owner=whose,
                sentinels=rules.sentinels if rules is not None else USUAL,
                dead_after_s=rules.dead_after_s if rules is not None else None,
                over=whose.owned and (whose.task, whose.attempt) in over,
                track=track,
                signs_at=before.signs_at if before is not None else 0.0,
            )
        self._watched = watched
        self._items = {id_: items for id_, items in self._items.items() if id_ in watched}
        if self._witness is not None and proofs:
            self._witness.keep(proofs)

    def _evidence(self, seen: Seen) -> Evidence:
        oldest = min((one.created_at for one in seen.containers), default=seen.at)
        known = self._witness.known() if self._witness is not None else Known()
        evidence = Evidence(
            uuid=self._batch().desk.uuid,
            patterns=self._lives.patterns(),
            lives=tuple(self._lives.lives(oldest)),
            makers=known.makers,
            projects=known.projects,
            claimed=known.claimed,
            items=self._items,
        )
        # Once seen, always suspected: whoever made one like ours makes another.
        self._strangers |= any(strange(one, evidence) for one in seen.containers)
        return replace(evidence, strangers=self._strangers)

    async def _sign(self, containers: Containers, now: float) -> None:
        """Read the signs of life of those that do not show by their CPU that they live."""
        due = {
            id_: one.sentinels
            for id_, one in self._watched.items()
            if one.container.running
            and now - one.signs_at >= _SIGNS_S
            and (one.track.state != "busy" or one.track.signals is None)
        }
        if not due:
            return
        seen: Mapping[str, Signals] = {}
        try:
            async with asyncio.timeout(_SIGNS_LIMIT_S):
                seen = await containers.signals(due)
        except (TimeoutError, DaemonUnreachableError):
            # What is known stays; an engine that hangs must not keep what the kernel tells.
            log.warning("signs of life are not to be had", extra={"containers": len(due)})
        for id_ in due:
            one, signals = self._watched.get(id_), seen.get(id_)
            if one is None:
                continue
            one.signs_at = now
            if signals is not None:
                one.track = replace(one.track, signals=signals)
                if signals.items:
                    self._items[id_] = signals.items

    def _row(self, one: _Watched, now: float, cores: int | None) -> ContainerRow:
        one.track, verdict = judged(
            one.track, one.container, now, over=one.over, dead_after_s=one.dead_after_s
        )
        return row(one.container, one.track, verdict, one.owner, cores)

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


def _fresh(container: Container, now: float) -> Track:
    return Track(first_at=now, created_at=container.created_at)
