from typing import Any

import pytest
from textual.pilot import Pilot

from supervisor.core.intents import Retry
from supervisor.core.models import TaskId
from supervisor.tui.glyphs import ASCII
from supervisor.tui.screens.dialog import Dialog
from supervisor.tui.screens.failures import FailuresScreen
from supervisor.tui.screens.log import LogScreen
from supervisor.tui.screens.task import TaskScreen
from tests.fakes.engine import FakeEngine, board_of, row
from tests.support import until
from tests.tui.piloting import Flight, flying, picture, program, settled, steady
from tests.tui.scene import engine


def board() -> FakeEngine:
    facts: dict[str, object] = {"attempt": 4, "attempts": 4, "since": 1000.0}
    return FakeEngine(
        board_of(
            row("g/a", "failed", error_class="auth", cause="401 expired", **facts),
            row("g/b", "failed", error_class="auth", cause="401 expired", **facts),
            row("g/c", "failed", error_class="network", cause="reset by peer", **facts),
            row("g/d", "running"),
        )
    )


def screen(flight: Flight) -> FailuresScreen:
    shown = flight.app.screen
    assert isinstance(shown, FailuresScreen)
    return shown


@pytest.mark.parametrize("size", [(40, 20), (80, 24), (120, 40)])
def test_failures(snap_compare: Any, size: tuple[int, int]) -> None:
    async def opened(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("3", "j")
        await until(lambda: "Failures 3" in picture(pilot.app))
        await steady(pilot)

    assert snap_compare(program(engine()), terminal_size=size, run_before=opened)


async def test_one_key_retries_a_whole_class_and_asks_first() -> None:
    async with flying(board()) as flight:
        await flight.press("3", "r")
        await until(lambda: isinstance(flight.app.screen, Dialog))
        assert "Retry 2 tasks?" in flight.text()
        await flight.press("r")
        assert await flight.wanted() == [Retry(targets=("g/a", "g/b"))]


async def test_the_only_task_of_a_cause_is_seen_and_retried_at_once() -> None:
    async with flying(board()) as flight:
        await flight.press("3", "j", "j")
        await until(lambda: screen(flight).tasks.keys == ("g/c",))
        await flight.press("r")
        assert await flight.wanted() == [Retry(targets=("g/c",))]


async def test_one_task_of_a_cause_is_retried_alone() -> None:
    async with flying(board()) as flight:
        await flight.press("3", "enter", "j", "r")
        assert await flight.wanted() == [Retry(targets=("g/b",))]


async def test_marked_tasks_are_retried_together() -> None:
    async with flying(board()) as flight:
        await flight.press("3", "tab", "space", "space", "tab", "r")
        await until(lambda: isinstance(flight.app.screen, Dialog))
        await flight.press("r")
        assert await flight.wanted() == [Retry(targets=("g/a", "g/b"))]
        await flight.press("escape")
        assert not screen(flight).tasks.marks


async def test_a_class_is_marked_as_its_tasks_and_both_tables_show_it() -> None:
    async with flying(board()) as flight:
        await flight.press("3", "space")
        await until(lambda: screen(flight).tasks.marks == {"g/a", "g/b"})
        assert screen(flight).failures.marks == {"g/a", "g/b"}
        assert "2 marked" in flight.text()
        await flight.press("tab", "space")
        await until(lambda: screen(flight).failures.marks == {"g/b"})
        await flight.press("u")
        await until(lambda: not screen(flight).failures.marks)


async def test_a_filter_asks_the_failed_tasks_and_counts_them() -> None:
    async with flying(board()) as flight:
        await flight.press("3", "slash", *"class:auth", "enter")
        await until(lambda: "Failures 2 of 3 · /class:auth" in flight.text())
        assert "network" not in flight.text()
        await flight.press("asterisk", "escape")
        await until(lambda: "Failures 3" in flight.text())
        assert screen(flight).tasks.marks == {"g/a", "g/b"}
        await flight.press("slash", *"xyzzy", "enter")
        await until(lambda: "no failure matches /xyzzy; Esc shows all" in flight.text())


async def test_each_table_is_sorted_by_itself() -> None:
    async with flying(board()) as flight:
        await flight.press("3", "s", "2", "s", "s")
        assert screen(flight).failures.keys[0] == "network"
        await flight.press("tab", "s", "2", "s", "s")
        assert screen(flight).tasks.sort.falling
        assert screen(flight).failures.keys[0] == "network"


async def test_the_tasks_are_those_of_the_row_under_the_cursor() -> None:
    async with flying(board()) as flight:
        await flight.press("3")
        await until(lambda: screen(flight).tasks.keys == ("g/a", "g/b"))
        await flight.press("j", "j", "j")
        await until(lambda: screen(flight).tasks.keys == ("g/c",))


async def test_enter_on_a_task_opens_its_page_and_escape_comes_back() -> None:
    async with flying(board()) as flight:
        flight.fake.reasons["g/b"] = ("g/b failed an hour ago",)
        await flight.press("3", "enter", "j", "enter")
        await until(lambda: "failed an hour ago" in flight.text())
        assert isinstance(flight.app.screen, TaskScreen)
        await flight.press("escape")
        await until(lambda: isinstance(flight.app.screen, FailuresScreen))
        await flight.press("escape", "l")
        await until(lambda: isinstance(flight.app.screen, LogScreen))


async def test_escape_goes_back_step_by_step() -> None:
    async with flying(board()) as flight:
        await flight.press("3", "tab")
        assert flight.app.focused is screen(flight).tasks
        await flight.press("escape")
        assert flight.app.focused is screen(flight).failures
        await flight.press("escape")
        await until(lambda: flight.app.screen is flight.overview)


async def test_copying_takes_the_cause_and_its_tasks() -> None:
    async with flying(board()) as flight:
        await flight.press("3", "j", "y")
        await flight.said()
        assert flight.app.clipboard == "401 expired\ng/a\ng/b"


async def test_ascii_screens_are_ascii() -> None:
    async with flying(board(), glyphs=ASCII) as flight:
        await flight.press("3")
        await until(lambda: "Failures 3" in flight.text())
        assert flight.text().isascii()


async def test_a_task_that_is_seen_below_is_retried_without_a_question() -> None:
    async with flying(FakeEngine(board_of(row("g/a", "failed", error_class="auth")))) as flight:
        await flight.press("3", "r")
        assert await flight.wanted() == [Retry(targets=(TaskId("g/a"),))]


async def test_where_only_the_causes_have_room_the_task_is_told_first() -> None:
    fake = FakeEngine(board_of(row("g/a", "failed", error_class="auth")))
    async with flying(fake, size=(60, 16)) as flight:
        await flight.press("3", "r")
        await until(lambda: isinstance(flight.app.screen, Dialog))
