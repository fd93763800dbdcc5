"""The screen of containers, driven by keys."""

from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from supervisor.core.intents import Kill, KillContainers, SetParallel
from supervisor.core.models import GroupId
from supervisor.tui.glyphs import ASCII
from supervisor.tui.screens.containers import ContainersScreen
from supervisor.tui.screens.dialog import Dialog
from supervisor.tui.screens.overview import OverviewScreen
from supervisor.tui.screens.prompt import Prompt
from tests.support import until
from tests.tui.dock import FOREIGN, containers, docked
from tests.tui.piloting import Flight, flying, program, settled, steady


async def shown(pilot: Pilot[Any]) -> None:
    """Go to the screen and wait until it has all it shows."""
    await settled(pilot)
    await pilot.press("2")
    await until(lambda: isinstance(pilot.app.screen, ContainersScreen))
    screen = pilot.app.screen
    assert isinstance(screen, ContainersScreen)
    await until(lambda: not screen.pane.display or screen.pane.described is not None)
    await steady(pilot)


def screen_of(flight: Flight) -> ContainersScreen:
    found = flight.app.screen_stack[0]
    assert isinstance(found, ContainersScreen)
    return found


@pytest.mark.parametrize("size", [(40, 20), (80, 24), (120, 40), (200, 50)])
def test_containers(snap_compare: Any, size: tuple[int, int]) -> None:
    assert snap_compare(program(docked()), terminal_size=size, run_before=shown)


def test_ascii(snap_compare: Any) -> None:
    app = program(docked(), glyphs=ASCII)
    assert snap_compare(app, terminal_size=(80, 24), run_before=shown)


async def test_the_keys_of_the_screens_lead_there_and_back() -> None:
    async with flying(docked(), size=(120, 40)) as flight:
        await shown(flight.pilot)
        await flight.press("2")
        assert "Containers 61" in flight.text()
        await flight.press("1")
        await until(lambda: isinstance(flight.app.screen, OverviewScreen))
        await flight.press("2", "escape")
        await until(lambda: isinstance(flight.app.screen, OverviewScreen))


async def test_dead_ones_are_marked_by_filter_and_killed_after_a_list() -> None:
    fake = docked()
    async with flying(fake, size=(120, 40)) as flight:
        await shown(flight.pilot)
        await flight.press("slash", *"dead", "enter", "asterisk")
        screen = screen_of(flight)
        assert len(screen.table.marks) == 20
        assert "20 of 61" in flight.text()
        await flight.press("asterisk")
        assert not screen.table.marks
        await flight.press("asterisk", "K")
        await until(lambda: isinstance(flight.app.screen, Dialog))
        assert "Kill 20 containers?" in flight.text()
        assert "dead idle 12m" in flight.text()
        assert "(not on the screen)" not in flight.text()
        await flight.press("e")
        [intent] = await flight.wanted()
        assert isinstance(intent, KillContainers)
        assert set(intent.ids) == {one.id for one in containers() if one.state == "dead_idle"}
        assert not intent.unowned


async def test_what_is_not_proved_ours_is_killed_by_its_name_alone() -> None:
    fake = docked()
    async with flying(fake, size=(120, 40)) as flight:
        await shown(flight.pilot)
        await flight.press("slash", *"unowned", "enter", "K")
        await until(lambda: isinstance(flight.app.screen, Prompt))
        await flight.press(*"agentrun", "enter")
        assert "nothing was done" in await flight.said()
        await flight.press("K")
        await until(lambda: isinstance(flight.app.screen, Prompt))
        name = next(one.name for one in containers() if one.id == FOREIGN)
        flight.app.screen.query_one("Input").value = name  # type: ignore[attr-defined]
        await flight.press("enter")
        [intent] = await flight.wanted()
        assert intent == KillContainers(ids=(FOREIGN,), unowned=True)


