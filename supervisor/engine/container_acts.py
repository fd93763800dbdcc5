"""Ends and sweeps containers as ordered: what explains each is saved first, beside its attempt's logs."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from supervisor.core.codec import encode
from supervisor.core.container_facts import ContainerEnd, ContainerTarget
from supervisor.core.containers import Container, ContainerRow
from supervisor.core.effects import Effect, EndContainers, SweepAway
from supervisor.core.events import ContainersEnded, Event
from supervisor.core.intents import Intent, KillContainers
from supervisor.core.places import CONTAINERS, attempt_dir
from supervisor.core.state import Batch
from supervisor.core.sweeping import document, left_over
from supervisor.core.wording import listed, plural
from supervisor.ports import ConfigError, Containers, DaemonUnreachableError, SupervisorError
from supervisor.ports.containers import Described, DockerDisk, Leftovers

log = logging.getLogger(__name__)

_BANNER = "unkillable"
Place = tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Watched:
    """What the watch lends: the machine's containers once anybody looks, and the rows it shows."""

    containers: Callable[[], Containers | None]
    rows: Callable[[], Mapping[str, ContainerRow]]
    error_files: Callable[[str], Sequence[str]] = lambda _: ()
    """The files inside of a container that say what its work failed with."""
    container: Callable[[str], Container | None] = lambda _: None
    look: Callable[[], Awaitable[None]] | None = None
    """Looks at once, so that what was ended is not shown any longer."""


