"""Which tasks a list shows, and in what order."""

from collections.abc import Mapping, Sequence
from typing import Literal

from supervisor.core.board import TaskRow
from supervisor.core.names import TaskId

Order = Literal["problems first", "batch file", "name", "longest in phase"]
ORDERS: tuple[Order, ...] = ("problems first", "batch file", "name", "longest in phase")

_TROUBLE = (
    "failed",
    "unreachable",
    "frozen",
    "held",
    "backing_off",
    "running",
    "starting",
    "aborted",
    "waiting",
    "cancelled",
    "succeeded",
)
_RANK = {phase: rank for rank, phase in enumerate(_TROUBLE, 1)}
_NEVER = float("inf")


def next_order(order: Order) -> Order:
    """Return the order that follows ``order``."""
    return ORDERS[(ORDERS.index(order) + 1) % len(ORDERS)]


def rank(row: TaskRow) -> int:
    """Return how far down ``row`` stands when problems come first."""
    if row.phase == "running" and row.note:
        return _RANK["backing_off"]
    return _RANK.get(row.phase, 0)


def arranged(
    tasks: Mapping[TaskId, TaskRow], order: Order, words: Sequence[str]
) -> tuple[TaskId, ...]:
    """Return the tasks that match every one of ``words``, in ``order``; ties as in the batch file."""
    rows: Sequence[TaskRow] = [row for row in tasks.values() if matches(row, words)]
    match order:
        case "problems first":
            rows = sorted(rows, key=rank)
        case "name":
            rows = sorted(rows, key=lambda row: row.task)
        case "longest in phase":
            rows = sorted(rows, key=_since)
        case "batch file":
            pass
    return tuple(row.task for row in rows)


def _since(row: TaskRow) -> tuple[bool, float]:
    over = row.phase in ("succeeded", "cancelled", "aborted")
    return (over, row.since if row.since is not None else _NEVER)


def words_of(query: str) -> tuple[str, ...]:
    """Return what a typed filter asks for, in lower case."""
    return tuple(query.lower().split())


def matches(row: TaskRow, words: Sequence[str]) -> bool:
    """Return whether each word occurs in the row's name, phase, class, cause or note."""
    if not words:
        return True
    text = " ".join(
        (
            row.task,
            row.phase.replace("_", " "),
            row.phase,
            row.error_class or "",
            row.cause or "",
            row.note or "",
        )
    ).lower()
    return all(word in text for word in words)
