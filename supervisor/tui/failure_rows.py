"""Failures as rows of cells: a line for each class, and below it one for each cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from supervisor.core.board import TaskRow
from supervisor.core.failures import Cause, Kind
from supervisor.tui.format import clock, fit, plain
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.order import Sort, SortKey, SortKeys, arranged, natural
from supervisor.tui.rows import Cell, Column

_NARROW = 60
_CLASS_CELLS = 16
WHAT = "class and cause"
"""The first column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRow:
    """One line of the table: a class (``cause`` is None), or one of its causes."""

    kind: Kind
    cause: Cause | None

    @property
    def rows(self) -> tuple[TaskRow, ...]:
        """The tasks it stands for."""
        return self.kind.rows if self.cause is None else self.cause.rows


def failure_rows(kinds: Sequence[Kind], sort: Sort) -> Mapping[str, FailureRow]:
    """Return the lines by key, in order: the classes, and the causes of each."""
    classes = {kind.name: FailureRow(kind=kind, cause=None) for kind in kinds}
    found: dict[str, FailureRow] = {}
    for name in arranged(classes, sort, FAILURE_KEYS):
        kind = classes[name].kind
        found[name] = classes[name]
        causes = {cause.key: FailureRow(kind=kind, cause=cause) for cause in kind.causes}
        found.update((key, causes[key]) for key in arranged(causes, sort, FAILURE_KEYS))
    return found


def _name(row: FailureRow) -> tuple[object, ...]:
    return natural(row.kind.name if row.cause is None else row.cause.text)


def _ends(row: FailureRow) -> list[float]:
    return [one.since for one in row.rows if one.since is not None]


FAILURE_KEYS: SortKeys[FailureRow] = MappingProxyType(
    {
        "": SortKey(words="the most frequent first", value=None),
        WHAT: SortKey(words="by name", value=_name),
        "tasks": SortKey(words="by tasks", value=lambda row: len(row.rows), falling=True),
        "tries": SortKey(
            words="by attempts",
            value=lambda row: sum(one.attempt for one in row.rows),
            falling=True,
        ),
        "first": SortKey(words="by the first", value=lambda row: min(_ends(row), default=None)),
        "last": SortKey(
            words="by the last", value=lambda row: max(_ends(row), default=None), falling=True
        ),
    }
)
"""By column."""


def failure_columns(width: int) -> tuple[Column, ...]:
    """Return the columns that fit ``width``."""
    tasks = Column("tasks", 5, "right")
    if width < _NARROW:
        return (Column(WHAT, max(8, width - 7)), tasks)
    tries, first, last = (
        Column("tries", 5, "right"),
        Column("first", 5, "right"),
        Column("last", 5, "right"),
    )
    return (Column(WHAT, width - 4 * 6 - 1), tasks, tries, first, last)


def failure_cells(row: FailureRow, columns: Sequence[Column], glyphs: Glyphs) -> tuple[Cell, ...]:
    """Return one cell for each column."""
    return tuple(_cell(row, column, glyphs) for column in columns)


def _cell(row: FailureRow, column: Column, glyphs: Glyphs) -> Cell:
    look = "" if row.cause is None else "dim"
    ends = _ends(row)
    match column.name:
        case "tasks":
            text = str(len(row.rows))
            look = "strong" if row.cause is None else ""
        case "tries":
            text = str(sum(one.attempt for one in row.rows))
        case "first":
            text = clock(min(ends)) if ends else ""
        case "last":
            text = clock(max(ends)) if ends else ""
        case _:
            text, look = _what(row, glyphs)
    return (fit(text, column.cells, align=column.align, ellipsis=glyphs.ellipsis) + " ", look)


def _what(row: FailureRow, glyphs: Glyphs) -> Cell:
    if row.cause is None:
        phase = "aborted" if row.kind.name == "aborted" else "failed"
        return f"{glyphs.phases[phase]} {row.kind.name.ljust(_CLASS_CELLS)}", phase
    return f"    {cause_words(row.cause, glyphs)}", ""


def cause_words(cause: Cause, glyphs: Glyphs) -> str:
    """Return the cause as one line that is safe to show."""
    return plain(cause.text, ascii_only=glyphs.ascii_only) or "no line explains it: see the log"
