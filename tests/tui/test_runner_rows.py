"""What running tasks use, as rows of cells."""

from supervisor.tui.glyphs import UNICODE
from supervisor.tui.runner_rows import runner_cells, runner_columns
from tests.tui.machine import resources


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
