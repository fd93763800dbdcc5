"""What running tasks use, as rows in an order that holds still."""

from supervisor.core.machine import RunnerRow
from supervisor.core.models import TaskId
from supervisor.tui.glyphs import UNICODE
from supervisor.tui.runner_rows import ranked, ranks, runner_cells, runner_columns
from tests.tui.machine import resources


def uses(**cores: float | None) -> list[RunnerRow]:
    return [RunnerRow(task=TaskId(f"g/{name}"), attempt=1, cores=n) for name, n in cores.items()]


def order(rows: list[RunnerRow], known: dict[str, float]) -> str:
    return "".join(row.task[-1] for row in ranked(rows, known))


def test_whoever_uses_most_is_on_top_and_small_changes_move_nobody() -> None:
    first = uses(a=1.0, b=4.0, c=None, d=0.05)
    known = ranks(first, {})
    assert order(first, known) == "badc"
    second = uses(a=4.2, b=4.4, c=0.08, d=0.02)
    known = ranks(second, known)
    assert order(second, known) == "abdc"
    third = uses(a=3.9, b=3.8, c=0.0, d=9.0)
    known = ranks(third, known)
    assert order(third, known) == "dabc"


def test_rows_are_as_wide_as_their_columns() -> None:
    for width in (38, 60, 84, 120):
        columns = runner_columns(width, 70)
        assert sum(column.cells + 1 for column in columns) <= width
        for row in resources().runners:
            cells = runner_cells(row, columns, UNICODE)
            assert len(cells) == len(columns)


def test_a_task_that_waits_for_the_cpu_is_told() -> None:
    columns = runner_columns(120, 30)
    cells = dict(
        zip(
            (column.name for column in columns),
            runner_cells(resources().runners[1], columns, UNICODE),
            strict=True,
        )
    )
    assert cells["waits for cpu"] == ("60%".rjust(13) + " ", "warn")
    assert cells["cores"][0].strip() == "0.3"
    unknown = runner_cells(resources().runners[3], columns, UNICODE)
    assert unknown[1][0].strip() == "?"
