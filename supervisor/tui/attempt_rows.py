"""Attempts of one task as rows of cells."""

from collections.abc import Sequence

from supervisor.core.board import TaskRow
from supervisor.core.task_page import AttemptRow
from supervisor.core.wording import span
from supervisor.tui.format import age, clock, fit, plain, size
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.machine_lines import cores_text
from supervisor.tui.rows import Cell, Column, phase_words

_NARROW, _WIDE = 60, 100


def attempt_columns(width: int, settings: int) -> tuple[Column, ...]:
    """Return the columns that fit ``width``; ``settings`` is the width of the longest ones."""
    number, took = Column("try", 3, "right"), Column("took", 6, "right")
    end = Column("end", 13)
    if width < _NARROW:
        return (number, took, end, Column("why", max(0, width - 3 - 6 - 13 - 4)))
    began, kind = Column("began", 5, "right"), Column("class", 13)
    first = [number, began, took, end, kind]
    if width >= _WIDE:
        first.append(Column("cost", 4))
        if settings:
            first.append(Column("with", min(24, max(4, settings))))
    used = sum(column.cells + 1 for column in first) + 1
    return (*first, Column("why", max(0, width - used)))


def attempt_cells(
    one: AttemptRow, row: TaskRow | None, columns: Sequence[Column], now: float, glyphs: Glyphs
) -> tuple[Cell, ...]:
    """Return one cell for each column; ``row`` is the task's own, which a living attempt shares."""
    return tuple(_cell(one, row, column, now, glyphs) for column in columns)


def _cell(one: AttemptRow, row: TaskRow | None, column: Column, now: float, glyphs: Glyphs) -> Cell:
    look = "dim"
    match column.name:
        case "try":
            text, look = str(one.attempt), "strong"
        case "began":
            text = clock(one.started_at)
        case "took":
            # A living one must not tick.
            over = one.ended_at is not None
            text = (
                span((one.ended_at or now) - one.started_at) if over else age(now - one.started_at)
            )
        case "end":
            text, look = ended(one, row, glyphs)
        case "class":
            text, look = (one.error_class or "").replace("_", " "), "warn"
        case "cost":
            text = (
                ""
                if one.ended_at is None or not one.error_class
                else "one"
                if one.counted
                else "none"
            )
        case "with":
            text = one.settings
        case _:
            text = _why(one, row, glyphs)
    text = fit(
        plain(text, ascii_only=glyphs.ascii_only),
        column.cells,
        align=column.align,
        ellipsis=glyphs.ellipsis,
    )
    return (text + " ", look)


def ended(one: AttemptRow, row: TaskRow | None, glyphs: Glyphs) -> Cell:
    """Return how an attempt ended, or what it does, with its look."""
    if one.ended_at is None:
        phase = row.phase if row is not None else "running"
        return phase_words(phase, glyphs), phase
    phase = "succeeded" if one.error_class is None else "failed"
    return f"{glyphs.phases[phase]} {exit_words(one.code)}", phase


def exit_words(code: int | None) -> str:
    """Return an exit code in words; above 128 it is a signal, or that very code."""
    if code is None:
        return "end unseen"
    return f"signal {code - 128}?" if code > 128 else f"exit {code}"


def _why(one: AttemptRow, row: TaskRow | None, glyphs: Glyphs) -> str:
    progress = one.progress
    parts = [one.cause] if one.cause else []
    if one.ended_at is None and row is not None:
        progress = row.progress
        if row.note:
            parts.append(row.note)
        if row.cores is not None:
            parts.append(f"{cores_text(row.cores)} cores")
        if row.mem_bytes:
            parts.append(size(row.mem_bytes))
    if progress is not None:
        parts.insert(0, f"{progress[0]}/{progress[1]}")
    return f" {glyphs.dot} ".join(parts)
