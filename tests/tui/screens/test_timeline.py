from typing import Any

import pytest
from textual.pilot import Pilot

from supervisor.core.board import LimitCost
from supervisor.core.night import Event, Slice, Stretch, Timeline
from supervisor.tui.glyphs import ASCII
from supervisor.tui.screens.task import TaskScreen
from supervisor.tui.screens.timeline import TimelineScreen
from tests.fakes.engine import FakeEngine
from tests.support import until
from tests.tui.piloting import flying, picture, program, settled, steady
from tests.tui.scene import HOUR, NOW, engine

BEGIN = NOW - 3 * HOUR - 12 * 60


def story(slices: int = 66) -> Timeline:
    step = (NOW - BEGIN) / slices
    held = range(slices // 2, slices * 3 // 4)
    return Timeline(
        begin=BEGIN,
        end=NOW,
        as_of=NOW,
        slices=tuple(
            Slice(
                running=0.0 if at in held else min(8.0, at / 2 + at % 3),
                good=0 if at in held else at % 4,
                bad=3 if at == held[0] else 0,
            )
            for at in range(slices)
        ),
        stretches=(
            Stretch(
                limit="trapi",
                since=BEGIN + held[0] * step,
                until=BEGIN + held[-1] * step,
                reason="401",
            ),
            Stretch(limit="subscription", since=NOW - 600, until=None, reason="weekly limit"),
        ),
        events=(
            Event(
                at=NOW - 5000, kind="hold", subject="trapi", text="until released: login expired"
            ),
            Event(at=NOW - 4000, kind="refresh", subject="trapi", text="asked for by lea"),
            Event(
                at=NOW - 3990, kind="release", subject="trapi", text="probe passed; 4 tasks held"
            ),
            Event(at=NOW - 900, kind="parallel", subject="scicode", text="5 -> 2, by lea"),
            Event(
                at=NOW - 600,
                kind="hold",
                subject="subscription",
                text="until 06:00: You've hit your weekly limit · resets Feb 19, 6am "
                "(America/Los_Angeles), which is what it said",
            ),
            Event(
                at=NOW - 60,
                kind="retry",
                subject="scicode/problem-0013",
                text="asked for by lea: new budget",
            ),
        ),
        costs=(LimitCost(limit="trapi", pauses=2, waited_s=11520, lost_s=214 * HOUR),),
    )


class Telling(FakeEngine):
    """Cuts its night as it is asked to."""

    async def timeline(self, slices: int) -> Timeline:
        self.night = story(slices)
        return await super().timeline(slices)


def telling() -> Telling:
    known = engine()
    fake = Telling(known.board)
    fake.logs = known.logs
    return fake


@pytest.mark.parametrize("size", [(40, 20), (80, 24), (120, 40)])
def test_timeline(snap_compare: Any, size: tuple[int, int]) -> None:
    async def opened(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("4", "j")
        await until(lambda: "Incidents 6" in picture(pilot.app))
        await steady(pilot)

    assert snap_compare(program(telling()), terminal_size=size, run_before=opened)


async def test_the_night_is_cut_to_the_width_and_asked_for_again() -> None:
    async with flying(telling(), size=(100, 30)) as flight:
        await flight.press("4")
        await until(lambda: flight.fake.slices == 86)
        flight.fake.slices = 0
        await flight.pilot.pause(0.1)
        assert flight.fake.slices == 0
        flight.time.now += 11
        await until(lambda: flight.fake.slices == 86)
        await flight.press("1")
        flight.fake.slices = 0
        flight.time.now += 11
        await flight.pilot.pause(0.1)
        assert flight.fake.slices == 0
        await flight.press("4")
        await until(lambda: flight.fake.slices == 86)


async def test_enter_opens_the_page_of_the_task_an_incident_is_about() -> None:
    async with flying(telling()) as flight:
        await flight.press("4")
        await until(lambda: "Incidents 6" in flight.text())
        await flight.press("j", "enter")
        assert isinstance(flight.app.screen, TimelineScreen)
        await flight.press("k", "enter")
        await until(lambda: isinstance(flight.app.screen, TaskScreen))
        assert isinstance(flight.app.screen, TaskScreen)
        row = flight.app.screen.row_here()
        assert row is not None
        assert row.task == "scicode/problem-0013"


async def test_an_incident_is_copied_whole_and_escape_goes_back() -> None:
    async with flying(telling()) as flight:
        await flight.press("4")
        await until(lambda: "Incidents 6" in flight.text())
        await flight.press("j", "y")
        await flight.said()
        assert flight.app.clipboard.endswith("(America/Los_Angeles), which is what it said")
        await flight.press("escape")
        await until(lambda: flight.app.screen is flight.overview)


async def test_ascii_screens_are_ascii() -> None:
    async with flying(telling(), glyphs=ASCII) as flight:
        await flight.press("4")
        await until(lambda: "Incidents 6" in flight.text())
        assert flight.text().replace("\u00b7", "").isascii()
