"""The pane below the containers: output from its end, the inspection from its beginning."""

from supervisor.ports.containers import Described
from supervisor.tui.screens.containers import ContainersScreen
from supervisor.tui.widgets.described import DescribedPane
from tests.support import until
from tests.tui.dock import docked
from tests.tui.piloting import Flight, flying


async def pane(flight: Flight) -> DescribedPane:
    await flight.press("2")
    await until(lambda: isinstance(flight.app.screen, ContainersScreen))
    screen = flight.app.screen
    assert isinstance(screen, ContainersScreen)
    await until(lambda: screen.composed and screen.pane.described is not None)
    return screen.pane


async def test_output_is_read_from_its_end_and_stays_there() -> None:
    async with flying(docked(), size=(100, 40)) as flight:
        shown = await pane(flight)
        assert "Error code: 401" in shown.visible_text()
        shown.described = Described(inspection="{}", output="\n".join(map(str, range(99))))
        await flight.pilot.pause()
        assert shown.visible_text().endswith("98")
        shown.scroll(0)
        shown.described = Described(inspection="{}", output="\n".join(map(str, range(100))))
        await flight.pilot.pause()
        assert shown.visible_text().startswith("0\n")


async def test_nothing_to_show_is_said() -> None:
    async with flying(docked(), size=(100, 40)) as flight:
        shown = await pane(flight)
        shown.described = Described(inspection="{}", output="")
        await until(lambda: "it wrote nothing so far" in flight.text())
        shown.described = None
        await until(lambda: "asking for it" in flight.text())
        shown.trouble = "No such \x1b[31mcontainer"
        await until(lambda: "No such container" in flight.text())
        shown.row = None
        await until(lambda: "asking for it" not in flight.text())


async def test_an_inspection_begins_at_its_beginning() -> None:
    async with flying(docked(), size=(100, 40)) as flight:
        shown = await pane(flight)
        shown.inspecting = True
        await until(lambda: shown.visible_text().startswith("{"))
        assert "Inspection of agentrun--" in flight.text()
