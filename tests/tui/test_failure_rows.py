from supervisor.core.failures import kinds
from supervisor.tui.failure_rows import failure_cells, failure_columns, failure_rows
from supervisor.tui.glyphs import ASCII, UNICODE
from tests.fakes.engine import row

ROWS = failure_rows(
    kinds(
        [
            row("g/a", "failed", error_class="auth", cause="401 \x1b[31mexpired", attempt=2),
            row("g/b", "failed", error_class="auth", cause="401 expired", attempt=1, since=60.0),
            row("g/c", "aborted", cause=None),
        ]
    )
)


def texts(key: str, width: int) -> list[str]:
    cells = failure_cells(ROWS[key], failure_columns(width), UNICODE)
    return [text.strip() for text, _ in cells]


def test_a_class_counts_tasks_and_attempts() -> None:
    what, tasks, tries, *_ = texts("auth", 80)
    assert (what.split(), tasks, tries) == (["✗", "auth"], "2", "3")


def test_a_cause_stands_below_its_class_safe_to_show() -> None:
    keys = list(ROWS)
    assert texts(keys[1], 80)[0] == "401 expired"
    assert texts(keys[-1], 80)[0] == "no line explains it: see the log"
    assert texts(keys[-2], 80)[0].split() == ["⊘", "aborted"]


def test_every_line_has_the_width_it_was_given() -> None:
    for width in (38, 78, 198):
        for key in ROWS:
            for glyphs in (UNICODE, ASCII):
                cells = failure_cells(ROWS[key], failure_columns(width), glyphs)
                assert sum(len(text) for text, _ in cells) <= width


def test_a_narrow_table_keeps_cause_and_count() -> None:
    assert len(texts("auth", 38)) == 2
