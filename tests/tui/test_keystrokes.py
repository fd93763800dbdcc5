"""Keys that come at once, as over a slow line: none of them acts on what the one before it covers."""

from typing import Any

import pytest
from textual.events import Key
from textual.keys import _character_to_key
from textual.screen import Screen

from supervisor.core.intents import Kill, Pause
from supervisor.core.names import GroupId
from supervisor.tui.screens.dialog import Dialog
from supervisor.tui.screens.palette import Palette
from tests.support import until
from tests.tui.piloting import Flight, flying


def at_once(flight: Flight, *keys: str) -> None:
    """Let keys come in one piece."""
    for key in keys:
        char = key if len(key) == 1 else None
        event = Key(_character_to_key(key) if char else key, char)
        event.set_sender(flight.app)
        flight.app.post_message(event)


def shows(flight: Flight, kind: type[Screen[Any]]) -> bool:
    return isinstance(flight.app.screen, kind)


async def test_what_is_typed_for_the_list_of_commands_goes_there() -> None:
    async with flying() as flight:
        at_once(flight, *":pause bat")
        await until(lambda: shows(flight, Palette) and "pause bat" in flight.text())
        assert flight.fake.wanted == []
        at_once(flight, "enter", "j", "j")
        assert await flight.wanted() == [Pause()]
        await until(lambda: flight.overview.tasks.cursor == 2)


async def test_words_of_a_filter_are_no_keys() -> None:
    async with flying() as flight:
        at_once(flight, "/", *"PrzKQ", "enter", "escape")
        await until(lambda: not shows(flight, Palette) and flight.app.screen is flight.overview)
        await flight.pilot.pause()
        assert flight.fake.wanted == []


async def test_answers_reach_the_question_and_keys_after_it_the_screen() -> None:
    async with flying() as flight:
        place = flight.overview.tasks.keys.index("scicode/problem-0015")
        flight.overview.tasks.go_to(place)
        await flight.pilot.pause()
        at_once(flight, "K", "r", "p", "?")
        assert await flight.wanted(2) == [
            Kill(targets=("scicode/problem-0015",)),
            Pause(group=GroupId("scicode")),
        ]
        await until(lambda: shows(flight, Dialog) and "This screen" in flight.text())


async def test_keys_after_that_of_a_screen_go_to_that_screen() -> None:
    async with flying() as flight:
        at_once(flight, "3", "j", "1", "j", "2")
        await until(lambda: flight.app.current_mode == "containers")
        assert flight.overview.tasks.cursor == 1


@pytest.mark.parametrize("count", [1, 60])
async def test_many_keys_are_all_taken_in_their_order(count: int) -> None:
    async with flying() as flight:
        at_once(flight, *["j"] * count, *["k"] * count, "G")
        await until(lambda: flight.overview.tasks.cursor == len(flight.overview.tasks.keys) - 1)
        await flight.press("g")
        assert flight.overview.tasks.cursor == 0
