"""The documents about containers that people and scripts read, as plain values."""

from collections.abc import Iterable

from supervisor.core.containers import STATES, ContainerCounts, ContainerRow
from supervisor.core.outcome import Document, cleaned


def containers(rows: Iterable[ContainerRow], now: float) -> list[Document]:
    """Return the document of ``containers --json``; the dead first, then by state and name."""
    ranked = {state: rank for rank, state in enumerate(_ORDER)}
    ordered = sorted(rows, key=lambda one: (ranked[one.state], one.quiet_since or now, one.name))
    return [container(one, now) for one in ordered]


def container(row: ContainerRow, now: float) -> Document:
    """Return one container; text of others is redacted."""
    return {
        "name": cleaned(row.name),
        "id": row.id,
        "image": cleaned(row.image),
        "task": row.task,
        "group": row.group,
        "owned": row.owned,
        "proof": row.proof,
        "state": row.state,
        "answering": row.answering,
        "cores": row.cores,
        "cpu_percent": row.cpu_percent,
        "mem_bytes": row.mem_bytes,
        "pids": row.pids,
        "quiet_for_s": None if row.quiet_since is None else max(0, round(now - row.quiet_since)),
        "age_s": max(0, round(now - row.created_at)),
        "why": cleaned(row.why),
    }


def counts(found: ContainerCounts | None) -> Document | None:
    """Return how many containers are in which state; None: nobody looks at any."""
    return None if found is None else {state: getattr(found, state) for state in STATES}


_ORDER = ("dead_idle", "unknown", "idle", "busy", "paused", "created", "exited")
