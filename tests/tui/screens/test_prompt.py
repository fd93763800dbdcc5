from supervisor.tui.glyphs import UNICODE
from supervisor.tui.screens.prompt import Prompt
from tests.tui.piloting import flying


async def test_what_is_typed_is_heard_and_returned() -> None:
    async with flying() as flight:
        heard: list[str | None] = []
        typed: list[str] = []
        prompt = Prompt(UNICODE, "filter [x]:", "a", typed=typed.append)
        flight.app.push_screen(prompt, heard.append)
        await flight.press("b", "c")
        assert "filter [x]:" in flight.text()
        await flight.press("enter")
        assert heard == ["abc"]
        assert typed[-2:] == ["ab", "abc"]


async def test_escape_returns_nothing() -> None:
    async with flying() as flight:
        heard: list[str | None] = []
        flight.app.push_screen(Prompt(UNICODE, "words"), heard.append)
        await flight.press("q", "escape")
        assert heard == [None]
        assert flight.app.is_running
