from dataclasses import replace

import pytest

from supervisor.core.intents import Pause
from supervisor.core.night import Slice
from supervisor.tui.link import Link
from supervisor.tui.messages import READ_ONLY
from supervisor.tui.places import SCREENS, TASK, Place
from supervisor.tui.screens.batch import BatchScreen
from supervisor.tui.widgets.failures import FailureTable
from supervisor.tui.widgets.head import HeadLine
from tests.support import until
from tests.tui.piloting import flying
from tests.tui.scene import engine


async def test_nothing_is_shown_before_all_widgets_are_there() -> None:
    async with flying() as flight:
        screen = type(flight.overview)(flight.overview.glyphs)
        app = flight.app
        screen.take(app.board, app.link, app.tick, None)
        assert not screen.board.connected


async def test_group_keys_act_on_the_group_of_the_row_on_every_screen() -> None:
    async with flying() as flight:
        await flight.press("3")
        screen = flight.app.screen
        assert isinstance(screen, BatchScreen)
        row, group = screen.row_here(), screen.group_here()
        assert row is not None
        assert group is not None
        assert group.group == row.group
        await flight.press("p")
        (wanted,) = await flight.wanted()
        assert wanted == Pause(group=group.group) or "resume" in type(wanted).__name__.lower()


async def test_what_a_gone_engine_said_is_drawn_dim_until_it_is_heard_again() -> None:
    async with flying() as flight:
        tasks = flight.overview.tasks
        plain = [part.style for part in tasks.render_line(3)]
        flight.app.link = Link(state="gone", since=flight.time.now)
        await until(lambda: tasks.faded)
        assert [part.style for part in tasks.render_line(3)] != plain
        assert "scicode/problem-0013" in flight.text()
        assert "DISCONNECTED" in flight.text()
        assert not flight.overview.query_one(HeadLine).faded
        await flight.press("3")
        failures = flight.app.screen.query_one(FailureTable)
        await until(lambda: failures.faded)
        flight.app.link = Link(state="live", since=flight.time.now)
        await until(lambda: not failures.faded)
        await flight.press("1")
        await until(lambda: not tasks.faded)
        assert [part.style for part in tasks.render_line(3)] == plain


@pytest.mark.parametrize("place", [*SCREENS, TASK], ids=lambda place: place.name)
async def test_a_reader_is_told_at_once_that_a_key_is_not_for_him(place: Place) -> None:
    fake = engine()
    fake.reasons["scicode/problem-0013"] = ("failed at 01:52",)
    fake.night = replace(fake.night, slices=(Slice(running=0, good=0, bad=0),) * 8)
    async with flying(fake, read_only=True) as flight:
        await flight.press(place.key or "enter")
        await until(lambda: flight.app.current_mode == place.name)
        screen = flight.app.screen
        assert isinstance(screen, BatchScreen)
        keys = [
            action.keys[0] for action in screen.actions_here() if action.changes and action.keys
        ]
        assert keys
        for key in keys:
            flight.app.said = None
            await flight.press(key)
            assert await flight.said() == READ_ONLY
            assert flight.app.screen is screen
        assert fake.wanted == []
