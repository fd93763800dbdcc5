"""Tasks and groups as rows of cells, for any width."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len

from supervisor.core.board import GroupRow, TaskRow
from supervisor.tui.format import age, filled, fit, left, plain
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.sayings import own_words

Cell = tuple[str, str]
"""Text of a column's width, and its look."""

PHASE_CELLS = 13
"""Glyph, space, and the longest word."""
_ENDED = frozenset({"succeeded", "failed", "aborted", "cancelled"})
_DUE = frozenset({"backing_off", "held", "waiting"})
"""Phases in which ``next_at`` is when the task goes on; else it is a time-out."""
_GROUPS_IN_SHORT = 72
_LEAST_GROUP = 2
_RESTING = _ENDED | {"waiting"}
_STOPPED = frozenset({"backing_off", "held"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name and where it stands; ``cells`` is its width without the gap after it."""

    name: str
    cells: int
    align: Literal["left", "right"] = "left"


def phase_words(phase: str, glyphs: Glyphs) -> str:
    """Return glyph and word of a phase or state."""
    return f"{glyphs.phases.get(phase, '?')} {phase.replace('_', ' ')}"


def task_columns(width: int, longest: int) -> tuple[Column, ...]:
    """Return the columns that fit ``width``; ``longest`` is the width of the longest task name."""
    phase, attempt = Column("state", PHASE_CELLS), Column("try", 4, "right")
    if width < 60:
        return (phase, Column("task", max(8, width - PHASE_CELLS - 7)), attempt)
    since, due = Column("for", 5, "right"), Column("next", 5, "right")
    if width < 100:
        rest = width - PHASE_CELLS - 4 - 5 - 5
        task = min(max(18, rest * 9 // 20), max(12, longest))
        return (phase, Column("task", task), attempt, since, Column("what", rest - task))
    progress = Column("progress", 11, "right")
    rest = width - PHASE_CELLS - 4 - 5 - 5 - 11 - 7
    task = min(60, rest * 9 // 20, max(12, longest))
    return (
        phase,
        Column("task", task),
        attempt,
        since,
        due,
        progress,
        Column("what", rest - task),
    )


def heading(columns: Sequence[Column], sorted_by: tuple[str, str] = ("", "")) -> tuple[Cell, ...]:
    """Return the names of the columns; ``sorted_by`` is the one that decides, and its arrow."""
    name, arrow = sorted_by
    return tuple(
        (_name_of(column, arrow), "key")
        if name and column.name == name
        else (fit(column.name, column.cells, align=column.align) + " ", "dim")
        for column in columns
    )


def _name_of(column: Column, arrow: str) -> str:
    if column.align == "right":  # the arrow takes the gap, so that names stay where they are
        return fit(column.name, column.cells, align="right") + arrow
    return fit(column.name + arrow, column.cells) + " "


def task_cells(
    row: TaskRow, columns: Sequence[Column], now: float, glyphs: Glyphs
) -> tuple[Cell, ...]:
    """Return one cell for each column."""
    due_apart = any(column.name == "next" for column in columns)
    return tuple(_task_cell(row, column, now, glyphs, due_apart=due_apart) for column in columns)


def _task_cell(
    row: TaskRow, column: Column, now: float, glyphs: Glyphs, *, due_apart: bool
) -> Cell:
    look, cut = "", False
    match column.name:
        case "state":
            text, look = phase_words(row.phase, glyphs), row.phase
        case "task":
            text, cut = task_name(row.task, column.cells, glyphs), True
            look = "dim" if row.phase in ("succeeded", "cancelled") else ""
        case "try":
            text, look = _attempts(row), "warn" if row.attempt > 1 else "dim"
        case "for":
            text = age(now - row.since) if row.since is not None and row.phase != "waiting" else ""
            look = "dim"
        case "next":
            text, look = _due(row, now), "warn"
        case "progress":
            text, look = _progress(row), "dim"
        case _:
            text, look = _what(row, now, glyphs, due_apart=due_apart), _what_look(row)
    text = fit(
        text,
        column.cells,
        align=column.align,
        cut="middle" if cut else "end",
        ellipsis=glyphs.ellipsis,
    )
    return (text + " ", look)


def task_name(task: str, width: int, glyphs: Glyphs) -> str:
    """Return ``group/id``, the group shortened first where there is little room."""
    name = plain(task, ascii_only=glyphs.ascii_only)
    group, slash, own = name.partition("/")
    if not slash or cell_len(name) <= width:
        return name
    room = max(_LEAST_GROUP, width - cell_len(own) - 1)
    return f"{fit(group, min(room, cell_len(group)), ellipsis=glyphs.ellipsis).rstrip()}/{own}"


def _attempts(row: TaskRow) -> str:
    if not row.attempt:
        return ""
    if row.attempts and row.attempt <= row.attempts and row.attempts < 10:
        return f"{row.attempt}/{row.attempts}"
    return str(row.attempt)


def _due(row: TaskRow, now: float) -> str:
    if row.next_at is None or row.phase not in _DUE:
        return ""
    return left(row.next_at - now)


def _progress(row: TaskRow) -> str:
    if row.progress is None:
        return ""
    done, total = row.progress
    return f"{done}/{total}"


def _what(row: TaskRow, now: float, glyphs: Glyphs, *, due_apart: bool) -> str:
    parts: list[str] = []
    if not due_apart:
        if row.phase in _DUE and row.next_at is not None:
            parts.append(f"in {left(row.next_at - now)}".replace("in now", "now"))
        if row.progress is not None and row.phase not in _ENDED:
            parts.append(_progress(row))
    cause, note = _cause(row, glyphs), plain(row.note or "", ascii_only=glyphs.ascii_only)
    # What stopped a task says more than what it now waits for; while it runs, it is the past.
    parts += [cause, note] if row.phase in _STOPPED else [note, *own_words(row, now, glyphs), cause]
    return f" {glyphs.dot} ".join(part for part in parts if part)


def _cause(row: TaskRow, glyphs: Glyphs) -> str:
    if row.phase == "succeeded":
        return ""
    cause = plain(row.cause or "", ascii_only=glyphs.ascii_only)
    if row.error_class is None:
        return cause if row.phase in _RESTING else ""
    if not cause or cause.startswith(row.error_class):
        return cause or row.error_class
    return f"{row.error_class}: {cause}"


def _what_look(row: TaskRow) -> str:
    if row.phase in ("failed", "unreachable"):
        return "bad"
    return "warn" if row.phase in ("backing_off", "held") else "dim"


def group_columns(width: int, longest: int) -> tuple[Column, ...]:
    """Return the columns that fit; ``longest`` is the width of the longest group name."""
    state = Column("state", 10)
    if width < _GROUPS_IN_SHORT:
        name = max(8, width - 10 - 5 - 9 - 4)
        return (
            state,
            Column("group", name),
            Column("runs", 5, "right"),
            Column("done", 9, "right"),
        )
    name = max(8, min(longest, width * 3 // 10))
    bar = 10 if width < 100 else 20
    fixed = 10 + name + 5 + 9 + bar + 6 + 7
    return (
        state,
        Column("group", name),
        Column("runs", 5, "right"),
        Column("", bar),
        Column("done", 9, "right"),
        Column("failed", 6, "right"),
        Column("why", max(0, width - fixed)),
    )


def group_cells(row: GroupRow, columns: Sequence[Column], glyphs: Glyphs) -> tuple[Cell, ...]:
    """Return the pieces of one group's row."""
    pieces: list[Cell] = []
    for column in columns:
        if not column.name:
            pieces.extend(group_bar(row, column.cells, glyphs))
        else:
            pieces.append(_group_cell(row, column, glyphs))
    return tuple(pieces)


def _group_cell(row: GroupRow, column: Column, glyphs: Glyphs) -> Cell:
    total = sum(row.counts.values())
    failed = row.counts.get("failed", 0) + row.counts.get("aborted", 0)
    look = ""
    match column.name:
        case "state":
            text, look = phase_words(row.state, glyphs), GROUP_LOOKS.get(row.state, "")
        case "group":
            text = plain(row.group, ascii_only=glyphs.ascii_only)
        case "runs":
            text = f"{row.running}/{row.parallel}"
        case "done":
            text = f"{finished(row)}/{total}"
        case "failed":
            text, look = (str(failed), "bad") if failed else ("", "")
        case _:
            text, look = _group_why(row, glyphs), "warn"
    cut: Literal["end", "middle"] = "middle" if column.name == "group" else "end"
    return (
        fit(text, column.cells, align=column.align, cut=cut, ellipsis=glyphs.ellipsis) + " ",
        look,
    )


GROUP_LOOKS = {
    "running": "running",
    "paused": "warn",
    "held": "held",
    "done": "succeeded",
    "aborted": "failed",
    "waiting": "waiting",
    "stopped": "warn",
}
"""How a group's or the batch's state looks."""


def _group_why(row: GroupRow, glyphs: Glyphs) -> str:
    words = [] if row.breaker == "closed" else [f"breaker {row.breaker}"]
    words += [plain(one, ascii_only=glyphs.ascii_only) for one in (row.reason, row.note) if one]
    return f" {glyphs.dot} ".join(words)


def group_bar(row: GroupRow, width: int, glyphs: Glyphs) -> tuple[Cell, ...]:
    """Return a bar of what succeeded, what ended otherwise, and the rest."""
    total = sum(row.counts.values())
    return bar(row.counts.get("succeeded", 0), finished(row), total, width, glyphs)


def bar(good: int, over: int, total: int, width: int, glyphs: Glyphs) -> tuple[Cell, ...]:
    """Return a bar of ``width`` cells and a gap: succeeded, otherwise over, still to do."""
    full = filled(over, total, width)
    fine = min(full, filled(good, total, width))
    if good < over and full and fine == full:
        fine = full - 1
    return (
        (glyphs.done * fine, "good"),
        (glyphs.done * (full - fine), "bad"),
        (glyphs.left * (width - full) + " ", "rule"),
    )


def finished(row: GroupRow) -> int:
    """Return how many of the group's tasks are over."""
    return sum(row.counts.get(phase, 0) for phase in _ENDED)
