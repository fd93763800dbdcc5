"""By what the table of running tasks can be ordered."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from supervisor.core.machine import RunnerRow
from supervisor.tui.order import SortKey, SortKeys, natural

_SAME_SHARE, _SAME_CORES, _SAME_BYTES = 0.25, 0.1, 32 << 20
"""A row keeps its place until it uses this much more or less than when it got there."""


def by_name(rows: Iterable[RunnerRow]) -> Mapping[str, RunnerRow]:
    """Return the rows by task, in the order of their names."""
    return {row.task: row for row in sorted(rows, key=lambda row: natural(row.task))}


def _near(least: float) -> Callable[[float, float], bool]:
    return lambda before, now: abs(now - before) <= max(least, before * _SAME_SHARE)


RUNNER_KEYS: SortKeys[RunnerRow] = MappingProxyType(
    {
        "cores": SortKey(
            words="by cores in use",
            value=lambda row: row.cores or 0.0,
            falling=True,
            same=_near(_SAME_CORES),
        ),
        "task": SortKey(words="by name", value=lambda row: natural(row.task)),
        "memory": SortKey(
            words="by memory",
            value=lambda row: row.mem_bytes,
            falling=True,
            same=_near(_SAME_BYTES),
        ),
        "procs": SortKey(words="by processes", value=lambda row: row.processes, falling=True),
        "threads": SortKey(words="by threads", value=lambda row: row.threads, falling=True),
        "files": SortKey(words="by open files", value=lambda row: row.files, falling=True),
        "waits for cpu": SortKey(
            words="by waiting for a core", value=lambda row: row.waits, falling=True
        ),
        "try": SortKey(words="by attempts", value=lambda row: row.attempt, falling=True),
    }
)
"""By column."""
