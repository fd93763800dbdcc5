"""Containers around the stop of their attempt: what explains them is saved before, what is left ends."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

from supervisor.core.containers import ContainerRow
from supervisor.core.effects import EndContainers
from supervisor.core.state import Batch
from supervisor.core.sweeping import ends_with_attempt
from supervisor.engine.container_acts import ContainerActs, Place, Watched, target_of
from supervisor.ports import Ref, SupervisorError

log = logging.getLogger(__name__)

_SAVING_S = 8.0


class ContainerStops:
    """Implements ``AroundStops`` for the containers that runners made."""

    def __init__(
        self, watched: Watched, acts: ContainerActs, *, batch: Callable[[], Batch]
    ) -> None:
        self._watched = watched
        self._acts = acts
        self._batch = batch

    async def before_stop(self, refs: Collection[Ref]) -> None:
        """Save what explains the containers of attempts that are about to be stopped.

        Their runner may remove them itself. It takes 8 s at most, and keeps no stop from happening.
        """
        try:
            async with asyncio.timeout(_SAVING_S), asyncio.TaskGroup() as group:
                for place, rows in self._of(refs).items():
                    group.create_task(self._save(place, rows), name="save containers")
        except (TimeoutError, ExceptionGroup) as error:
            log.warning("not everything of containers was saved", exc_info=error)

    async def after_stop(self, refs: Collection[Ref]) -> None:
        """End what stopped attempts left, where it is certain that nobody else made it."""
        if self._watched.look is None or not self._of(refs):
            return
        try:
            await self._watched.look()
        except SupervisorError as error:
            log.warning("containers of a stopped attempt are unknown", exc_info=error)
            return
        batch = self._batch()
        targets = tuple(
            target_of(row)
            for rows in self._of(refs).values()
            for row in rows
            if ends_with_attempt(batch, row)
        )
        if targets:
            await self._acts.guarded(EndContainers(targets=targets))

    def _of(self, refs: Collection[Ref]) -> Mapping[Place, list[ContainerRow]]:
        """Return the containers that the runners of attempts made; a task's own is its backend's."""
        wanted = {(ref.task, ref.attempt) for ref in refs}
        found: dict[Place, list[ContainerRow]] = defaultdict(list)
        specs = self._batch().specs
        for row in self._watched.rows().values():
            if row.task is None or row.attempt is None or not row.owned:
                continue
            spec = specs.get(row.task)
            if (row.task, row.attempt) in wanted and spec is not None and spec.container is None:
                found[row.task, row.attempt].append(row)
        return found

    async def _save(self, place: Place, rows: Sequence[ContainerRow]) -> None:
        containers = self._watched.containers()
        if containers is not None:
            ids = tuple(row.id for row in rows)
            await containers.save(ids, self._acts.folder(place), self._acts.files(ids))