async def test_unowned_ones_are_left_out_of_many() -> None:
    async with flying(docked(), size=(120, 40)) as flight:
        await shown(flight.pilot)
        await flight.press("asterisk", "K")
        await until(lambda: isinstance(flight.app.screen, Dialog))
        assert "Kill 60 containers?" in flight.text()
        assert "1 unowned left out" in flight.text()
        await flight.press("escape")
        other = replace(next(one for one in containers() if one.id == FOREIGN), id="e" * 64)
        await flight.fake.show_containers(other)
        await until(lambda: len(flight.app.board.containers) == 62)
        await flight.press("asterisk", "asterisk", "slash", *"unowned", "enter", "asterisk", "K")
        assert "nothing proves" in await flight.said()


async def test_advice_shows_its_numbers_first() -> None:
    async with flying(docked(), size=(120, 40)) as flight:
        await shown(flight.pilot)
        assert "ADVICE" in flight.text() or "more" in flight.text()
        await flight.press("a")
        await until(lambda: isinstance(flight.app.screen, Dialog))
        assert "20 → 5" in flight.text()
        await flight.press("a")
        [intent] = await flight.wanted()
        assert intent == SetParallel(group=GroupId("corebench"), parallel=5, knob="parallel")


async def test_nothing_advised_is_said() -> None:
    async with flying(docked(), size=(120, 40)) as flight:
        await shown(flight.pilot)
        await flight.fake.show(advice=())
        await until(lambda: not flight.app.board.head.advice)
        await flight.press("a")
        assert await flight.said() == "nothing is advised now"


async def test_output_and_inspection_of_the_container_under_the_cursor() -> None:
    async with flying(docked(), size=(120, 40)) as flight:
        await shown(flight.pilot)
        assert "Error code: 401" in flight.text()
        assert "\x1b" not in flight.text()
        await flight.press("i")
        await until(lambda: '"Config"' in flight.text())
        await flight.press("i", "l")
        await until(lambda: "step 10: calling the model" in flight.text())
        assert "problems first" not in flight.text()
        await flight.press("y", "escape")
        await until(lambda: "problems first" in flight.text())
        await flight.press("tab", "shift+tab", "enter", "tab")
        await until(lambda: "problems first" in flight.text())


async def test_one_that_is_gone_is_said_to_be() -> None:
    fake = docked()
    async with flying(fake, size=(120, 40)) as flight:
        await shown(flight.pilot)
        del fake.described[screen_of(flight).table.keys[1]]
        await flight.press("down")
        await until(lambda: "it is there no more" in flight.text())


async def test_sorted_by_any_column() -> None:
    async with flying(docked(), size=(120, 40)) as flight:
        await shown(flight.pilot)
        table = screen_of(flight).table
        await flight.press("s")
        await until(lambda: isinstance(flight.app.screen, Dialog))
        assert "5  by CPU" in flight.text()
        await flight.press("5")
        await until(lambda: table.key == f"{2:064x}")
        assert "cpu↓" in flight.text()
        await flight.press("s", "6")
        await until(lambda: table.key == f"{59:064x}")


async def test_keys_for_tasks_act_on_the_task_of_the_container() -> None:
    async with flying(docked(), size=(120, 40)) as flight:
        await shown(flight.pilot)
        screen = screen_of(flight)
        assert screen.group_here() is not None
        assert screen.row_here() is screen.board.tasks.get(screen.table.row_here.task)  # type: ignore[union-attr, arg-type]
        assert isinstance(screen.rows_here(), tuple)
        await flight.press("space", "y")
        assert "agentrun--" in await flight.said()
        assert not [one for one, _ in flight.fake.wanted if isinstance(one, Kill)]


async def test_what_it_writes_is_asked_for_again() -> None:
    fake = docked()
    async with flying(fake, size=(120, 40)) as flight:
        await shown(flight.pilot)
        asked = len(fake.asked)
        flight.time.now += 6.0
        await until(lambda: len(fake.asked) > asked)
        key = screen_of(flight).table.key
        assert key is not None
        fake.described[key] = replace(fake.described[key], output="a new line")
        flight.time.now += 6.0
        await until(lambda: "a new line" in flight.text())
