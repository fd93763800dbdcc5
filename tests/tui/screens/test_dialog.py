from typing import Any

import pytest
from textual.pilot import Pilot

from supervisor.tui.glyphs import UNICODE
from supervisor.tui.screens.dialog import Dialog, Option, Styled
from tests.support import until
from tests.tui.piloting import flying, overview, program, settled, steady
from tests.tui.scene import engine

OPTIONS = (Option(key="r", words="again", value="again"), Option(key="c", words="no", value="no"))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("keys", ["question_mark", "K", "exclamation_mark", "Q"])
def test_dialogs(snap_compare: Any, keys: str, size: tuple[int, int]) -> None:
    async def opened(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("j", "j", "j")
        screen = overview(pilot)
        await until(lambda: screen.log_pane.row is screen.tasks.row_here)
        await steady(pilot)
        await pilot.press(keys)
        await steady(pilot)

    assert snap_compare(program(engine()), terminal_size=size, run_before=opened)


@pytest.mark.parametrize(
    ("key", "answer"), [("r", "again"), ("c", "no"), ("escape", None), ("q", None)]
)
async def test_a_key_answers(key: str, answer: str | None) -> None:
    async with flying() as flight:
        heard: list[str | None] = []
        flight.app.push_screen(Dialog(UNICODE, "Again?", ["text"], OPTIONS), heard.append)
        await flight.press("x", key)
        assert heard == [answer]
        assert flight.app.screen is flight.overview


async def test_long_text_scrolls_and_the_answers_stay_in_sight() -> None:
    async with flying(size=(40, 20)) as flight:
        lines = [f"line {number}" for number in range(60)]
        flight.app.push_screen(Dialog(UNICODE, "Long", lines, OPTIONS))
        await flight.press("j")
        assert "line 1" in flight.text()
        assert "Esc  back" in flight.text()
        assert "▐ │" in flight.text()
        await flight.press("G")
        assert "line 59" in flight.text()
        await flight.press("g", "space", "k", "pageup")
        assert "line 0" in flight.text()
        await flight.press("enter")
        assert isinstance(flight.app.screen, Dialog)


async def test_paragraphs_hang() -> None:
    async with flying(size=(40, 20)) as flight:
        item = Styled(text="r  " + "word " * 12, look="dim", hang=3)
        flight.app.push_screen(Dialog(UNICODE, "Title", [item]))
        await flight.press("j")
        rows = [line.split("│")[1] for line in flight.text().splitlines() if "word" in line]
        assert rows[0].startswith(" r  word")
        assert rows[1].startswith("    word")


async def test_titles_and_text_carry_no_markup() -> None:
    async with flying() as flight:
        dialog = Dialog(UNICODE, "[bold]a[/] \x1b[31m[x", ["[red]b[/red]\x07"], OPTIONS)
        flight.app.push_screen(dialog)
        await flight.press("x")
        assert "[bold]a[/] [x" in flight.text()
        assert "[red]b[/red]" in flight.text()


@pytest.mark.parametrize(("words", "answer"), [("r  again", "again"), ("Esc  back", None)])
async def test_a_click_answers(words: str, answer: str | None) -> None:
    async with flying() as flight:
        heard: list[str | None] = []
        flight.app.push_screen(Dialog(UNICODE, "Again?", ["text"], OPTIONS), heard.append)
        await flight.pilot.pause()
        lines = flight.text().splitlines()
        y = next(at for at, line in enumerate(lines) if words in line)
        await flight.pilot.click(offset=(lines[y].index(words), y))
        assert heard == [answer]
