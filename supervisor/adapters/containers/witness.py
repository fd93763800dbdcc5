"""Sees who makes containers, at the moment they are made: later nothing tells them apart.

The engine of the containers says when one is made; the kernel says who is connected to it just then.
That is how the containers of a runner are told from those of a colleague with the same names.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from supervisor.adapters.containers import ledger
from supervisor.adapters.containers.answers import part
from supervisor.adapters.containers.clients import Speaker, speakers
from supervisor.adapters.containers.ledger import Ledger
from supervisor.adapters.docker.client import Docker
from supervisor.core.containers import BATCH_LABEL
from supervisor.core.ownership import Maker
from supervisor.ports import DaemonRefusedError, DaemonUnreachableError, Known

log = logging.getLogger(__name__)

_AGAIN_S = 5.0
_NEWS = ["create", "start", "die", "destroy", "exec_create"]
_PROJECT = "com.docker.compose.project"
_REMEMBERED_S = 20.0
_MOST_HEARD = 1000
_SHORT = 12
"""Digits by which an id is usually called."""

BY_CLIENT = "a docker client of this attempt named it"
BY_LINE = "made while only this attempt spoke to the container engine"
BY_PROJECT = "docker compose of this attempt runs its project"
STRANGER = "made by somebody else: no attempt spoke to the container engine"
STRANGER_NAMED = "a docker client of somebody else named it"


class EventWitness:
    """Implements ``ports.Witness`` for an engine of this machine; elsewhere it only remembers."""

    def __init__(
        self,
        docker: Docker,
        uuid: str,
        directory: Path,
        *,
        others: Callable[[], Iterable[Path]] = tuple,
        present: Callable[[str, str], list[Speaker]] = speakers,
    ) -> None:
        self._docker = docker
        self._uuid = uuid
        self._ledger = Ledger(directory)
        self._others = others
        self._present = present
        self._projects: dict[str, Maker] = {}
        self._heard: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue(_MOST_HEARD)
        self._clients: list[tuple[float, Speaker]] = []
        """Who was connected lately, and when first seen."""

    async def run(self, happened: Callable[[], None]) -> None:
        """See until cancelled; see ``ports.Witness``."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen(happened), name="container events")
                group.create_task(self._ask_on(), name="container makers")
        finally:
            await self._docker.close()

    def known(self) -> Known:
        """Return what was seen so far; see ``ports.Witness``."""
        return Known(
            makers=dict(self._ledger.makers),
            projects=dict(self._projects),
            claimed=ledger.claimed(self._others()),
        )

    def keep(self, proofs: Mapping[str, Maker]) -> None:
        """Remember whose containers are; see ``ports.Witness``."""
        self._ledger.keep(proofs)

    async def hear(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Take in events of the engine, as ``GET /events`` tells them: one look for all of them."""
        path = self._docker.place.socket
        unknown = [one for one in map(_made, events) if one is not None and self._is_open(one)]
        if path is None or not unknown:
            return
        try:
            there = await asyncio.to_thread(self._present, path, self._uuid)
        except OSError as error:
            log.warning("who made a container cannot be seen", exc_info=error)
            return
        recent = self._remembered(there)
        for one in unknown:
            self._judge(one, there, recent)

    async def _listen(self, happened: Callable[[], None]) -> None:
        filters: Mapping[str, object] = {"type": ["container"], "event": _NEWS}
        while True:
            # A line cut in two is an event that was missed, nothing more.
            with suppress(DaemonUnreachableError, DaemonRefusedError, ValueError):
                async with self._docker.stream("GET", "events", {"filters": filters}) as body:
                    happened()
                    while line := await body.readline():
                        await self._heard.put(json.loads(line))
                        happened()
            await asyncio.sleep(_AGAIN_S)

    async def _ask_on(self) -> None:
        while True:
            events = [await self._heard.get()]
            while not self._heard.empty():
                events.append(self._heard.get_nowait())
            await self.hear(events)

    def _is_open(self, one: "_Made") -> bool:
        return one.id not in self._ledger.makers and one.project not in self._projects

    def _remembered(self, there: Sequence[Speaker]) -> Sequence[Speaker]:
        """Return the clients of the last seconds as well: one that has said a name may be gone already."""
        now = monotonic()
        self._clients = [(at, one) for at, one in self._clients if now - at < _REMEMBERED_S]
        known = {one for _, one in self._clients}
        self._clients += [(now, one) for one in set(there) - known if one.words]
        return [*there, *known]

    def _judge(self, made: "_Made", there: Sequence[Speaker], recent: Sequence[Speaker]) -> None:
        for one in recent:
            if made.project and one.task is not None and one.names(made.project):
                maker = Maker(task=one.task, attempt=one.attempt, how=BY_PROJECT)
                self._projects[made.project] = maker
                return
        called = (made.id, made.id[:_SHORT], *([made.name] if made.name else []))
        # Anybody may look into a container that is there; only who makes it is its maker.
        named = [one for one in recent if one.names(*called) and (made.now or one.task is not None)]
        if named:
            # Whoever is not ours counts first: that it is ours must be beyond doubt.
            first = min(named, key=lambda each: each.task is not None)
            how = STRANGER_NAMED if first.task is None else BY_CLIENT
            self._ledger.keep({made.id: Maker(task=first.task, attempt=first.attempt, how=how)})
        elif made.now:
            self._judge_by_line(made, there)

    def _judge_by_line(self, made: "_Made", there: Sequence[Speaker]) -> None:
        """Judge one that nobody's command line names, such as a program's own client makes."""
        ours = {(one.task, one.attempt) for one in there if one.task is not None}
        strangers = any(one.task is None for one in there)
        if len(ours) == 1 and not strangers:
            ((task, attempt),) = ours
            self._ledger.keep({made.id: Maker(task=task, attempt=attempt, how=BY_LINE)})
        elif strangers and not ours:
            self._ledger.keep({made.id: Maker(task=None, how=STRANGER)})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A container whose maker is asked for."""

    id: str
    name: str
    project: str
    now: bool
    """It has just been made; else it was there already."""


def _made(event: Mapping[str, Any]) -> _Made | None:
    """Return what one event is about; None where it says nothing about a maker."""
    action = str(event.get("Action") or "").partition(":")[0]
    actor = part(event, "Actor")
    id_, facts = str(actor.get("ID") or ""), part(actor, "Attributes")
    if action not in {"create", "start", "exec_create"} or not id_ or BATCH_LABEL in facts:
        return None
    return _Made(
        id=id_,
        name=str(facts.get("name") or ""),
        project=str(facts.get(_PROJECT) or ""),
        now=action == "create",
    )
