from dataclasses import replace

from supervisor.core.machine import MachineSeen, Resources
from supervisor.tui.screens.resources import ResourcesScreen
from supervisor.tui.widgets.machine import MachineText, RunnerTable
from tests.support import until
from tests.tui.machine import resources
from tests.tui.piloting import Flight, flying
from tests.tui.scene import LONG, engine


def screen(flight: Flight) -> ResourcesScreen:
    shown = flight.app.screen
    assert isinstance(shown, ResourcesScreen)
    return shown


async def test_an_engine_that_looks_at_no_machine_says_so() -> None:
    fake = engine()
    fake.resourced = Resources(machine=MachineSeen(at=0))
    async with flying(fake) as flight:
        await flight.press("6")
        await until(lambda: "looks at no machine" in flight.text())
        assert "nothing runs" in flight.text()


async def test_the_lines_of_the_machine_take_the_room_they_need() -> None:
    fake = engine()
    fake.resourced = resources()
    async with flying(fake) as flight:
        await flight.press("6")
        await until(lambda: "11 of 16" in flight.text())
        text = screen(flight).query_one(MachineText)
        await until(lambda: text.size.height == 8)
        screen(flight).machine.found = replace(resources(), gpus=())
        await until(lambda: text.size.height == 5)


async def test_the_cursor_stays_on_its_task_when_another_uses_more() -> None:
    fake = engine()
    fake.resourced = resources()
    async with flying(fake) as flight:
        await flight.press("6")
        table = screen(flight).query_one(RunnerTable)
        await until(lambda: table.key == LONG)
        rows = resources().runners
        more = replace(resources(), runners=(rows[0], replace(rows[1], cores=15.0), *rows[2:]))
        table.found = more
        await until(lambda: table.keys[0] == rows[1].task)
        assert table.key == LONG
        assert table.cursor == 1