class ContainerActs:
    """Carries out orders about containers one after another, and tells the core what became of them."""

    def __init__(
        self,
        watched: Watched,
        *,
        batch: Callable[[], Batch],
        submit: Callable[[Event], Awaitable[None]],
        banner: Callable[[str, str | None, str], None],
    ) -> None:
        self._watched = watched
        self._batch = batch
        self._submit = submit
        self._banner = banner
        self._orders: list[EndContainers | SweepAway] = []
        self._news = asyncio.Event()
        self._unkillable: dict[str, str] = {}

    async def filled_in(self, intent: Intent) -> Intent:
        """Return the intent with what its ids mean here.

        Raises:
            ConfigError: nobody looks at containers, or one of them is not there.
        """
        if not isinstance(intent, KillContainers):
            return intent
        if self._watched.containers() is None:
            raise ConfigError(
                ["this batch looks at no containers: it has no image: or containers:"]
            )
        rows = self._watched.rows()
        if missing := [id_ for id_ in intent.ids if id_ not in rows]:
            raise ConfigError([f"no such container: {listed(id_[:12] for id_ in missing)}"])
        return replace(intent, targets=tuple(target_of(rows[id_]) for id_ in intent.ids))

    async def describe(self, id_: str, lines: int) -> Described:
        """See ``EngineApi.describe``; only what is shown is described."""
        containers = self._watched.containers()
        if containers is None or id_ not in self._watched.rows():
            raise SupervisorError(f"no container {id_[:12]} is shown any more")
        return await containers.describe(id_, lines, self.files((id_,)))

    async def leftovers(self) -> Mapping[str, object]:
        """Return what attempts that are over left, and how full the engine's disk is.

        Raises:
            DaemonUnreachableError: the container engine does not answer.
        """
        containers = self._watched.containers()
        if containers is None:
            raise SupervisorError(
                "this batch looks at no containers: it has no image: or containers:"
            )
        if self._watched.look is not None:
            await self._watched.look()
        rows = self._watched.rows()
        over = left_over(self._batch(), rows.values())
        known = [one for row in over if (one := self._watched.container(row.id)) is not None]
        found = await containers.leftovers(self._batch().desk.uuid, known)
        disk = await containers.disk()
        return document(
            over,
            [row for row in rows.values() if not row.owned],
            found.networks,
            found.volumes,
            found.anonymous,
            encode(disk, DockerDisk),
        )

    async def free_bytes(self) -> int | None:
        """Return the room on the container engine's disk; None: not known, or nobody looks.

        Raises:
            DaemonUnreachableError: the container engine does not answer.
        """
        containers = self._watched.containers()
        return None if containers is None else await containers.free_bytes()

    async def carry_out(self, order: EndContainers | SweepAway) -> Sequence[ContainerEnd]:
        """Carry out one order now; return what became of each container, and what stayed."""
        targets = order.targets if isinstance(order, EndContainers) else order.containers
        ends = await self._ended(targets)
        if isinstance(order, SweepAway):
            ends += await self._swept(order)
        if self._watched.look is not None:
            try:
                await self._watched.look()
            except SupervisorError as error:
                log.warning("what is left is looked at later", exc_info=error)
        return ends

    def files(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return the files inside of containers that say what their work failed with."""
        return tuple(dict.fromkeys(file for id_ in ids for file in self._watched.error_files(id_)))

    def perform(self, effects: Iterable[Effect]) -> None:
        """Take in durable orders; never waits. Others than those about containers are ignored."""
        self._orders += [one for one in effects if isinstance(one, EndContainers | SweepAway)]
        self._news.set()

    async def run(self) -> None:
        """Carry out orders until cancelled; none waits for another."""
        async with asyncio.TaskGroup() as group:
            while True:
                await self._news.wait()
                self._news.clear()
                orders, self._orders = self._orders, []
                for order in orders:
                    group.create_task(self.guarded(order), name="end containers")

    async def guarded(self, order: EndContainers | SweepAway) -> None:
        """Carry out one order, and tell the core what became of it, whatever that is."""
        targets = order.targets if isinstance(order, EndContainers) else order.containers
        try:
            ends = await self.carry_out(order)
        except Exception as error:
            log.exception("containers could not be ended")
            ends = [_failed(one, repr(error)) for one in targets]
        self._tell_unkillable(targets, ends)
        if ends:
            await self._submit(ContainersEnded(ends=tuple(ends)))

    async def _ended(self, targets: Sequence[ContainerTarget]) -> list[ContainerEnd]:
        by_place: dict[Place, list[ContainerTarget]] = defaultdict(list)
        for one in targets:
            known = one.task is not None and one.attempt is not None and one.owned
            by_place[(one.task or "", one.attempt or 0) if known else None].append(one)
        async with asyncio.TaskGroup() as group:
            works = [
                group.create_task(self._end_at(place, some)) for place, some in by_place.items()
            ]
        return [end for work in works for end in work.result()]

    async def _end_at(self, place: Place, targets: Sequence[ContainerTarget]) -> list[ContainerEnd]:
        containers = self._watched.containers()
        if containers is None:
            return [_failed(one, "nobody looks at containers any more") for one in targets]
        ids = tuple(one.id for one in targets)
        try:
            ends = await containers.end(ids, self.folder(place), self.files(ids))
        except DaemonUnreachableError as error:
            return [_failed(one, str(error)) for one in targets]
        return [
            ContainerEnd(
                name=target.name,
                task=target.task,
                how=end.how,
                kept=tuple(path.name for path in end.kept),
                trouble=end.trouble,
            )
            for target, end in zip(targets, ends, strict=True)
        ]

    async def _swept(self, order: SweepAway) -> list[ContainerEnd]:
        """Remove networks and volumes; return what could not be."""
        containers = self._watched.containers()
        if containers is None or not (order.networks or order.volumes):
            return []
        rest = Leftovers(networks=order.networks, volumes=order.volumes)
        try:
            problems = await containers.remove(rest, self.folder(None))
        except DaemonUnreachableError as error:
            problems = [str(error)]
        return [ContainerEnd(name="sweep", how="not removed", trouble=one) for one in problems]

    def folder(self, place: Place) -> Path:
        """Return where what is saved of containers goes."""
        directory = self._batch().head.directory
        if place is None:
            return Path(directory) / CONTAINERS
        known = next((id_ for id_ in self._batch().tasks if id_ == place[0]), None)
        if known is None:
            return Path(directory) / CONTAINERS
        return Path(attempt_dir(directory, known, place[1])) / CONTAINERS

    def _tell_unkillable(
        self, targets: Sequence[ContainerTarget], ends: Sequence[ContainerEnd]
    ) -> None:
        """Show which ones nothing ended, until somebody ends them or they are gone."""
        bad = {end.name for end in ends if not end.ok}
        for one in targets:
            self._unkillable.pop(one.id, None)
        self._unkillable |= {one.id: one.name for one in targets if one.name in bad}
        rows = self._watched.rows()
        left = {id_: name for id_, name in self._unkillable.items() if id_ in rows}
        if not left:
            self._banner(_BANNER, None, "")
            return
        what = plural(len(left), "container")
        text = f"{what} could not be ended: {listed(left.values())}; launching goes on"
        self._banner(_BANNER, text, f"docker rm -f {next(iter(left.values()))}")


def target_of(row: ContainerRow) -> ContainerTarget:
    """Return the container of a row as one that is to end."""
    return ContainerTarget(
        id=row.id, name=row.name, task=row.task, attempt=row.attempt, owned=row.owned
    )


def _failed(target: ContainerTarget, why: str) -> ContainerEnd:
    return ContainerEnd(name=target.name, task=target.task, how="unkillable", trouble=why)
