"""By what a table of containers can be ordered."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from supervisor.core.containers import ContainerRow
from supervisor.tui.order import SortKey, SortKeys, natural

_TROUBLE = ("dead_idle", "unknown", "exited", "created", "paused", "idle", "busy")
_RANK = {state: rank for rank, state in enumerate(_TROUBLE)}


def by_task(rows: Mapping[str, ContainerRow]) -> Mapping[str, ContainerRow]:
    """Return the rows by task and name, those that belong to no task last."""
    return dict(sorted(rows.items(), key=lambda item: _name(item[1])))


def _name(row: ContainerRow) -> tuple[Any, ...]:
    return (row.task is None, natural(row.task or ""), natural(row.name))


def _quiet(row: ContainerRow) -> float | None:
    return None if row.quiet_since is None else -(row.quiet_since // 10)


CONTAINER_KEYS: SortKeys[ContainerRow] = MappingProxyType(
    {
        "state": SortKey(words="problems first", value=lambda row: _RANK[row.state]),
        "task": SortKey(words="by task", value=_name),
        "container": SortKey(words="by name", value=lambda row: natural(row.name)),
        "idle": SortKey(words="longest idle first", value=_quiet, falling=True),
        "cpu": SortKey(
            words="by CPU",
            value=lambda row: None if row.cores is None else round(row.cores, 2),
            falling=True,
        ),
        "mem": SortKey(
            words="by memory",
            value=lambda row: None if row.mem_bytes is None else row.mem_bytes >> 20,
            falling=True,
        ),
        "pids": SortKey(words="by processes", value=lambda row: row.pids, falling=True),
        "net/s": SortKey(
            words="by traffic",
            value=lambda row: None if row.net_rate is None else int(row.net_rate) >> 10,
            falling=True,
        ),
        "age": SortKey(
            words="by age",
            value=lambda row: -row.created_at if row.created_at else None,
            falling=True,
        ),
        "image": SortKey(words="by image", value=lambda row: row.image),
    }
)
"""By column; what differs by so little that it tells nothing is the same."""
