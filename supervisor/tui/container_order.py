"""Which containers a list shows, and in what order."""

from collections.abc import Mapping, Sequence
from typing import Literal

from supervisor.core.containers import ContainerRow

Order = Literal["problems first", "CPU", "memory", "longest idle", "age", "task"]
ORDERS: tuple[Order, ...] = ("problems first", "CPU", "memory", "longest idle", "age", "task")

_TROUBLE = ("dead_idle", "unknown", "exited", "created", "paused", "idle", "busy")
_RANK = {state: rank for rank, state in enumerate(_TROUBLE)}
_NEVER = float("inf")


def next_order(order: Order) -> Order:
    """Return the order that follows ``order``."""
    return ORDERS[(ORDERS.index(order) + 1) % len(ORDERS)]


def arranged(
    rows: Mapping[str, ContainerRow], order: Order, words: Sequence[str]
) -> tuple[str, ...]:
    """Return the ids that match every one of ``words``, in ``order``; equals by task and name."""
    found = [row for row in rows.values() if matches(row, words)]
    return tuple(row.id for row in sorted(found, key=lambda row: (place(row, order), _name(row))))


def place(row: ContainerRow, order: Order) -> float:
    """Return how far down ``row`` stands; what differs by less than one tells nothing."""
    match order:
        case "problems first":
            return _RANK[row.state]
        case "CPU":
            return -round(row.cores or 0.0, 2)
        case "memory":
            return -((row.mem_bytes or 0) >> 20)
        case "longest idle":
            return _NEVER if row.quiet_since is None else row.quiet_since // 10
        case "age":
            return row.created_at
        case "task":
            return 0.0


def matches(row: ContainerRow, words: Sequence[str]) -> bool:
    """Return whether each word occurs in the row's name, image, task, state or reason."""
    if not words:
        return True
    owned = "" if row.owned else "unowned"
    facts = (
        row.name,
        row.image,
        row.task or "",
        row.group or "",
        row.state,
        row.why,
        owned,
        row.id,
    )
    text = " ".join((*facts, row.state.replace("_", " "))).lower()
    return all(word in text for word in words)


def _name(row: ContainerRow) -> tuple[bool, str, str]:
    return (row.task is None, row.task or "", row.name)
