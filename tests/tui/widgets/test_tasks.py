from dataclasses import replace

import pytest

from tests.fakes.engine import FakeEngine, board_of, row
from tests.support import until
from tests.tui.piloting import flying


async def test_a_change_that_moves_nothing_sorts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row(f"g/{number}", "running", progress=(0, 9)) for number in range(50)]
    async with flying(FakeEngine(board_of(*rows))) as flight:
        tasks = flight.overview.tasks
        sorted_again: list[int] = []
        settle = tasks.settle
        monkeypatch.setattr(tasks, "settle", lambda: sorted_again.append(1) or settle())
        await flight.fake.show(replace(rows[3], progress=(1, 9)))
        await until(lambda: flight.app.board.tasks[rows[3].task].progress == (1, 9))
        assert sorted_again == []
        await flight.fake.show(replace(rows[3], phase="failed"))
        await until(lambda: tasks.keys[0] == "g/3")
        assert len(sorted_again) == 1


async def test_spans_move_with_the_clock() -> None:
    async with flying(FakeEngine(board_of(row("g/a", "running", attempt=1, since=0.0)))) as flight:
        flight.time.now = 300.0
        await until(lambda: " 5m" in flight.text())
        flight.time.now = 660.0
        await until(lambda: "11m" in flight.text())


async def test_tasks_that_appear_are_taken_in() -> None:
    async with flying(FakeEngine(board_of(row("g/a")))) as flight:
        await flight.fake.show(row("h/b"))
        await until(lambda: "Tasks 2" in flight.text())
