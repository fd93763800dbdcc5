from supervisor.core.failures import kinds
from supervisor.tui.failure_rows import (
    FAILURE_KEYS,
    failure_cells,
    failure_columns,
    failure_rows,
)
from supervisor.tui.glyphs import ASCII, UNICODE
from supervisor.tui.order import Sort
from tests.fakes.engine import row

ROWS = failure_rows(
    kinds(
        [
            row("g/a", "failed", error_class="auth", cause="401 \x1b[31mexpired", attempt=2),
            row("g/b", "failed", error_class="auth", cause="401 expired", attempt=1, since=60.0),
            row("g/c", "aborted", cause=None),
        ]
    ),
    Sort(""),
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


def test_classes_are_put_in_order_and_causes_within_them() -> None:
    failed = [
        row("g/a", "failed", error_class="auth", cause="b", since=10.0, attempt=1),
        row("g/b", "failed", error_class="auth", cause="a", since=30.0, attempt=2),
        row("g/c", "failed", error_class="auth", cause="a", since=40.0, attempt=2),
        row("g/d", "failed", error_class="broken", cause="c", since=20.0, attempt=9),
    ]

    def order(column: str, *, falling: bool = False) -> str:
        rows = failure_rows(kinds(failed), Sort(column, falling)).values()
        return " ".join(one.cause.text if one.cause else one.kind.name for one in rows)

    assert order("") == "auth a b broken c"
    assert order("class and cause", falling=True) == "broken c auth b a"
    assert order("tasks") == "broken c auth b a"
    assert order("tries", falling=True) == "broken c auth a b"
    assert order("first") == "auth b a broken c"
    assert order("last", falling=True) == "auth a b broken c"
    assert {one.name for one in failure_columns(80)} <= set(FAILURE_KEYS)
