from supervisor.tui.screens.batch import BatchScreen
from supervisor.tui.screens.failures import FailuresScreen
from tests.fakes.engine import FakeEngine, board_of, row
from tests.support import until
from tests.tui.piloting import flying


async def test_keys_go_from_screen_to_screen_and_each_keeps_its_cursor() -> None:
    async with flying() as flight:
        await flight.press("j", "j")
        place = flight.overview.tasks.key
        await flight.press("3")
        assert isinstance(flight.app.screen, FailuresScreen)
        await until(lambda: "Failures 3" in flight.text())
        await flight.press("1")
        assert flight.app.screen is flight.overview
        assert flight.overview.tasks.key == place
        shown = flight.app.screen
        await flight.press("3", "1")
        assert flight.app.screen is shown


async def test_a_hidden_screen_hears_nothing_until_it_is_shown() -> None:
    async with flying() as flight:
        first = flight.overview
        before = first.board
        await flight.press("3")
        await flight.fake.show(row("scicode/problem-0012", "failed", error_class="auth"))
        await until(lambda: "Failures 4" in flight.text())
        assert first.board is before
        await flight.press("1")
        assert first.board is flight.app.board


async def test_the_screen_is_told_by_its_name_in_the_head() -> None:
    fake = FakeEngine(board_of(row("g/a", "failed")))
    async with flying(fake, size=(140, 40)) as flight:
        await flight.press("3")
        screen = flight.app.screen
        assert isinstance(screen, BatchScreen)
        await until(lambda: "1 overview  2 containers  3 failures" in flight.text())


async def test_where_there_is_little_room_only_the_screen_itself_is_named() -> None:
    fake = FakeEngine(board_of(row("g/a", "failed")))
    async with flying(fake, size=(100, 40)) as flight:
        await flight.press("3")
        await until(lambda: "1 2  3 failures 4 5 6" in flight.text())
