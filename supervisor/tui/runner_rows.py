"""What the processes of running tasks use as rows of cells."""

from collections.abc import Sequence

from supervisor.core.machine import RunnerRow
from supervisor.tui.format import fit, size
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.machine_lines import cores_text
from supervisor.tui.rows import Cell, Column, task_name

_NARROW, _WIDE = 60, 84


def runner_columns(width: int, longest: int) -> tuple[Column, ...]:
    """Return the columns that fit ``width``; ``longest`` is the width of the longest task name."""
    cores, memory = Column("cores", 5, "right"), Column("memory", 8, "right")
    if width < _NARROW:
        return (Column("task", max(8, width - 5 - 8 - 3)), cores, memory)
    more = [
        Column("procs", 5, "right"),
        Column("threads", 7, "right"),
        Column("files", 5, "right"),
    ]
    if width >= _WIDE:
        more += [Column("waits for cpu", 13, "right"), Column("try", 3, "right")]
    fixed = sum(column.cells + 1 for column in (cores, memory, *more)) + 1
    task = Column("task", max(12, min(longest, width - fixed)))
    return (task, cores, memory, *more)


def runner_cells(row: RunnerRow, columns: Sequence[Column], glyphs: Glyphs) -> tuple[Cell, ...]:
    """Return one cell for each column."""
    return tuple(_cell(row, column, glyphs) for column in columns)


def _cell(row: RunnerRow, column: Column, glyphs: Glyphs) -> Cell:
    look = "dim"
    match column.name:
        case "task":
            text, look = task_name(row.task, column.cells, glyphs), ""
        case "cores":
            text, look = cores_text(row.cores), "" if (row.cores or 0) >= 0.05 else "dim"
        case "memory":
            text, look = size(row.mem_bytes), ""
        case "procs":
            text = str(row.processes)
        case "threads":
            text = _count(row.threads)
        case "files":
            text = _count(row.files)
        case "try":
            text = str(row.attempt)
        case _:
            text, look = _waits(row.waits)
    text = fit(text, column.cells, align=column.align, ellipsis=glyphs.ellipsis)
    return (text + " ", look)


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


def _waits(share: float | None) -> Cell:
    """Say which part of the time a runner that wants a core has to wait for one, if much."""
    percent = round((share or 0.0) * 20) * 5
    return (f"{percent}%", "warn" if percent >= 50 else "dim") if percent else ("", "dim")
