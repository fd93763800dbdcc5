from supervisor.core.intents import Pause
from supervisor.core.names import GroupId
from supervisor.tui.screens.dialog import Dialog
from supervisor.tui.screens.palette import Palette
from supervisor.tui.widgets.lines import Line
from supervisor.tui.widgets.pressing import at_cell
from tests.tui.piloting import Flight, flying


async def click(flight: Flight, words: str) -> None:
    lines = flight.text().splitlines()
    y = next(at for at, line in enumerate(lines) if words in line)
    await flight.pilot.click(offset=(lines[y].index(words) + 1, y))
    await flight.pilot.pause()


async def test_words_of_the_footer_are_keys() -> None:
    async with flying(size=(120, 40)) as flight:
        await click(flight, "p pause")
        assert await flight.wanted() == [Pause(group=GroupId("scicode"))]
        await flight.said()
        flight.app.said = None
        await flight.pilot.pause()
        await click(flight, "? help")
        assert isinstance(flight.app.screen, Dialog)
        await flight.press("escape")
        await click(flight, "screens")
        assert isinstance(flight.app.screen, Palette)


async def test_screens_are_chosen_in_the_head() -> None:
    async with flying(size=(300, 50)) as flight:
        await click(flight, "3 failures")
        assert flight.app.current_mode == "failures"
        await click(flight, "1 overview")
        assert flight.app.current_mode == "overview"


async def test_a_notice_does_what_its_key_does() -> None:
    async with flying(size=(120, 40)) as flight:
        await click(flight, "NEEDS YOU")
        assert isinstance(flight.app.screen, Dialog)
        await flight.press("escape")


async def test_elsewhere_nothing_happens() -> None:
    async with flying(size=(120, 40)) as flight:
        screen = flight.app.screen
        await flight.pilot.click(offset=(2, 0))
        await flight.pilot.click(offset=(118, 39))
        await flight.pilot.pause()
        assert flight.app.screen is screen
        assert flight.fake.wanted == []


async def test_a_reader_clicks_in_vain_on_what_changes_things() -> None:
    async with flying(size=(120, 40), read_only=True) as flight:
        flight.overview.perform("pause_group")
        await flight.pilot.pause()
        assert flight.app.said is None


def test_the_action_of_a_piece_is_found_by_its_cells() -> None:
    line = Line((("価価", ""), ("ab", ""), ("c", "")))
    assert [at_cell(line, ["x", "", "y"], at) for at in (0, 3, 4, 6, 7)] == ["x", "x", "", "y", ""]
