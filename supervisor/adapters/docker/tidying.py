"""Removes the containers of attempts whose end is written down, and no others."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.reach import Reach
from supervisor.adapters.docker.records import read_end
from supervisor.core.containers import ATTEMPT_LABEL, BATCH_LABEL, TASK_LABEL
from supervisor.core.models import TaskId
from supervisor.ports import (
    DaemonRefusedError,
    DaemonUnreachableError,
    NoSuchContainerError,
    Ref,
)

log = logging.getLogger(__name__)

_REMOVE_S = 60.0


class Tidying:
    """Removes containers, with the unnamed volumes that were made for them."""

    def __init__(
        self, docker: Docker, reach: Reach, uuid: str, directory: Callable[[Ref], Path]
    ) -> None:
        self._docker = docker
        self._reach = reach
        self._uuid = uuid
        self._directory = directory

    async def remove(self, container: str) -> None:
        """Remove one that is over, if need be when the engine answers again. What runs, stays."""
        while True:
            try:
                await self._docker.delete(f"containers/{container}", {"v": True}, limit_s=_REMOVE_S)
            except DaemonUnreachableError as error:
                self._reach.lost(str(error))
                await self._reach.back()
            except NoSuchContainerError:
                return
            except DaemonRefusedError as error:
                log.warning("container stays", extra={"container": container, "why": error.words})
                return
            else:
                return

    async def remove_what_earlier_engines_left(self) -> None:
        """Remove containers whose attempts were over before this engine began."""
        for one in await self._ours():
            labels: dict[str, str] = one.get("Labels") or {}
            if self._is_over(labels):
                await self.remove(one["Id"])

    async def _ours(self) -> list[Any]:
        filters = {"label": [f"{BATCH_LABEL}={self._uuid}"]}
        while True:
            await self._reach.back()
            try:
                found: list[Any] = await self._docker.get(
                    "containers/json", {"all": True, "filters": filters}
                )
            except DaemonUnreachableError as error:
                self._reach.lost(str(error))
            else:
                return found

    def _is_over(self, labels: dict[str, str]) -> bool:
        task, attempt = labels.get(TASK_LABEL), labels.get(ATTEMPT_LABEL, "")
        if not task or not attempt.isdecimal():
            return False
        ref = Ref(TaskId(task), int(attempt))
        return read_end(self._directory(ref), ref) is not None
