"""A question is answered once, however fast keys come."""

from supervisor.tui.glyphs import UNICODE
from supervisor.tui.screens.dialog import Dialog, Option
from tests.tui.piloting import flying

OPTIONS = (Option(key="r", words="again", value="again"),)


async def test_a_second_key_is_no_second_answer() -> None:
    async with flying() as flight:
        heard: list[str | None] = []
        one, other = (Dialog(UNICODE, title, ["text"], OPTIONS) for title in ("one", "other"))
        flight.app.push_screen(one, heard.append)
        flight.app.push_screen(other, heard.append)
        await flight.press("x")
        one.dismiss("from below")
        assert flight.app.screen is other
        other.dismiss("again")
        other.dismiss("again")
        assert flight.app.screen is one
        one.dismiss(None)
        one.dismiss("again")
        await flight.press("x")
        assert flight.app.screen is flight.overview
        assert heard == ["again", None]


async def test_keys_that_come_together_do_not_end_the_program() -> None:
    async with flying() as flight:
        for _ in range(5):
            flight.app.push_screen(Dialog(UNICODE, "Again?", ["text"], OPTIONS))
            await flight.press("r", "r", "escape", "escape", "2", "1")
        assert flight.app.screen is flight.overview
