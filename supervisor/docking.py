"""The part of the composition root that is about containers. Heavy parts are imported where used."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from supervisor.core.models import BatchSpec
    from supervisor.ports import Backend, Containers, Witness


def machine_containers() -> "Containers":
    """Return the containers of the machine that Docker's own command line would speak to."""
    from supervisor.adapters.containers.machine import Machine
    from supervisor.adapters.docker.client import Docker

    return Machine(Docker())


def survey_machine(batches: "Sequence[tuple[str, str]]") -> "list[dict[str, object]]":
    """Return the document of ``containers --json`` for all this machine has; takes some seconds.

    ``batches`` are this user's, each as its uuid and its state directory.

    Raises:
        DaemonUnreachableError: no container engine answers.
    """
    import asyncio

    from supervisor.adapters.clock import SystemClock
    from supervisor.adapters.containers.ledger import read
    from supervisor.config.data import folders
    from supervisor.config.profiles import load_profiles
    from supervisor.core.container_documents import containers as documents
    from supervisor.core.container_rules import filled
    from supervisor.engine.survey import survey

    profiles = load_profiles(folders("configs/runners", os.environ)).values()
    rules = [
        filled(one.containers, dict.fromkeys(one.options, "*"))
        for one in profiles
        if one.containers is not None
    ]
    uuids = frozenset(uuid for uuid, _ in batches)
    ledgers = [read(Path(place)) for _, place in batches]
    makers = {id_: one for ledger in ledgers for id_, one in ledger.items()}

    async def surveyed() -> "list[dict[str, object]]":
        machine, clock = machine_containers(), SystemClock()
        try:
            rows = await survey(machine, clock, rules=rules, batches=uuids, makers=makers)
            return [dict(one) for one in documents(rows, clock.now())]
        finally:
            await machine.close()

    return asyncio.run(surveyed())


def witness_of(uuid: str, directory: Path) -> "Witness":
    """Return what sees who makes containers for the batch whose state lies in ``directory``."""
    from supervisor.adapters.containers.witness import EventWitness
    from supervisor.adapters.docker.client import Docker
    from supervisor.engine.announce import read_info, registry_dir

    def others() -> "list[Path]":
        known = (read_info(path) for path in registry_dir(Path.home()).glob("*.json"))
        return [Path(one.directory) for one in known if one and Path(one.directory) != directory]

    return EventWitness(Docker(), uuid, directory, others=others)


def container_problems(spec: "BatchSpec") -> list[str]:
    """Return why container tasks of ``spec`` would not run here, one line each."""
    wishes = {task.container: task.id for task in spec.tasks if task.container is not None}
    if not wishes:
        return []
    import asyncio

    from supervisor.adapters.docker import checking
    from supervisor.adapters.docker.client import Docker

    async def checked() -> list[str]:
        docker = Docker()
        try:
            return await checking.container_problems(
                docker, {task: wish for wish, task in wishes.items()}
            )
        finally:
            await docker.close()

    return asyncio.run(checked())


def engine_found() -> "tuple[str, bool]":
    """Return which container engine answers, and whether containers survive its restarts.

    Raises:
        DaemonUnreachableError: none answers.
        DaemonRefusedError: one does, and will not tell.
    """
    import asyncio

    from supervisor.adapters.docker import checking
    from supervisor.adapters.docker.client import Docker

    async def asked() -> "tuple[str, bool]":
        docker = Docker(limit_s=5.0)
        try:
            return await checking.engine_found(docker)
        finally:
            await docker.close()

    return asyncio.run(asked())


def backend_maker(spec: "BatchSpec", directory: Path) -> "Callable[[str], Backend]":
    """Return what makes the backend of a batch; that of containers is loaded when one is wanted."""
    from supervisor.adapters.docker.records import launched_as
    from supervisor.adapters.local import LocalBackend
    from supervisor.adapters.several import SeveralBackends

    def containers(uuid: str) -> "Backend":
        from supervisor.adapters.docker.backend import DockerBackend
        from supervisor.adapters.docker.client import Docker

        return DockerBackend(directory, uuid, Docker())

    return lambda uuid: SeveralBackends(
        LocalBackend(directory, uuid),
        lambda: containers(uuid),
        launched_as=launched_as,
        at_once=any(task.container is not None for task in spec.tasks),
    )
