from supervisor.core.intents import Pause
from supervisor.tui.screens.batch import BatchScreen
from tests.tui.piloting import flying


async def test_nothing_is_shown_before_all_widgets_are_there() -> None:
    async with flying() as flight:
        screen = type(flight.overview)(flight.overview.glyphs)
        app = flight.app
        screen.take(app.board, app.link, app.tick, None)
        assert not screen.board.connected


async def test_group_keys_act_on_the_group_of_the_row_on_every_screen() -> None:
    async with flying() as flight:
        await flight.press("3")
        screen = flight.app.screen
        assert isinstance(screen, BatchScreen)
        row, group = screen.row_here(), screen.group_here()
        assert row is not None
        assert group is not None
        assert group.group == row.group
        await flight.press("p")
        (wanted,) = await flight.wanted()
        assert wanted == Pause(group=group.group) or "resume" in type(wanted).__name__.lower()
