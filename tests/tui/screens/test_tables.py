"""What every screen with tables does by the same keys."""

import pytest

from supervisor.tui.screens.dialog import Dialog
from supervisor.tui.screens.tables import TablesScreen
from tests.fakes.engine import FakeEngine
from tests.support import until
from tests.tui.dock import docked
from tests.tui.machine import resources
from tests.tui.piloting import Flight, flying

KEYS = ("1", "2", "3", "6")


def everything() -> FakeEngine:
    fake = docked()
    fake.resourced = resources()
    return fake


async def screen_at(flight: Flight, key: str) -> TablesScreen:
    await flight.press(key)
    await until(lambda: isinstance(flight.app.screen, TablesScreen))
    shown = flight.app.screen
    assert isinstance(shown, TablesScreen)
    await until(lambda: shown.composed and len(shown.table_here().keys) > 3)
    return shown


@pytest.mark.parametrize("key", KEYS)
async def test_rows_are_filtered_marked_and_sorted(key: str) -> None:
    async with flying(everything(), size=(120, 40)) as flight:
        screen = await screen_at(flight, key)
        table = screen.table_here()
        await flight.press("v", "j", "v", "shift+down")
        assert table.marks
        await flight.press("slash", *"xyzzy", "enter")
        await until(lambda: "matches /xyzzy; Esc shows all" in flight.text())
        assert table.marks, "marks outlive the filter"
        assert screen.seen_here() == frozenset()
        await flight.press("escape")
        assert table.keys
        await flight.press("u")
        assert not table.marks
        before = table.sort
        await flight.press("s")
        await until(lambda: isinstance(flight.app.screen, Dialog))
        await flight.press("s")
        await until(lambda: table.sort == before.turned())


@pytest.mark.parametrize("key", KEYS)
async def test_escape_undoes_range_filter_and_marks_one_by_one(key: str) -> None:
    async with flying(everything(), size=(120, 40)) as flight:
        screen = await screen_at(flight, key)
        table = screen.table_here()
        await flight.press("slash", *"e", "enter", "v", "j")
        for undone in (
            lambda: table.span is None,
            lambda: not screen.filtered_here().wanted.terms,
            lambda: not table.marks,
        ):
            assert not undone()
            await flight.press("escape")
            await until(undone)
        assert not screen.undo_view()


@pytest.mark.parametrize("key", KEYS)
async def test_a_filter_that_is_given_up_is_as_it_was(key: str) -> None:
    async with flying(everything(), size=(120, 40)) as flight:
        screen = await screen_at(flight, key)
        table = screen.filtered_here()
        await flight.press("slash", *"state:", "escape")
        assert not table.wanted.terms
        await flight.press("slash", *"e", "enter", "slash", *"xyz", "escape")
        assert table.wanted.text == "e"
        await flight.press("slash", "backspace", "enter")
        assert not table.wanted.terms


@pytest.mark.parametrize("key", KEYS)
async def test_help_tells_what_a_filter_may_ask(key: str) -> None:
    async with flying(everything(), size=(120, 40)) as flight:
        screen = await screen_at(flight, key)
        await flight.press("question_mark", "G")
        await until(lambda: isinstance(flight.app.screen, Dialog))
        assert list(screen.filtered_here().fields().by_name)[-1] in flight.text()
