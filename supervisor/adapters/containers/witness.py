"""Sees who makes containers, at the moment they are made: later nothing tells them apart.

The engine of the containers says when one is made; the kernel says who is connected to it just then.
That is how the containers of a runner are told from those of a colleague with the same names.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from supervisor.adapters.containers import ledger
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

    async def run(self, happened: Callable[[], None]) -> None:
        """See until cancelled; see ``ports.Witness``."""
        filters: Mapping[str, object] = {"type": ["container"], "event": _NEWS}
        try:
            while True:
                with suppress(DaemonUnreachableError, DaemonRefusedError, ValueError):
                    async with self._docker.stream("GET", "events", {"filters": filters}) as body:
                        happened()
                        while line := await body.readline():
                            await self.hear(json.loads(line))
                            happened()
                await asyncio.sleep(_AGAIN_S)
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

    async def hear(self, event: Mapping[str, Any]) -> None:
        """Take in one event of the engine, as ``GET /events`` tells it."""
        action = str(event.get("Action") or "").partition(":")[0]
        actor = event.get("Actor") or {}
        id_, facts = str(actor.get("ID") or ""), actor.get("Attributes") or {}
        if action not in {"create", "start", "exec_create"} or not id_ or BATCH_LABEL in facts:
            return
        project = str(facts.get(_PROJECT) or "")
        if id_ in self._ledger.makers or project in self._projects:
            return
        path = self._docker.place.socket
        if path is None:
            return
        try:
            there = await asyncio.to_thread(self._present, path, self._uuid)
        except OSError as error:
            log.warning("who made a container cannot be seen", exc_info=error)
            return
        self._judge(id_, str(facts.get("name") or ""), project, there, made=action == "create")

    def _judge(
        self, id_: str, name: str, project: str, there: list[Speaker], *, made: bool
    ) -> None:
        ours = {(one.task, one.attempt): one for one in there if one.task is not None}
        strangers = [one for one in there if one.task is None]
        called = (id_, id_[:_SHORT], *([name] if name else []))
        for one in there:
            if project and one.task is not None and one.names(project):
                self._projects[project] = Maker(task=one.task, attempt=one.attempt, how=BY_PROJECT)
                return
        # Anybody may look into a container that is there; only who makes it is its maker.
        named = [one for one in there if one.names(*called) and (made or one.task is not None)]
        if named:
            # Whoever is not ours counts first: that it is ours must be beyond doubt.
            one = min(named, key=lambda each: each.task is not None)
            how = STRANGER_NAMED if one.task is None else BY_CLIENT
            self._ledger.keep({id_: Maker(task=one.task, attempt=one.attempt, how=how)})
        elif made and len(ours) == 1 and not strangers:
            ((task, attempt),) = ours
            self._ledger.keep({id_: Maker(task=task, attempt=attempt, how=BY_LINE)})
        elif made and strangers and not ours:
            self._ledger.keep({id_: Maker(task=None, how=STRANGER)})
