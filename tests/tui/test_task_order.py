import pytest

from supervisor.core.names import TaskId
from supervisor.tui.order import Sort, arranged
from supervisor.tui.rows import task_columns
from supervisor.tui.task_order import TASK_KEYS
from tests.fakes.engine import board_of, row

ROWS = (
    row("g/b-10", "succeeded", since=3.0, attempt=1),
    row("g/b-9", "waiting", next_at=50.0),
    row("h/quiet", "running", since=1.0, note="quiet 31m", attempt=2, progress=(1, 10)),
    row("h/busy", "running", since=2.0, attempt=1, next_at=1.0, progress=(2, 3)),
    row("h/x", "failed", since=9.0, attempt=4, error_class="auth", cause="Token Expired"),
)
TASKS = {str(task): one for task, one in board_of(*ROWS).tasks.items()}


@pytest.mark.parametrize(
    ("column", "names"),
    [
        ("state", "x quiet busy b-9 b-10"),
        ("", "b-10 b-9 quiet busy x"),
        ("task", "b-9 b-10 busy quiet x"),
        ("for", "quiet busy b-10 x b-9"),
        ("try", "x quiet b-10 busy b-9"),
        ("next", "b-9 b-10 quiet busy x"),
        ("progress", "busy quiet b-10 b-9 x"),
        ("what", "b-10 b-9 busy quiet x"),
    ],
)
def test_every_column_orders(column: str, names: str) -> None:
    sort = Sort(column, TASK_KEYS[column].falling)
    order = arranged(TASKS, sort, TASK_KEYS)
    assert " ".join(TaskId(task).partition("/")[2] for task in order) == names


def test_every_column_that_is_shown_has_an_order() -> None:
    assert {one.name for one in task_columns(200, 20)} <= set(TASK_KEYS)
