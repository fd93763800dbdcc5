from typing import Any

import pytest
from textual.pilot import Pilot

from supervisor.core.intents import Kill
from supervisor.core.machine import Resources
from supervisor.tui.glyphs import ASCII
from supervisor.tui.screens.log import LogScreen
from tests.fakes.engine import FakeEngine
from tests.support import until
from tests.tui.machine import resources
from tests.tui.piloting import flying, picture, program, settled, steady
from tests.tui.scene import LONG, NOW, engine


class Measuring(FakeEngine):
    """Counts how often it is asked."""

    times = 0

    async def resources(self) -> Resources:
        self.times += 1
        return await super().resources()


def measuring() -> Measuring:
    known = engine()
    fake = Measuring(known.board)
    fake.logs, fake.resourced = known.logs, resources()
    return fake


@pytest.mark.parametrize("size", [(40, 20), (80, 24), (120, 40)])
def test_resources(snap_compare: Any, size: tuple[int, int]) -> None:
    async def opened(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("6", "j")
        await until(lambda: "Running tasks 4" in picture(pilot.app))
        await steady(pilot)

    assert snap_compare(program(measuring()), terminal_size=size, run_before=opened)


async def test_figures_are_asked_for_only_while_they_are_seen() -> None:
    fake = measuring()
    async with flying(fake) as flight:
        assert fake.times == 0
        await flight.press("6")
        await until(lambda: fake.times == 1)
        await until(lambda: "11 of 16" in flight.text())
        flight.time.now += 4
        await until(lambda: fake.times == 2)
        await flight.press("1")
        flight.time.now += 4
        await flight.pilot.pause(0.1)
        assert fake.times == 2


async def test_what_was_known_stays_dim_when_the_engine_is_gone() -> None:
    fake = measuring()
    async with flying(fake) as flight:
        await flight.press("6")
        await until(lambda: "11 of 16" in flight.text())
        fake.gone = True
        flight.time.now += 4
        await until(lambda: "as it was at 02:14" in flight.text())
        assert "11 of 16" in flight.text()
        fake.gone = False
        fake.resourced = resources()
        flight.time.now = NOW + 8
        await until(lambda: "as it was" not in flight.text())


async def test_keys_act_on_the_task_under_the_cursor() -> None:
    async with flying(measuring()) as flight:
        await flight.press("6")
        await until(lambda: "Running tasks 4" in flight.text())
        await flight.press("K", "r")
        assert await flight.wanted() == [Kill(targets=(LONG,))]
        await flight.press("y")
        await until(lambda: flight.app.clipboard == LONG)
        await flight.press("l")
        await until(lambda: isinstance(flight.app.screen, LogScreen))
        await flight.press("escape")
        await until(lambda: "Running tasks 4" in flight.text())
        await flight.press("escape")
        await until(lambda: flight.app.screen is flight.overview)


async def test_ascii_screens_are_ascii() -> None:
    fake = measuring()
    async with flying(fake, glyphs=ASCII) as flight:
        await flight.press("6")
        await until(lambda: "Running tasks 4" in flight.text())
        assert flight.text().replace("\u00b7", "").isascii()
