from dataclasses import replace

import pytest

from supervisor.core.board import TaskRow
from supervisor.core.task_page import AttemptRow
from supervisor.tui.attempt_rows import attempt_cells, attempt_columns, ended, exit_words
from supervisor.tui.glyphs import UNICODE
from tests.fakes.engine import row
from tests.tui.scene import NOW
from tests.tui.task import page

FIRST, SECOND, LIVING = page().attempts


def cells(one: AttemptRow, own: TaskRow | None = None, width: int = 130) -> dict[str, str]:
    columns = attempt_columns(width, 13)
    made = attempt_cells(one, own, columns, NOW, UNICODE)
    assert sum(len(text) for text, _ in made) <= width
    names = (column.name for column in columns)
    return {name: text.strip() for name, (text, _) in zip(names, made, strict=True)}


def test_what_became_of_an_attempt_stands_in_its_row() -> None:
    told = cells(FIRST)
    assert told["try"] == "1"
    assert told["took"] == "12m34s"
    assert told["end"] == "✗ exit 1"
    assert told["class"] == "server error"
    assert (told["cost"], told["with"]) == ("one", "batch_size 32")
    assert told["why"].startswith("12/80 · openai.InternalServerError")
    assert cells(SECOND)["cost"] == "none"


def test_a_living_attempt_shows_what_it_does_now() -> None:
    own = row("g/a", "frozen", progress=(31, 80), cores=0.31, mem_bytes=3 << 30, note="quiet 31m")
    told = cells(LIVING, own)
    assert (told["end"], told["took"]) == ("■ frozen", "47m")
    assert told["why"] == "31/80 · quiet 31m · 0.3 cores · 3.0 GiB"
    assert cells(LIVING)["end"] == "● running"


@pytest.mark.parametrize(
    ("code", "words"), [(0, "exit 0"), (137, "signal 9?"), (None, "end unseen")]
)
def test_an_end_in_words(code: int | None, words: str) -> None:
    assert exit_words(code) == words
    good = replace(FIRST, code=code, error_class=None)
    assert ended(good, None, UNICODE) == (f"✓ {words}", "succeeded")


def test_columns_fit_any_width() -> None:
    for width in (36, 59, 60, 99, 100, 200):
        for settings in (0, 4, 90):
            columns = attempt_columns(width, settings)
            assert sum(column.cells + 1 for column in columns) <= width
            assert cells(SECOND, width=max(width, 130))
    assert all(column.name != "with" for column in attempt_columns(200, 0))
