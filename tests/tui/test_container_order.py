"""Which containers a list shows, and in what order."""

from dataclasses import replace

from supervisor.core.containers import ContainerRow
from supervisor.core.models import TaskId
from supervisor.tui.container_order import ORDERS, Order, arranged, matches, next_order, place
from tests.tui.dock import containers

ROWS = {row.id: row for row in containers()}


def first(order: Order, *words: str) -> ContainerRow:
    return ROWS[arranged(ROWS, order, words)[0]]


def test_each_order_puts_something_else_on_top() -> None:
    assert first("problems first").state == "dead_idle"
    assert first("CPU").cores == max(row.cores or 0 for row in ROWS.values())
    assert first("memory").mem_bytes == max(row.mem_bytes or 0 for row in ROWS.values())
    quiet = [row.quiet_since for row in ROWS.values() if row.quiet_since is not None]
    assert (first("longest idle").quiet_since or 0) - min(quiet) < 10
    assert first("age").created_at == min(row.created_at for row in ROWS.values())
    assert first("task").task == min(row.task for row in ROWS.values() if row.task)


def test_the_orders_go_round() -> None:
    order = ORDERS[0]
    for _ in ORDERS:
        order = next_order(order)
    assert order == ORDERS[0]


def test_what_differs_by_noise_stays_in_its_place() -> None:
    row = ContainerRow(id="1", name="x", image="y", cores=0.201, mem_bytes=(5 << 20) + 7)
    noisy = replace(row, cores=0.204, mem_bytes=(5 << 20) + 900)
    for order in ORDERS:
        assert place(row, order) == place(noisy, order)


def test_words_narrow() -> None:
    row = ContainerRow(
        id="abcdef",
        name="agentrun--1",
        image="hal",
        task=TaskId("g/a"),
        state="dead_idle",
        owned=True,
    )
    assert matches(row, ())
    assert matches(row, ("dead", "idle", "g/a", "hal", "abcd"))
    assert not matches(row, ("unowned",))
    assert matches(replace(row, owned=False, task=None), ("unowned",))
    assert arranged(ROWS, "task", ("unowned",)) == tuple(
        row.id for row in ROWS.values() if not row.owned
    )
