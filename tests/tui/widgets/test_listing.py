from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from supervisor.tui.glyphs import UNICODE
from supervisor.tui.widgets.lines import LOOK_CLASSES, Piece
from supervisor.tui.widgets.listing import Listing


class Numbers(Listing):
    """Rows that are their keys."""

    def title(self, width: int) -> tuple[Piece, ...]:
        return (self.titled("Numbers", width),)

    def header(self, width: int) -> tuple[Piece, ...]:
        return (("number", "dim"),)

    def row(self, key: str, width: int) -> tuple[Piece, ...]:
        return ((key.ljust(width), ""),)

    def nothing(self) -> str:
        return "no numbers"


class Place(Screen[None]):
    """Has the looks."""

    COMPONENT_CLASSES = LOOK_CLASSES


class Stage(App[None]):
    """One list, ten rows high."""

    CSS = "Numbers { height: 12; width: 30; }"

    def __init__(self) -> None:
        super().__init__()
        self.numbers = Numbers(UNICODE)
        self.heard: list[Any] = []

    def get_default_screen(self) -> Place:
        return Place()

    async def on_mount(self) -> None:
        await self.screen.mount(self.numbers)

    def on_listing_moved(self, message: Listing.Moved) -> None:
        self.heard.append(message.key)

    def on_listing_opened(self, message: Listing.Opened) -> None:
        self.heard.append(f"open {message.key}")


@asynccontextmanager
async def stage(rows: int) -> AsyncIterator[tuple[Numbers, Stage, Pilot[None]]]:
    app = Stage()
    async with app.run_test(size=(40, 20)) as pilot:
        app.numbers.set_keys(tuple(f"n{number:02d}" for number in range(rows)))
        app.numbers.focus()
        await pilot.pause()
        yield app.numbers, app, pilot


def shown(numbers: Numbers) -> list[str]:
    return [numbers.render_line(y).text.rstrip() for y in range(numbers.size.height)]


async def test_an_empty_list_says_so() -> None:
    async with stage(0) as (numbers, app, pilot):
        assert shown(numbers)[2] == "  no numbers"
        await pilot.press("down", "enter", "space", "G")
        assert numbers.key is None
        assert app.heard == []


async def test_keys_move_and_the_list_scrolls_in_strides() -> None:
    async with stage(50) as (numbers, _, pilot):
        await pilot.press(*["j"] * 9)
        assert numbers.top == 0
        await pilot.press("j")
        assert (numbers.key, numbers.top) == ("n10", 3)
        await pilot.press("pagedown")
        assert numbers.key == "n20"
        await pilot.press("G")
        assert (numbers.key, numbers.top) == ("n49", 40)
        await pilot.press("j")
        assert numbers.key == "n49"
        await pilot.press("pageup", "k", "g")
        assert (numbers.key, numbers.top) == ("n00", 0)
        assert shown(numbers)[2].startswith("▌n00")


async def test_cursor_and_place_survive_a_new_order() -> None:
    async with stage(50) as (numbers, app, pilot):
        numbers.go_to(30)
        await pilot.pause()
        place = numbers.cursor - numbers.top
        app.heard.clear()
        numbers.set_keys((*(f"new{n}" for n in range(5)), *numbers.keys))
        await pilot.pause()
        assert (numbers.key, numbers.cursor - numbers.top) == ("n30", place)
        assert app.heard == []


async def test_a_list_at_its_top_stays_there() -> None:
    async with stage(50) as (numbers, _, pilot):
        numbers.set_keys(("new", *numbers.keys))
        await pilot.pause()
        assert (numbers.key, numbers.top) == ("n00", 0)


async def test_a_row_that_vanishes_leaves_the_cursor_in_its_place() -> None:
    async with stage(50) as (numbers, app, pilot):
        numbers.go_to(49)
        await pilot.pause()
        numbers.set_keys(numbers.keys[:20])
        await pilot.pause()
        assert (numbers.key, numbers.top) == ("n19", 10)
        numbers.set_keys(())
        await pilot.pause()
        assert app.heard[-1] is None


async def test_of_a_row_that_vanishes_the_nearest_takes_over_wherever_it_went() -> None:
    async with stage(9) as (numbers, _, pilot):
        numbers.go_to(4)
        numbers.set_keys(("n06", "n08", "n03", "n00"))
        await pilot.pause()
        assert numbers.key == "n03"
        numbers.set_keys(("n08", "n00", "n07"))
        assert numbers.key == "n00"
        numbers.set_keys(("x", "y"))
        assert numbers.key == "y"


async def test_what_a_person_does_is_told() -> None:
    async with stage(50) as (_, app, pilot):
        await pilot.press("j", "enter", "space")
        assert app.heard == ["n00", "n01", "open n01", "n02"]


async def test_the_pointer_moves_the_cursor_and_opens() -> None:
    async with stage(50) as (numbers, app, pilot):
        await pilot.click(numbers, offset=(3, 5))
        assert numbers.key == "n03"
        await pilot.click(numbers, offset=(3, 0))
        assert numbers.key == "n03"
        await pilot.click(numbers, offset=(3, 6), times=2)
        assert app.heard[-1] == "open n04"


@pytest.mark.parametrize(("rows", "thumbs"), [(5, 0), (10, 0), (20, 5), (50, 2)])
async def test_a_thumb_tells_where_in_the_list_one_is(rows: int, thumbs: int) -> None:
    async with stage(rows) as (numbers, _, _pilot):
        assert sum(line.endswith("▐") for line in shown(numbers)) == thumbs


async def test_only_lines_that_differ_are_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(50) as (numbers, _, _pilot):
        painted: list[int] = []
        monkeypatch.setattr(numbers, "refresh", lambda *at: painted.extend(r.y for r in at))
        numbers.repaint()
        assert painted == []
        numbers.action_move(1)
        assert painted == [2, 3]
