"""The table of containers sorts only when a place changes, and forgets marks of what is gone."""

from dataclasses import replace

import pytest

from supervisor.tui.screens.containers import ContainersScreen
from supervisor.tui.widgets.containers import ContainerTable
from tests.fakes.engine import FakeEngine
from tests.support import until
from tests.tui.dock import containers, docked
from tests.tui.piloting import Flight, flying


async def table(flight: Flight) -> ContainerTable:
    await flight.press("2")
    await until(lambda: isinstance(flight.app.screen, ContainersScreen))
    screen = flight.app.screen
    assert isinstance(screen, ContainersScreen)
    await until(lambda: screen.composed and len(screen.table.keys) == len(containers()))
    return screen.table


async def test_a_change_that_moves_nothing_sorts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with flying(docked()) as flight:
        shown = await table(flight)
        sorted_again: list[int] = []
        settle = shown.settle
        monkeypatch.setattr(shown, "settle", lambda: sorted_again.append(1) or settle())
        busy = replace(containers()[0], cores=0.9)
        await flight.fake.show_containers(busy)
        await until(lambda: shown.board.containers[busy.id].cores == 0.9)
        assert sorted_again == []
        await flight.fake.show_containers(replace(busy, state="dead_idle"))
        await until(lambda: shown.keys[0] == busy.id)
        assert len(sorted_again) == 1


async def test_marks_go_with_what_they_mark() -> None:
    async with flying(docked()) as flight:
        shown = await table(flight)
        await flight.press("space", "space")
        assert len(shown.marks) == 2
        gone = sorted(shown.marks)[0]
        await flight.fake.show_containers(gone=(gone,))
        await until(lambda: gone not in shown.marks)
        assert len(shown.marks) == 1
        assert len(shown.chosen) == 1
        await flight.press("escape")
        assert shown.marks == frozenset()


async def test_empty_tables_say_why() -> None:
    async with flying(FakeEngine()) as flight:
        await flight.press("2")
        await until(lambda: "nobody looks at containers" in flight.text())


async def test_a_filter_that_nothing_matches_says_so() -> None:
    async with flying(docked()) as flight:
        shown = await table(flight)
        await flight.press("slash", *"xyzzy", "enter")
        await until(lambda: "no container matches /xyzzy" in flight.text())
        assert shown.chosen == ()
