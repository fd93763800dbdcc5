from supervisor.tui.screens.failures import FailuresScreen
from tests.fakes.engine import FakeEngine, board_of, row
from tests.support import until
from tests.tui.piloting import Flight, flying

LONG = "openai.InternalServerError: " + "upstream connect error or disconnect/reset " * 12


def screen(flight: Flight) -> FailuresScreen:
    shown = flight.app.screen
    assert isinstance(shown, FailuresScreen)
    return shown


async def test_without_failures_it_says_so() -> None:
    async with flying(FakeEngine(board_of(row("g/a", "running")))) as flight:
        await flight.press("3")
        await until(lambda: "nothing has failed" in flight.text())


async def test_before_the_engine_is_heard_it_waits_for_it() -> None:
    fake = FakeEngine()
    fake.gone = True
    async with flying(fake) as flight:
        await flight.press("3")
        await until(lambda: "waiting for the engine" in flight.text())


async def test_a_new_failure_appears_and_the_cursor_stays_on_its_cause() -> None:
    fake = FakeEngine(board_of(row("g/a", "failed", error_class="auth", cause="expired")))
    async with flying(fake) as flight:
        await flight.press("3", "j")
        here = screen(flight).failures.key
        for number in range(3):
            await fake.show(row(f"g/x{number}", "failed", error_class="network", cause="reset"))
        await until(lambda: "Failures 4" in flight.text())
        assert screen(flight).failures.key == here
        assert "in 2 classes" in flight.text()


async def test_a_long_cause_is_shown_as_far_as_there_is_room() -> None:
    fake = FakeEngine(board_of(row("g/a", "failed", error_class="server_error", cause=LONG)))
    async with flying(fake) as flight:
        await flight.press("3")
        await until(lambda: "…" in flight.text())
        assert flight.text().count("upstream connect error") > 3
