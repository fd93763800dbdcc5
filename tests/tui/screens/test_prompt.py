from supervisor.tui.glyphs import UNICODE
from supervisor.tui.screens.prompt import Prompt
from tests.tui.piloting import flying


async def test_what_is_typed_is_heard_and_returned() -> None:
    async with flying() as flight:
        heard: list[str | None] = []
        typed: list[str] = []

        def hear(text: str) -> str:
            typed.append(text)
            return ""

        prompt = Prompt(UNICODE, "filter [x]:", "a", typed=hear)
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


async def test_what_is_wrong_is_said_at_once_and_not_taken() -> None:
    async with flying() as flight:
        heard: list[str | None] = []
        prompt = Prompt(
            UNICODE,
            "number:",
            typed=lambda text: "" if text.isdigit() else "at 1: no \x1b[31mnumber",
            hint="as 17",
        )
        flight.app.push_screen(prompt, heard.append)
        await flight.pilot.pause()
        assert "as 17" in flight.text()
        await flight.press("x", "enter")
        assert "▲ at 1: no number" in flight.text()
        assert heard == []
        await flight.press("backspace", "7", "enter")
        assert heard == ["7"]


async def test_a_long_trouble_takes_the_lines_it_needs() -> None:
    async with flying(size=(40, 20)) as flight:
        words = "at 1: no field 'clas'; there are " + ", ".join(["something"] * 8)
        flight.app.push_screen(Prompt(UNICODE, "filter:", typed=lambda _: words))
        await flight.press("x")
        await flight.pilot.pause()
        assert " ".join(flight.text().split()).count("something") == 8
