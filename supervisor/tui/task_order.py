"""By what a table of tasks can be ordered."""

from types import MappingProxyType

from supervisor.core.board import TaskRow
from supervisor.core.phase_order import PHASES
from supervisor.tui.order import SortKey, SortKeys, natural

_RANK = {phase: rank for rank, phase in enumerate(PHASES, 1)}
_DUE = frozenset({"backing_off", "held", "waiting"})


def rank(row: TaskRow) -> int:
    """Return how far down ``row`` stands when problems come first."""
    if row.phase == "running" and row.note:
        return _RANK["backing_off"]
    return _RANK.get(row.phase, 0)


def _age(row: TaskRow) -> float | None:
    return None if row.since is None or row.phase == "waiting" else -row.since


def _done(row: TaskRow) -> float | None:
    return row.progress[0] / max(1, row.progress[1]) if row.progress is not None else None


TASK_KEYS: SortKeys[TaskRow] = MappingProxyType(
    {
        "state": SortKey(words="problems first", value=rank),
        "task": SortKey(words="by name", value=lambda row: natural(row.task)),
        "try": SortKey(words="by attempts", value=lambda row: row.attempt, falling=True),
        "for": SortKey(words="longest in their state first", value=_age, falling=True),
        "next": SortKey(
            words="by what is next",
            value=lambda row: row.next_at if row.phase in _DUE else None,
        ),
        "progress": SortKey(words="by progress", value=_done, falling=True),
        "what": SortKey(
            words="by class and cause",
            value=lambda row: (row.error_class or "", row.cause or row.note or ""),
        ),
        "": SortKey(words="as in the batch file", value=None),
    }
)
"""By column."""
