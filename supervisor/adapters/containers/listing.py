"""Reads what the container engine says about its containers (Docker Engine API 1.41)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from supervisor.adapters.containers.answers import entries, part
from supervisor.core.containers import Container

_EXITED = re.compile(r"Exited \((-?\d+)\)")
_PROJECT = "com.docker.compose.project"


def listed(entry: Mapping[str, Any]) -> Container:
    """Return one entry of ``GET /containers/json``; what is not in it is left unknown."""
    labels = part(entry, "Labels")
    names = entries(entry, "Names") or [entry["Id"][:12]]
    status = str(entry.get("State") or "unknown")
    exited = _EXITED.match(str(entry.get("Status") or ""))
    network = part(entry, "HostConfig").get("NetworkMode", "")
    return Container(
        id=str(entry["Id"]),
        name=str(names[0]).removeprefix("/"),
        image=str(entry.get("Image") or ""),
        labels=MappingProxyType({str(k): str(v) for k, v in labels.items()}),
        created_at=float(entry.get("Created") or 0),
        status=status,
        exit_code=int(exited[1]) if exited else None,
        project=labels.get(_PROJECT),
        host_network=network == "host",
    )


def inspected(container: Container, said: Mapping[str, Any]) -> Container:
    """Return ``container`` with what ``GET /containers/ID/json`` adds."""
    state, host = part(said, "State"), part(said, "HostConfig")
    words = (said.get("Path") or "", *entries(said, "Args"))
    running = bool(state.get("Running"))
    return replace(
        container,
        created_at=_moment(said.get("Created")) or container.created_at,
        status=str(state.get("Status") or container.status),
        exit_code=None if running else state.get("ExitCode", container.exit_code),
        oom_killed=bool(state.get("OOMKilled")),
        pid=int(state.get("Pid") or 0) or None,
        command=tuple(str(word) for word in words if word),
        limit_cores=_cores(host),
        mem_limit=int(host.get("Memory") or 0) or None,
    )


def _cores(host: Mapping[str, Any]) -> float | None:
    if nano := host.get("NanoCpus"):
        return float(nano) / 1e9
    quota, period = host.get("CpuQuota") or 0, host.get("CpuPeriod") or 100_000
    return quota / period if quota > 0 else None


def _moment(text: object) -> float | None:
    """Return Unix seconds of an RFC 3339 time with nanoseconds; None where there is none."""
    if not isinstance(text, str) or text.startswith("0001-"):
        return None
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None
