from dataclasses import replace

import pytest
from rich.cells import cell_len

from supervisor.tui.glyphs import ASCII, UNICODE
from supervisor.tui.rows import (
    bar,
    group_cells,
    group_columns,
    heading,
    task_cells,
    task_columns,
    task_name,
)
from tests.fakes.engine import PHASES, row
from tests.tui.scene import NOW, groups, tasks

WIDTHS = [38, 57, 58, 60, 78, 98, 100, 118, 158, 298]


@pytest.mark.parametrize("width", WIDTHS)
def test_every_task_row_fills_its_width(width: int) -> None:
    columns = task_columns(width, 80)
    assert _width(heading(columns)) == width
    for one in tasks():
        assert _width(task_cells(one, columns, NOW, UNICODE)) == width, one.task


@pytest.mark.parametrize("width", WIDTHS)
def test_every_group_row_fills_its_width(width: int) -> None:
    columns = group_columns(width, 17)
    assert _width(heading(columns)) == width
    for one in groups(tasks()):
        assert _width(group_cells(one, columns, UNICODE)) == width


@pytest.mark.parametrize("phase", PHASES)
def test_a_state_is_told_by_glyph_word_and_look(phase: str) -> None:
    text, look = task_cells(row("g/a", phase), task_columns(78, 80), NOW, UNICODE)[0]
    assert text.split() == [UNICODE.phases[phase], *phase.split("_")]
    assert look == phase


def test_ascii_rows_are_ascii() -> None:
    for one in tasks():
        cells = task_cells(one, task_columns(118, 80), NOW, ASCII)
        assert "".join(text for text, _ in cells).isascii()


def test_names_lose_their_group_first() -> None:
    name = "corebench/capsule-0921079"
    assert task_name(name, 30, UNICODE) == name
    assert task_name(name, 20, UNICODE) == "cor…/capsule-0921079"
    assert task_name(name, 10, UNICODE) == "c…/capsule-0921079"


def test_what_joins_due_progress_and_cause_where_columns_are_few() -> None:
    one = row(
        "g/a",
        "backing_off",
        next_at=NOW + 125,
        progress=(3, 8),
        error_class="network",
        cause="reset by peer",
    )
    assert _cell(one, 78, "what") == "in 3m · 3/8 · network: reset…"
    assert _cell(one, 298, "what") == "network: reset by peer"
    assert _cell(one, 298, "next") == "3m"
    assert _cell(one, 298, "progress") == "3/8"


def test_a_time_out_is_not_shown_as_what_comes_next() -> None:
    assert _cell(row("g/a", "running", next_at=NOW + 60), 298, "next") == ""


def test_a_cause_is_not_told_twice() -> None:
    one = row("g/a", "failed", error_class="auth", cause="auth: token expired")
    assert _cell(one, 298, "what") == "auth: token expired"
    assert _cell(row("g/a", "failed", error_class="auth"), 298, "what") == "auth"


def test_attempts_beyond_the_budget_stand_alone() -> None:
    assert _cell(row("g/a", attempt=12, attempts=4), 78, "try") == "12"
    assert _cell(row("g/a", attempt=2, attempts=4), 78, "try") == "2/4"


def test_short_names_leave_room_for_causes() -> None:
    short, long = (task_columns(118, longest) for longest in (5, 80))
    assert [column.cells for column in short if column.name == "task"] == [12]
    assert sum(column.cells for column in short) == sum(column.cells for column in long)


def test_what_stopped_a_task_comes_before_what_it_waits_for() -> None:
    one = row("g/a", "held", error_class="quota", cause="empty", note="held by g")
    assert _cell(one, 298, "what") == "quota: empty · held by g"
    assert _cell(replace(one, phase="running"), 298, "what") == "held by g · quota: empty"


def test_a_bar_always_shows_that_something_went_wrong() -> None:
    text = [(len(piece), look) for piece, look in bar(9, 10, 10, 4, UNICODE)]
    assert text == [(3, "good"), (1, "bad"), (1, "rule")]


def _width(cells: tuple[tuple[str, str], ...]) -> int:
    return sum(cell_len(text) for text, _ in cells)


def _cell(one: object, width: int, name: str) -> str:
    columns = task_columns(width, 80)
    place = [column.name for column in columns].index(name)
    return task_cells(one, columns, NOW, UNICODE)[place][0].strip()  # type: ignore[arg-type]
