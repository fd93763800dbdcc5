"""Acts on the containers of a batch that no engine runs."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

from supervisor.core.containers import ContainerRow, ContainersNow
from supervisor.core.events import Event
from supervisor.core.state import Batch
from supervisor.engine.container_acts import ContainerActs, Watched
from supervisor.engine.container_watch import ContainerWatch
from supervisor.engine.lives import Lives
from supervisor.ports import Clock, Containers, Witness


@asynccontextmanager
async def resting(
    batch: Batch,
    containers: Containers,
    clock: Clock,
    environ: Mapping[str, str],
    witness: Witness | None = None,
) -> AsyncGenerator[ContainerActs, None]:
    """Yield what lists and removes the leftovers of ``batch``; close ``containers`` afterwards.

    ``witness`` knows whose containers are, from what engines of the batch saw.

    Raises:
        DaemonUnreachableError: the container engine does not answer.
    """
    watch = ContainerWatch(
        lambda: containers,
        lives=Lives(lambda: batch, environ),
        clock=clock,
        batch=lambda: batch,
        submit=_nobody_hears,
        show=_nobody_sees,
        banner=_no_banner,
        witness=None if witness is None else lambda: witness,
    )
    watch.containers = containers
    try:
        yield ContainerActs(
            Watched(
                containers=lambda: containers,
                rows=lambda: watch.rows,
                error_files=watch.inventory.error_files,
                container=watch.inventory.container,
                look=watch.refresh,
            ),
            batch=lambda: batch,
            submit=_nobody_hears,
            banner=_no_banner,
        )
    finally:
        await containers.close()


async def _nobody_hears(_: Event) -> None:
    """There is no core to decide anything."""


def _nobody_sees(_rows: Mapping[str, ContainerRow], _now: ContainersNow) -> None:
    """What is found is asked for, not shown."""


def _no_banner(_key: str, _text: str | None, _command: str) -> None:
    """Trouble is raised where something is asked for."""
