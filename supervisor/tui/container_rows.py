"""Containers as rows of cells, for any width."""

from collections.abc import Container, Sequence

from supervisor.core.containers import HISTORY_POINTS, STATES, ContainerCounts, ContainerRow
from supervisor.tui.format import age, fit, plain
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.rows import Cell, Column, phase_words, task_name

LOOKS = {
    "busy": "running",
    "idle": "waiting",
    "dead_idle": "failed",
    "paused": "frozen",
    "created": "starting",
    "exited": "dim",
    "unknown": "unreachable",
}
"""How each state looks."""
_STATE_CELLS = 11
_STEPS = (0.01, 0.03, 0.1, 0.25, 0.5, 1.0, 2.0)
"""Cores from which on a bar is one step higher: what agents use spans three powers of ten."""
_KIB = 1024


def container_columns(width: int, longest: int) -> tuple[Column, ...]:
    """Return the columns that fit ``width``; ``longest`` is the width of the longest task or name."""
    state, idle = Column("state", _STATE_CELLS), Column("idle", 5, "right")
    cores, mem = Column("cpu", 5, "right"), Column("mem", 5, "right")
    if width < 60:
        return (state, Column("task", max(8, width - _STATE_CELLS - 5 - 5 - 3)), idle, cores)
    spark, old = Column("", 8 if width < 100 else 20), Column("age", 5, "right")
    rest = width - sum(one.cells + 1 for one in (state, idle, cores, spark, mem, old))
    if width < 100:
        task = min(max(12, rest * 2 // 3), max(12, longest), rest - 1)
        return (state, Column("task", task), idle, cores, spark, mem, old, *_last(rest - task - 1))
    more: tuple[Column, ...] = (Column("pids", 4, "right"),)
    if width >= 140:
        more = (*more, Column("net/s", 6, "right"))
    rest -= sum(one.cells + 1 for one in more)
    task = min(50, rest * 2 // 5, max(12, longest))
    name = 0 if width < 140 else min(34, (rest - task) // 2)
    named = (Column("container", name),) if name else ()
    rest -= task + 1 + (name + 1 if name else 0)
    return (state, Column("task", task), *named, idle, cores, spark, mem, *more, old, *_last(rest))


def _last(cells: int) -> tuple[Column, ...]:
    return (Column("image", cells - 1),) if cells > 5 else ()


def container_cells(
    row: ContainerRow, columns: Sequence[Column], now: float, glyphs: Glyphs
) -> tuple[Cell, ...]:
    """Return one cell for each column."""
    return tuple(_cell(row, column, now, glyphs) for column in columns)


def _cell(row: ContainerRow, column: Column, now: float, glyphs: Glyphs) -> Cell:
    look, cut = "dim", "middle"
    match column.name:
        case "state":
            text, look = phase_words(row.state, glyphs), LOOKS[row.state]
        case "task":
            text, look = whose(row, column.cells, glyphs), "" if row.owned else "dim"
        case "container":
            text = plain(row.name, ascii_only=glyphs.ascii_only)
        case "image":
            text = plain(row.image, ascii_only=glyphs.ascii_only)
        case "":
            text, look = sparkline(row.history, column.cells, glyphs), LOOKS[row.state]
        case _:
            text, cut = _figure(row, column.name, now), "end"
            look = "" if column.name == "cpu" and row.state == "busy" else "dim"
    text = fit(
        text,
        column.cells,
        align=column.align,
        cut="middle" if cut == "middle" else "end",
        ellipsis=glyphs.ellipsis,
    )
    return (text + " ", look)


def _figure(row: ContainerRow, column: str, now: float) -> str:
    match column:
        case "idle":
            return age(now - row.quiet_since) if row.quiet_since is not None else ""
        case "cpu":
            return used_cores(row.cores)
        case "mem":
            return short_size(row.mem_bytes)
        case "pids":
            return "" if row.pids is None else str(row.pids)
        case "net/s":
            return "" if row.net_rate is None else short_size(int(row.net_rate))
        case _:
            return age(now - row.created_at) if row.created_at else ""


def whose(row: ContainerRow, cells: int, glyphs: Glyphs) -> str:
    """Return the task of a container; of one that nobody proves ours its name, and that."""
    if row.task is not None and row.owned:
        return task_name(row.task, cells, glyphs)
    name = plain(row.name, ascii_only=glyphs.ascii_only)
    return f"{name} ({row.group})" if row.owned and row.group else f"unowned {name}"


def used_cores(cores: float | None) -> str:
    """Return CPU in use, in cores, in at most five cells; coarse, so that noise draws nothing."""
    if cores is None:
        return ""
    if cores < 0.005:
        return "0"
    return f"{cores:.2f}" if cores < 10 else f"{cores:.1f}"


def sparkline(history: Sequence[float], cells: int, glyphs: Glyphs) -> str:
    """Return the last ten minutes in ``cells`` cells, the newest at the right."""
    per_cell = max(1, HISTORY_POINTS // cells)
    # Cut from the old end in whole cells, so that a cell keeps its points while time goes on.
    points = list(history)[-per_cell * cells :]
    groups = [points[at : at + per_cell] for at in range(0, len(points), per_cell)]
    bars = [glyphs.spark[sum(max(some) >= step for step in _STEPS)] for some in groups]
    return "".join(bars[-cells:]).rjust(cells)


def short_size(size_bytes: int | None) -> str:
    """Return a size in at most five cells: ``812K``, ``12M``, ``1.2G``."""
    if size_bytes is None:
        return ""
    amount, unit = float(size_bytes), "B"
    for larger in "KMGT":
        if amount < 1000:
            break
        amount, unit = amount / _KIB, larger
    return f"{amount:.1f}{unit}" if amount < 10 and unit in "GT" else f"{amount:.0f}{unit}"


def counted(counts: ContainerCounts) -> tuple[tuple[str, str], ...]:
    """Return the words for each state that has any, with its look."""
    found = [(state, int(getattr(counts, state))) for state in STATES]
    return tuple((f"{n} {state.replace('_', ' ')}", LOOKS[state]) for state, n in found if n)


def counts_of(rows: Sequence[ContainerRow]) -> ContainerCounts:
    """Return how many of ``rows`` are in which state."""
    return ContainerCounts(**{state: sum(row.state == state for row in rows) for state in STATES})


def container_lines(
    rows: Sequence[ContainerRow], now: float, glyphs: Glyphs, seen: Container[str]
) -> list[str]:
    """Return a line for each container, for a question; of those not ``seen`` it says so."""
    return [
        _line(row, now, glyphs) + ("" if row.id in seen else "  (not on the screen)")
        for row in rows
    ]


def _line(row: ContainerRow, now: float, glyphs: Glyphs) -> str:
    idle = f" {age(now - row.quiet_since)}" if row.quiet_since is not None else ""
    whom = f"  {plain(row.task, ascii_only=glyphs.ascii_only)}" if row.task else ""
    name = plain(row.name, ascii_only=glyphs.ascii_only)
    return f"{phase_words(row.state, glyphs)}{idle}  {name}{whom}"
