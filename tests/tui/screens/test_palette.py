from typing import Any

from textual.pilot import Pilot

from supervisor.tui.actions import ACTIONS
from supervisor.tui.glyphs import UNICODE
from supervisor.tui.screens.palette import Matches, Palette
from tests.tui.piloting import flying, program, settled, steady
from tests.tui.scene import engine


def test_palette(snap_compare: Any) -> None:
    async def opened(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("colon", "p", "a")
        await steady(pilot)

    assert snap_compare(program(engine()), terminal_size=(80, 24), run_before=opened)


async def test_names_are_found_before_help_and_the_cursor_chooses() -> None:
    async with flying() as flight:
        heard: list[str | None] = []
        flight.app.push_screen(Palette(UNICODE, ACTIONS), heard.append)
        await flight.press(*"pause", "down", "pagedown", "pageup", "down", "up", "down", "enter")
        assert heard == ["pause_batch"]


async def test_nothing_found_chooses_nothing() -> None:
    async with flying() as flight:
        heard: list[str | None] = []
        flight.app.push_screen(Palette(UNICODE, ACTIONS), heard.append)
        await flight.press(*"zzz", "enter")
        assert heard == [None]


async def test_a_reader_is_offered_no_changes() -> None:
    async with flying(read_only=True) as flight:
        await flight.press("colon")
        assert "retry" not in flight.text().replace("r retry", "")
        await flight.press("escape")
        assert flight.app.screen is flight.overview


async def test_every_action_is_offered_with_what_does_the_same_in_the_shell() -> None:
    async with flying() as flight:
        palette = Palette(UNICODE, ACTIONS)
        flight.app.push_screen(palette)
        await flight.pilot.pause()
        matches = palette.query_one(Matches)
        for at, action in enumerate(ACTIONS):
            matches.go_to(at)
            await flight.pilot.pause()
            assert action.help[:40] in flight.text()
            assert not action.command or f"overnight {action.command}" in flight.text()


async def test_a_click_chooses() -> None:
    async with flying() as flight:
        heard: list[str | None] = []
        flight.app.push_screen(Palette(UNICODE, ACTIONS), heard.append)
        await flight.press(*"pause bat")
        lines = flight.text().splitlines()
        y = next(at for at, line in enumerate(lines) if "pause batch" in line)
        await flight.pilot.click(offset=(lines[y].index("pause batch"), y), times=2)
        assert heard == ["pause_batch"]
