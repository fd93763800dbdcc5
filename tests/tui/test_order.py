import pytest

from supervisor.core.board import TaskRow
from supervisor.tui.order import ORDERS, arranged, matches, next_order, words_of
from tests.fakes.engine import board_of, row

ROWS = (
    row("g/b", "succeeded", since=3.0),
    row("g/a", "waiting"),
    row("h/quiet", "running", since=1.0, note="quiet 31m"),
    row("h/busy", "running", since=2.0),
    row("h/x", "failed", since=9.0, error_class="auth", cause="Token Expired"),
)
TASKS = board_of(*ROWS).tasks


def names(order: str, query: str = "") -> list[str]:
    return [task.partition("/")[2] for task in arranged(TASKS, order, words_of(query))]  # type: ignore[arg-type]


def test_orders() -> None:
    assert names("problems first") == ["x", "quiet", "busy", "a", "b"]
    assert names("batch file") == ["b", "a", "quiet", "busy", "x"]
    assert names("name") == ["a", "b", "busy", "quiet", "x"]
    assert names("longest in phase") == ["quiet", "busy", "x", "a", "b"]


def test_orders_go_round() -> None:
    assert next_order(ORDERS[-1]) == ORDERS[0]


@pytest.mark.parametrize(
    ("query", "found"),
    [("h/", 3), ("AUTH", 1), ("token h/x", 1), ("token g/", 0), ("running quiet", 1), ("", 5)],
)
def test_a_filter_wants_every_word(query: str, found: int) -> None:
    assert len(names("name", query)) == found


def test_a_phase_is_found_as_it_is_shown_and_as_it_is_called() -> None:
    backing = TaskRow(task=ROWS[0].task, group="g", phase="backing_off")
    assert matches(backing, ["backing", "off"])
    assert matches(backing, ["backing_off"])
