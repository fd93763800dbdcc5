"""What a batch left with a container engine, how full its disk is, and removing the one for the other."""

import asyncio
import os
import re
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.ending import end
from supervisor.core.containers import BATCH_LABEL, Container
from supervisor.ports.containers import DockerDisk, Leftovers, Share
from supervisor.ports.errors import (
    DaemonUnreachableError,
    NoSuchContainerError,
    SupervisorError,
)

_PROJECT = "com.docker.compose.project"
_ANONYMOUS = re.compile(r"[0-9a-f]{64}")
_COUNTING_S = 30.0
_REMOVE_S = 10.0
_PREDEFINED = frozenset({"bridge", "host", "none"})
_SHARES = (
    ("images", "Images", "Size"),
    ("containers", "Containers", "SizeRw"),
    ("volumes", "Volumes", "Size"),
    ("build cache", "BuildCache", "Size"),
)


async def leftovers(docker: Docker, uuid: str, containers: Sequence[Container]) -> Leftovers:
    """Return ``containers`` with their networks and volumes, and what carries the label of ``uuid``.

    A network that another container uses, or that neither label nor Compose project says is ours,
    is left out; so is every volume with a name that has no label of ours.
    """
    ids = {one.id for one in containers}
    projects = {one.project for one in containers if one.project}
    mounts = await _mounts(docker, containers)
    return Leftovers(
        containers=tuple(containers),
        networks=tuple([one async for one in _networks(docker, uuid, projects, ids)]),
        volumes=tuple(sorted(await _volumes(docker, uuid))),
        anonymous=sum(_ANONYMOUS.fullmatch(name) is not None for name in mounts),
    )


async def remove(docker: Docker, found: Leftovers, keep: Path) -> Sequence[str]:
    """Remove what was found; containers first, saved as by ``end``. Return what could not be."""
    problems = [
        f"container {one.name}: {one.trouble}"
        for one in await end(docker, [one.id for one in found.containers], keep)
        if not one.ok
    ]
    for id_, name in found.networks:
        problems += await _removed(docker, f"networks/{id_}", f"network {name}")
    for name in found.volumes:
        problems += await _removed(docker, f"volumes/{name}", f"volume {name}")
    return problems


async def disk(docker: Docker) -> DockerDisk:
    """Return the engine's free space, and what ``docker system df`` says if it does in time.

    Raises:
        DaemonUnreachableError: no answer.
    """
    root = await _root(docker)
    shares: tuple[Share, ...] = ()
    try:
        told = await docker.get("system/df", limit_s=_COUNTING_S)
        shares = tuple(_share(name, told.get(key) or (), size) for name, key, size in _SHARES)
        # Images share layers: what each has of its own and with others is more than the disk holds.
        images, *others = shares
        size_bytes = int(told.get("LayersSize") or images.size_bytes)
        free = min(images.free_bytes, size_bytes)
        shares = (replace(images, size_bytes=size_bytes, free_bytes=free), *others)
    except SupervisorError:
        # Counting is the engine's slowest answer; the free space is known without.
        shares = ()
    return DockerDisk(root=root, free_bytes=_free(docker, root), shares=shares)


async def free_bytes(docker: Docker) -> int | None:
    """Return the free space on the engine's disk; None where it cannot be seen from here.

    Raises:
        DaemonUnreachableError: no answer.
    """
    return await asyncio.to_thread(_free, docker, await _root(docker))


async def _root(docker: Docker) -> str:
    return str((await docker.get("info"))["DockerRootDir"])


def _free(docker: Docker, root: str) -> int | None:
    if docker.place.socket is None:
        return None
    try:
        found = os.statvfs(root)
    except OSError:
        return None  # an engine in a machine of its own, such as Docker Desktop's
    return found.f_bavail * found.f_frsize


async def _mounts(docker: Docker, containers: Iterable[Container]) -> list[str]:
    """Return the names of the volumes that containers have."""
    found: list[str] = []
    for one in containers:
        try:
            told = await docker.get(f"containers/{one.id}/json")
        except NoSuchContainerError:
            continue
        found += [
            str(mount.get("Name")) for mount in told["Mounts"] if mount.get("Type") == "volume"
        ]
    return found


async def _networks(
    docker: Docker, uuid: str, projects: set[str], ids: set[str]
) -> AsyncGenerator[tuple[str, str], None]:
    for one in await docker.get("networks"):
        labels: Mapping[str, str] = one.get("Labels") or {}
        ours = labels.get(BATCH_LABEL) == uuid or labels.get(_PROJECT) in projects
        if not ours or one["Name"] in _PREDEFINED:
            continue
        try:
            told = await docker.get(f"networks/{one['Id']}")
        except NoSuchContainerError:
            continue
        if set(told.get("Containers") or ()) <= ids:
            yield str(one["Id"]), str(one["Name"])


async def _volumes(docker: Docker, uuid: str) -> list[str]:
    filters = {"label": [f"{BATCH_LABEL}={uuid}"]}
    told = await docker.get("volumes", {"filters": filters})
    return [str(one["Name"]) for one in told.get("Volumes") or ()]


async def _removed(docker: Docker, path: str, what: str) -> list[str]:
    try:
        await docker.delete(path, limit_s=_REMOVE_S)
    except NoSuchContainerError:
        return []
    except DaemonUnreachableError:
        raise
    except SupervisorError as error:
        return [f"{what}: {error}"]
    return []


def _share(name: str, items: Sequence[Mapping[str, Any]], size: str) -> Share:
    """Return one line of figures, counted as Docker's own command line does."""
    rows = [(_size(one, size), _used(name, one)) for one in items]
    return Share(
        name=name,
        count=len(rows),
        active=sum(used for _, used in rows),
        size_bytes=sum(amount for amount, _ in rows),
        free_bytes=sum(amount for amount, used in rows if not used),
    )


def _size(item: Mapping[str, Any], key: str) -> int:
    return max(
        0, int(_usage(item).get("Size") or 0) if "UsageData" in item else int(item.get(key) or 0)
    )


def _usage(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", item.get("UsageData") or {})


def _used(name: str, item: Mapping[str, Any]) -> bool:
    match name:
        case "images":
            return int(item.get("Containers") or 0) > 0
        case "containers":
            return item.get("State") in {"running", "paused", "restarting"}
        case "volumes":
            return int(_usage(item).get("RefCount") or 0) > 0
        case _:
            return bool(item.get("InUse"))
