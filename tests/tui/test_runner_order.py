"""By what the table of running tasks can be ordered; an order that holds still."""

from collections.abc import Mapping
from typing import Any

from supervisor.core.machine import RunnerRow
from supervisor.core.models import TaskId
from supervisor.tui.order import Sort, arranged, in_order, moved, placed
from supervisor.tui.runner_order import RUNNER_KEYS, by_name
from supervisor.tui.runner_rows import runner_columns

CORES = RUNNER_KEYS["cores"]


def uses(**cores: float | None) -> Mapping[str, RunnerRow]:
    return by_name(
        RunnerRow(task=TaskId(f"g/{name}"), attempt=1, cores=n) for name, n in cores.items()
    )


def order(places: Mapping[str, Any]) -> str:
    return "".join(task[-1] for task in in_order(places, falling=True))


def test_whoever_uses_most_is_on_top_and_small_changes_move_nobody() -> None:
    known = placed(uses(a=1.0, b=4.0, c=None, d=0.05), CORES, {})
    assert order(known) == "badc"
    second = uses(a=4.2, b=4.4, c=0.08, d=0.02)
    assert [moved(known[task], row, CORES) for task, row in second.items()] == [
        True,
        False,
        False,
        False,
    ]
    known = placed(second, CORES, known)
    assert order(known) == "abdc"
    known = placed(uses(a=3.9, b=3.8, c=0.0, d=9.0), CORES, known)
    assert order(known) == "dabc"


def test_every_column_that_is_shown_has_an_order() -> None:
    assert {one.name for one in runner_columns(200, 20)} <= set(RUNNER_KEYS)
    rows = {
        "g/a": RunnerRow(task=TaskId("g/a"), attempt=2, mem_bytes=1 << 30, processes=1, waits=0.5),
        "g/b": RunnerRow(task=TaskId("g/b"), attempt=1, processes=3, threads=9, files=7),
    }
    for column in ("memory", "waits for cpu", "try"):
        assert arranged(rows, Sort(column, falling=True), RUNNER_KEYS) == ("g/a", "g/b")
    for column in ("procs", "threads", "files"):
        assert arranged(rows, Sort(column, falling=True), RUNNER_KEYS) == ("g/b", "g/a")
    assert arranged(rows, Sort("task"), RUNNER_KEYS) == ("g/a", "g/b")
