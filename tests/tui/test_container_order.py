"""By what a table of containers can be ordered."""

from dataclasses import replace

from supervisor.core.containers import ContainerRow
from supervisor.tui.container_order import CONTAINER_KEYS, by_task
from supervisor.tui.container_rows import container_columns
from supervisor.tui.order import Sort, arranged
from tests.tui.dock import FOREIGN, containers

ROWS = by_task({row.id: row for row in containers()})


def first(column: str) -> ContainerRow:
    sort = Sort(column, CONTAINER_KEYS[column].falling)
    return ROWS[arranged(ROWS, sort, CONTAINER_KEYS)[0]]


def test_each_column_puts_something_else_on_top() -> None:
    assert first("state").state == "dead_idle"
    assert first("cpu").cores == max(row.cores or 0 for row in ROWS.values())
    assert first("mem").mem_bytes == max(row.mem_bytes or 0 for row in ROWS.values())
    quiet = [row.quiet_since for row in ROWS.values() if row.quiet_since is not None]
    assert (first("idle").quiet_since or 0) - min(quiet) < 10
    assert first("age").created_at == min(row.created_at for row in ROWS.values())
    assert first("task").task == min(row.task for row in ROWS.values() if row.task)
    assert first("container").name == "agentrun--0000-4f1c-9a77-e1b0d5c"
    assert first("pids").pids == 2
    assert first("net/s").net_rate == 1800.0
    assert first("image").image == "hal-agent-runner:latest"


def test_what_belongs_to_no_task_stands_last() -> None:
    assert list(ROWS)[-1] == FOREIGN


def test_what_differs_by_noise_stays_in_its_place() -> None:
    row = ContainerRow(id="1", name="x", image="y", cores=0.201, mem_bytes=(5 << 20) + 7)
    noisy = replace(row, cores=0.204, mem_bytes=(5 << 20) + 900, net_rate=None)
    for key in CONTAINER_KEYS.values():
        assert key.value is not None
        assert key.value(row) == key.value(noisy)


def test_every_column_that_is_shown_has_an_order() -> None:
    shown = {one.name for one in container_columns(200, 20)} - {""}
    assert shown <= set(CONTAINER_KEYS)
    assert len(CONTAINER_KEYS) <= 10, "each has a digit"
