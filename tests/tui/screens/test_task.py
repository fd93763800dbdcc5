from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from supervisor.core.intents import Kill
from supervisor.core.models import TaskId
from supervisor.core.task_page import TaskPage
from supervisor.tui.glyphs import ASCII
from supervisor.tui.screens.log import LogScreen
from supervisor.tui.screens.task import TaskScreen
from tests.fakes.engine import FakeEngine
from tests.support import until
from tests.tui.piloting import Flight, flying, overview, picture, program, settled, steady
from tests.tui.scene import LONG, engine
from tests.tui.task import page


class Telling(FakeEngine):
    """Counts how often a page is asked for."""

    times = 0

    async def task(self, task: str) -> TaskPage:
        self.times += 1
        return await super().task(task)


def telling() -> Telling:
    known = engine()
    fake = Telling(known.board)
    fake.logs = {**known.logs, (LONG, 1, "stderr"): b"the first attempt\n"}
    pages = page()
    fake.pages = {LONG: replace(pages, attempts=pages.attempts[1:])}
    return fake


def point(pilot: Pilot[Any]) -> None:
    """Put the overview's cursor on the task that has a page."""
    tasks = overview(pilot).tasks
    tasks.go_to(tasks.keys.index(LONG))


async def opened(flight: Flight) -> TaskScreen:
    point(flight.pilot)
    await flight.press("enter")
    await until(lambda: "launch: attempt 3" in flight.text() or "Why" in flight.text())
    screen = flight.app.screen
    assert isinstance(screen, TaskScreen)
    return screen


@pytest.mark.parametrize("size", [(40, 20), (80, 24), (120, 40)])
def test_task(snap_compare: Any, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        point(pilot)
        await pilot.press("enter")
        await until(lambda: "✗ signal 9?" in picture(pilot.app))
        await pilot.press("j")
        await steady(pilot)

    assert snap_compare(program(telling()), terminal_size=size, run_before=ready)


async def test_enter_and_w_open_the_page_and_escape_goes_back() -> None:
    async with flying(telling()) as flight:
        point(flight.pilot)
        for key in ("enter", "w"):
            await flight.press(key)
            await until(lambda: isinstance(flight.app.screen, TaskScreen))
            await until(lambda: "has run for 47m" in flight.text())
            await flight.press("escape")
            await until(lambda: flight.app.screen is flight.overview)


async def test_the_log_of_the_attempt_under_the_cursor_is_opened_and_comes_back() -> None:
    async with flying(telling()) as flight:
        screen = await opened(flight)
        await until(lambda: screen.attempts.key == "3")
        fake = flight.fake
        fake.pages[LONG] = replace(page(), attempts=page().attempts[:2])
        flight.time.now += 11
        await until(lambda: screen.attempts.keys == ("2", "1"))
        await flight.press("G", "enter")
        await until(lambda: isinstance(flight.app.screen, LogScreen))
        await until(lambda: "the first attempt" in flight.text())
        await flight.press("w")
        await until(lambda: flight.app.screen is screen)
        await flight.press("l")
        await until(lambda: isinstance(flight.app.screen, LogScreen))
        await flight.press("escape")
        await until(lambda: flight.app.screen is screen)
        await flight.press("escape")
        await until(lambda: flight.app.screen is flight.overview)


async def test_the_page_is_asked_for_anew_when_the_task_changes_and_from_time_to_time() -> None:
    fake = telling()
    async with flying(fake) as flight:
        await opened(flight)
        await until(lambda: fake.times == 1)
        row = fake.board.tasks[TaskId(LONG)]
        await fake.show(replace(row, phase="backing_off"))
        await until(lambda: fake.times == 2)
        flight.time.now += 11
        await until(lambda: fake.times == 3)
        await flight.press("escape")
        flight.time.now += 11
        await flight.pilot.pause(0.1)
        assert fake.times == 3


async def test_what_was_known_stays_dim_when_the_engine_is_gone() -> None:
    fake = telling()
    async with flying(fake) as flight:
        await opened(flight)
        await until(lambda: "has run for 47m" in flight.text())
        fake.gone = True
        flight.time.now += 11
        await until(lambda: "as it was at 02:14" in flight.text())
        assert "has run for 47m" in flight.text()
        fake.gone = False
        flight.time.now += 11
        await until(lambda: "as it was" not in flight.text())


async def test_a_task_that_the_engine_does_not_know_is_told() -> None:
    async with flying() as flight:
        await flight.press("enter")
        await until(lambda: "no task scicode" in flight.text())


async def test_keys_act_on_the_task() -> None:
    async with flying(telling()) as flight:
        screen = await opened(flight)
        await flight.press("K", "r")
        assert await flight.wanted() == [Kill(targets=(LONG,))]
        await flight.press("y")
        await until(lambda: flight.app.clipboard == LONG)
        await flight.press("tab", "y")
        await until(lambda: flight.app.clipboard.startswith("Why\n"))
        await flight.press("G")
        assert screen.about.top > 0
        await flight.press("shift+tab", "w")
        assert screen.focused is screen.about
        assert screen.about.top == 0


async def test_ascii_screens_are_ascii() -> None:
    async with flying(telling(), glyphs=ASCII) as flight:
        await opened(flight)
        await until(lambda: "has run for 47m" in flight.text())
        assert flight.text().replace("\u00b7", "").isascii()
