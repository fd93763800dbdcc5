"""Hears from a container engine at once when something happens to one of a batch's containers."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.reach import Reach
from supervisor.core.containers import BATCH_LABEL
from supervisor.ports import DaemonRefusedError, DaemonUnreachableError

_AGAIN_S = 0.5


async def hear(docker: Docker, reach: Reach, uuid: str, happened: Callable[[str], None]) -> None:
    """Call ``happened`` with a container's id, or with nothing when anything may have been missed.

    Goes on until cancelled. Never the only source: an engine's events are lost while nobody listens.
    """
    filters = {"type": ["container"], "label": [f"{BATCH_LABEL}={uuid}"]}
    while True:
        await reach.back()
        try:
            async with docker.stream("GET", "events", {"filters": filters}) as body:
                happened("")
                while line := await body.readline():
                    happened(_container(line))
        except (DaemonUnreachableError, DaemonRefusedError, ValueError):
            # A line too long or cut in two is an event that was missed, nothing more.
            pass
        happened("")
        await asyncio.sleep(_AGAIN_S)


def _container(line: bytes) -> str:
    actor: dict[str, Any] = json.loads(line).get("Actor") or {}
    return str(actor.get("ID") or "")
