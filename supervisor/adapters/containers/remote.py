"""Asks the container engine what a container uses, where the kernel's files cannot be read from here.

``one-shot`` answers at once with the counters of this moment; without it the engine takes a second
for each container to make a difference itself (moby#40437). The difference is ours to make.
"""

import base64
import io
import json
import tarfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from supervisor.adapters.containers.answers import entries, part
from supervisor.adapters.containers.signs import ID_BYTES, Life, named_items, newest_of
from supervisor.adapters.containers.sleepers import is_init, is_sleeper
from supervisor.adapters.docker.client import Docker
from supervisor.core.containers import Container, ContainerUsage, Sentinels, Traces
from supervisor.ports import DaemonRefusedError

_STAT = "X-Docker-Container-Path-Stat"


async def usage(docker: Docker, id_: str, at: float) -> ContainerUsage | None:
    """Return what the engine counts for one container; None: it does not run.

    Raises:
        DaemonUnreachableError: no answer.
    """
    try:
        said = await docker.get(f"containers/{id_}/stats", {"stream": False, "one-shot": True})
    except DaemonRefusedError:
        return None
    return counted(said, at)


def counted(said: Mapping[str, Any], at: float) -> ContainerUsage | None:
    """Return the counters of one answer of ``GET /containers/ID/stats``; None: it holds none."""
    cpu = part(said, "cpu_stats", "cpu_usage")
    if not cpu.get("total_usage") and str(said.get("read", "")).startswith("0001-"):
        return None
    memory = part(said, "memory_stats")
    detail = part(memory, "stats")
    used = memory.get("usage")
    inactive = detail.get("total_inactive_file", detail.get("inactive_file", 0))
    throttling = part(said, "cpu_stats", "throttling_data")
    networks = part(said, "networks")
    each = [part(networks, name) for name in networks]
    sent = sum(int(one.get("tx_bytes", 0)) for one in each) if each else None
    received = sum(int(one.get("rx_bytes", 0)) for one in each)
    return ContainerUsage(
        at=at,
        cpu_s=int(cpu.get("total_usage") or 0) / 1e9,
        mem_bytes=None if used is None else max(0, int(used) - int(inactive)),
        pids=part(said, "pids_stats").get("current"),
        net_bytes=None if sent is None else sent + received,
        sent_bytes=sent,
        block_bytes=_blocks(part(said, "blkio_stats").get("io_service_bytes_recursive")),
        throttled_s=int(throttling.get("throttled_time") or 0) / 1e9,
    )


async def life(docker: Docker, container: Container, pids: int | None) -> Life:
    """Return what its processes tell. Raises as ``usage``."""
    sleeper = is_sleeper(container.command) if container.command else None
    if pids == 1:
        return Life(extra=0, sleeper=sleeper)
    try:
        said = await docker.get(f"containers/{container.id}/top")
    except DaemonRefusedError:
        return Life(sleeper=sleeper)
    titles = [str(title).upper() for title in entries(said, "Titles")]
    place = next((titles.index(name) for name in ("CMD", "COMMAND") if name in titles), None)
    if place is None:
        return Life(sleeper=sleeper)
    rows = [str(row[place]).split() for row in entries(said, "Processes")]
    alive = [words for words in rows if words and words[-1] != "<defunct>"]
    # The first process comes first where ps lists it; a sleeper is none wherever it stands.
    extra = sum(1 for words in alive if not is_init(words) and not is_sleeper(words))
    return Life(extra=extra if sleeper else max(0, extra - 1), sleeper=sleeper)


async def files(docker: Docker, container: Container, wanted: Sentinels) -> Traces:
    """Return when the files that ``wanted`` names were written. Raises as ``usage``."""
    paths = (*wanted.error_files, *wanted.output_files)
    paths += (wanted.workspace,) if wanted.workspace else ()
    times = {path: await _written_at(docker, container.id, path) for path in paths}
    said = await _content(docker, container.id, wanted.id_file) if wanted.id_file else b""
    error_file, error_at = newest_of(wanted.error_files, lambda path: times[path])
    output_file, output_at = newest_of(wanted.output_files, lambda path: times[path])
    newest = max((at for at in times.values() if at is not None), default=None)
    return Traces(
        error_file=error_file,
        error_at=error_at,
        output_file=output_file,
        output_at=output_at,
        written_at=newest,
        items=named_items(said) if said else (),
    )


async def _written_at(docker: Docker, id_: str, path: str) -> float | None:
    try:
        return datetime.fromisoformat((await _stat(docker, id_, path))["mtime"]).timestamp()
    except (DaemonRefusedError, ValueError, LookupError, TypeError):
        return None


async def _content(docker: Docker, id_: str, path: str) -> bytes:
    """Return a small file; nothing where it is large or none."""
    try:
        if int((await _stat(docker, id_, path))["size"]) > ID_BYTES:
            return b""
        packed = await docker.get(f"containers/{id_}/archive", {"path": path})
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            file = archive.extractfile(archive.next() or "")
            return file.read(ID_BYTES) if file is not None else b""
    except (DaemonRefusedError, ValueError, LookupError, TypeError, tarfile.TarError):
        return b""


async def _stat(docker: Docker, id_: str, path: str) -> dict[str, Any]:
    headers = await docker.head(f"containers/{id_}/archive", {"path": path})
    said: dict[str, Any] = json.loads(base64.b64decode(headers[_STAT]))
    return said


def _blocks(entries: Any) -> int | None:
    """Return the bytes of v1 (``Read``, ``Write``) or v2 (``read``, ``write``) entries."""
    if entries is None:
        return None
    return sum(
        int(one.get("value") or 0)
        for one in entries
        if str(one.get("op")).lower() in {"read", "write"}
    )
