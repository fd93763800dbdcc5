"""A task's attempts as a table, and the rest of its page as text."""

from collections.abc import Sequence

from textual.reactive import var
from typing_extensions import override

from supervisor.core.board import TaskRow
from supervisor.core.containers import ContainerRow
from supervisor.core.task_page import AttemptRow, TaskPage
from supervisor.tui.attempt_rows import attempt_cells, attempt_columns
from supervisor.tui.format import clock, fit, plain
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.paragraphs import laid
from supervisor.tui.rows import Column, heading, phase_words, task_name
from supervisor.tui.task_text import task_text
from supervisor.tui.widgets.lines import BLANK, Line, Piece, cells
from supervisor.tui.widgets.listing import Listing
from supervisor.tui.widgets.reading import Reading

_MOST_ATTEMPTS = 8
"""So many have room without scrolling."""


class AttemptTable(Listing):
    """One row for each attempt, the newest first."""

    page: var[TaskPage | None] = var[TaskPage | None](None, init=False)
    task_row: var[TaskRow | None] = var[TaskRow | None](None, init=False)
    tick: var[float] = var(0.0, init=False)

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id)
        self._attempts: dict[str, AttemptRow] = {}

    def watch_page(self, before: TaskPage | None, page: TaskPage | None) -> None:
        """Take over what is known; the cursor stays on its attempt, or begins at the newest."""
        attempts = page.attempts if page is not None else ()
        self._attempts = {str(one.attempt): one for one in reversed(attempts)}
        height = self.HEADER + max(1, min(_MOST_ATTEMPTS, len(attempts)))
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
        was_newest = self.cursor == 0
        self.set_keys(tuple(self._attempts))
        if was_newest or (before and before.task) != (page and page.task):
            self.go_to(0)

    def watch_task_row(self) -> None:
        """Show what the living attempt does."""
        self.repaint()

    watch_tick = watch_task_row

    @property
    def attempt_here(self) -> AttemptRow | None:
        """The attempt under the cursor."""
        return self._attempts.get(self.key) if self.key is not None else None

    @override
    def title(self, width: int) -> tuple[Piece, ...]:
        row, dot = self.task_row, f" {self.glyphs.dot} "
        if row is None:
            return (self.titled("Task", width),)
        state = phase_words(row.phase, self.glyphs)
        allowed = f"{row.attempts} allowed" if row.attempts else ""
        told = allowed if width > 60 else ""
        room = width - cells(state) - cells(dot) - (cells(told) + cells(dot) if told else 0)
        pieces = [self.titled(task_name(row.task, max(8, room), self.glyphs), width)]
        pieces += [(dot, "dim"), (state, row.phase)]
        return (*pieces, (f"{dot}{told}", "dim")) if told else tuple(pieces)

    @override
    def header(self, width: int) -> tuple[Piece, ...]:
        return heading(self._columns(width))

    @override
    def row(self, key: str, width: int) -> tuple[Piece, ...]:
        one = self._attempts[key]
        return attempt_cells(one, self.task_row, self._columns(width), self.tick, self.glyphs)

    def _columns(self, width: int) -> tuple[Column, ...]:
        longest = max((cells(one.settings) for one in self._attempts.values()), default=0)
        return attempt_columns(width, longest)

    @override
    def nothing(self) -> str:
        return "it has not run yet" if self.page is not None else "asking the engine"


class TaskText(Reading):
    """Why the task is where it is, what was decided, what it runs, needs and leaves."""

    HEADER = 1
    page: var[TaskPage | None] = var[TaskPage | None](None, init=False)
    attempt: var[AttemptRow | None] = var[AttemptRow | None](None, init=False)
    containers: var[Sequence[ContainerRow]] = var[Sequence[ContainerRow]]((), init=False)
    trouble: var[str] = var("", init=False)
    """Why there is nothing newer."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id)
        self._laid: list[Line] = []

    def watch_page(self, before: TaskPage | None, page: TaskPage | None) -> None:
        """Show what is known now, from the place that is read."""
        if (before and before.task) != (page and page.task):
            self.top = 0
        self._lay()

    def _lay(self) -> None:
        text = (
            task_text(self.page, self.attempt, self.containers, self.glyphs)
            if self.page is not None
            else []
        )
        self._laid = laid(text, self.size.width - 2, ascii_only=self.glyphs.ascii_only)
        self.scroll(self.top)

    watch_attempt = _lay
    watch_containers = _lay
    watch_trouble = _lay

    @override
    def on_resize(self) -> None:
        self._lay()

    def visible_text(self) -> str:
        """Return the lines that are visible."""
        shown = self._laid[self.top : self.top + self.room]
        return "\n".join("".join(text for text, _ in line.pieces).rstrip() for line in shown)

    @property
    @override
    def length(self) -> int:
        return max(1, len(self._laid))

    @override
    def content(self, index: int) -> Line:
        if not self._laid:
            words = plain(self.trouble, ascii_only=self.glyphs.ascii_only)
            return Line(((f"  {words}", "warn"),)) if words else BLANK
        line = self._laid[index]
        if not self.trouble:
            return Line(((" ", ""), *line.pieces))
        # What is perhaps no longer so is not drawn as if it were.
        return Line(((" ", ""), *((text, "dim") for text, _ in line.pieces)))

    @override
    def fixed(self, y: int) -> Line:
        width, rule = self.size.width, self.glyphs.rule
        focus = "-focus" if self.has_focus else ""
        pieces: list[Piece] = [(f"{rule} ", f"rule{focus}"), ("About it", f"title{focus}")]
        if self.trouble and self.page is not None:
            words = f" {self.glyphs.dot} as it was at {clock(self.page.as_of)}"
            pieces.append((fit(words, cells(words), ellipsis=self.glyphs.ellipsis), "warn"))
        if self.bottom:
            pieces.append((f" {self.glyphs.dot} {self._place()}", "dim"))
        used = sum(cells(text) for text, _ in pieces)
        return Line((*pieces, (" " + rule * max(0, width - used - 2), f"rule{focus}")))

    def _place(self) -> str:
        shown = min(self.length, self.top + self.room)
        return f"{shown * 100 // self.length}%"
