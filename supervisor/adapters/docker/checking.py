"""Whether a container engine would run what a batch file asks for, before anything is launched."""

from collections.abc import Mapping
from typing import Any

from supervisor.adapters.docker.client import Docker
from supervisor.core.wish import Wish
from supervisor.ports import DaemonRefusedError, DaemonUnreachableError, NoSuchContainerError


async def container_problems(docker: Docker, wishes: Mapping[str, Wish]) -> list[str]:
    """Return what would keep container tasks from running, one line each; ``wishes`` by task.

    An image that is not there and may be fetched is no problem; whether it can be fetched is seen then.
    """
    try:
        await docker.get("version")
        found = [
            f"{task}: {fault}"
            for task, wish in wishes.items()
            if (fault := await _fault(docker, wish)) is not None
        ]
    except (DaemonUnreachableError, DaemonRefusedError) as error:
        return [str(error)]
    return found


async def engine_found(docker: Docker) -> tuple[str, bool]:
    """Return the engine's version and place, and whether containers survive its restarts.

    Raises:
        DaemonUnreachableError: it does not answer.
        DaemonRefusedError: it will not tell.
    """
    info: dict[str, Any] = await docker.get("info")
    words = f"{info.get('ServerVersion') or 'some version'} at {docker.place}"
    return words, bool(info.get("LiveRestoreEnabled"))


async def _fault(docker: Docker, wish: Wish) -> str | None:
    if "{" in wish.image:
        return None  # a name that only an attempt fills in
    try:
        await docker.get(f"images/{wish.image}/json")
    except NoSuchContainerError:
        if wish.pull == "never":
            return f"image {wish.image} is not there, and docker.pull is never"
    except DaemonRefusedError as error:
        return f"image {wish.image}: {error.words}"
    return None
