from typing import Any

import pytest
from textual.pilot import Pilot

from supervisor.core.names import TaskId
from supervisor.tui.screens.log import LogScreen
from tests.fakes.engine import FakeEngine, board_of, row
from tests.support import until
from tests.tui.piloting import Flight, flying, picture, program, settled, steady
from tests.tui.scene import LONG, engine

TRACE = (
    "\x1b[2m02:04:11\x1b[0m \x1b[32mINFO\x1b[0m sample 12/80 scored\n"
    "\x1b[2m02:04:12\x1b[0m \x1b[33mWARNING\x1b[0m retrying in 20 s\n"
    "Traceback (most recent call last):\n"
    '  File "/srv/eval/run.py", line 40, in main\n'
    "    answer = client.responses.create(model=model, input=messages, temperature=0.0, seed=7)\n"
    "openai.InternalServerError: Error code: 503 - upstream connect error\n"
)


def board() -> FakeEngine:
    fake = FakeEngine(
        board_of(
            row("g/a", "failed", attempt=3, error_class="network", cause="reset by peer"),
            row("g/b", "running", attempt=1),
            row("g/c", "waiting", note="needs g/a"),
        )
    )
    for number in (1, 2, 3):
        fake.logs["g/a", number, "stdout"] = b"out of attempt %d\n" % number
        fake.logs["g/a", number, "stderr"] = b"err of attempt %d\n" % number
    fake.logs["g/b", 1, "stdout"] = b""
    fake.logs["g/b", 1, "stderr"] = b"only errors here\n"
    return fake


def screen(flight: Flight) -> LogScreen:
    shown = flight.app.screen
    assert isinstance(shown, LogScreen)
    return shown


async def opened(flight: Flight, task: str) -> LogScreen:
    flight.app._stage.show_log(TaskId(task))
    flight.app.watch_board()
    await until(lambda: isinstance(flight.app.screen, LogScreen))
    await flight.pilot.pause()
    return screen(flight)


@pytest.mark.parametrize("size", [(40, 20), (80, 24), (120, 40)])
def test_log(snap_compare: Any, size: tuple[int, int]) -> None:
    async def shown(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("5")
        await until(lambda: "503" in picture(pilot.app))
        pilot.app.screen.viewer.find("503", regex=False)  # type: ignore[attr-defined]
        await until(lambda: "found" in picture(pilot.app))
        await steady(pilot)

    fake = engine()
    first = "scicode/problem-0013"
    fake.logs[first, 4, "stderr"] = TRACE.encode() * 4
    fake.logs[first, 4, "stdout"] = b"started\n"
    assert snap_compare(program(fake), terminal_size=size, run_before=shown)


async def test_a_bad_end_shows_what_was_written_to_stderr() -> None:
    async with flying(board()) as flight:
        await opened(flight, "g/a")
        await until(lambda: "err of attempt 3" in flight.text())
        await flight.press("o")
        await until(lambda: "out of attempt 3" in flight.text())


async def test_a_task_that_writes_errors_only_shows_them() -> None:
    async with flying(board()) as flight:
        await opened(flight, "g/b")
        await until(lambda: "only errors here" in flight.text())


async def test_attempts_are_switched_in_place() -> None:
    async with flying(board()) as flight:
        await opened(flight, "g/a")
        await until(lambda: "err of attempt 3" in flight.text())
        await flight.press("left_square_bracket", "left_square_bracket")
        await until(lambda: "err of attempt 1" in flight.text())
        assert "attempt 1 of 3" in flight.text()
        await flight.press("left_square_bracket")
        assert "first" in await flight.said()
        await flight.press("right_square_bracket", "right_square_bracket")
        await until(lambda: "err of attempt 3" in flight.text())
        await flight.press("right_square_bracket")
        await until(lambda: flight.app.said is not None and "newest" in flight.app.said[0])


async def test_a_new_attempt_is_gone_to_unless_an_older_one_is_read() -> None:
    async with flying(board()) as flight:
        await opened(flight, "g/a")
        fake = flight.fake
        fake.logs["g/a", 4, "stdout"] = b"out of attempt 4\n"
        fake.logs["g/a", 4, "stderr"] = b""
        await fake.show(row("g/a", "running", attempt=4))
        await until(lambda: "out of attempt 4" in flight.text())
        await flight.press("left_square_bracket")
        await until(lambda: "attempt 3 of 4" in flight.text())
        await fake.show(row("g/a", "running", attempt=4, note="quiet 31m"))
        await flight.pilot.pause(0.05)
        assert "attempt 3 of 4" in flight.text()


async def test_what_has_not_started_says_what_it_waits_for() -> None:
    async with flying(board()) as flight:
        await opened(flight, "g/c")
        await until(lambda: "has not started: needs g/a" in flight.text())
        for key in ("o", "left_square_bracket", "n"):
            await flight.press(key)
        assert "nothing more below" in await flight.said()


async def test_without_a_task_it_says_how_to_choose_one() -> None:
    async with flying(FakeEngine(board_of())) as flight:
        await flight.press("5")
        await until(lambda: "no task was chosen" in flight.text())


async def test_words_and_patterns_are_asked_for_and_forgotten() -> None:
    async with flying(board()) as flight:
        shown = await opened(flight, "g/a")
        await until(lambda: "err of attempt 3" in flight.text())
        await flight.press("slash", *"attempt", "enter")
        await until(lambda: "1 of 1 found" in flight.text())
        await flight.press("n")
        await flight.press("slash", "escape")
        assert shown.viewer.finding is not None
        await flight.press("escape")
        assert shown.viewer.finding is None
        await flight.press("escape")
        await until(lambda: flight.app.screen is flight.overview)


async def test_following_wrapping_and_moving_have_keys() -> None:
    fake = board()
    fake.logs["g/a", 3, "stderr"] = b"x" * 200 + b"\n" + b"line\n" * 100
    async with flying(fake) as flight:
        shown = await opened(flight, "g/a")
        await until(lambda: "following" in flight.text())
        await flight.press("f")
        assert not shown.viewer.reader.following
        await flight.press("f")
        assert shown.viewer.reader.following
        await flight.press("W", "g", "right")
        assert not shown.viewer.wrapping
        await flight.press("left")
        assert shown.viewer.visible_text().startswith("x" * 200)


async def test_what_is_visible_is_copied() -> None:
    async with flying(board()) as flight:
        await opened(flight, "g/a")
        await until(lambda: "err of attempt 3" in flight.text())
        await flight.press("y")
        await flight.said()
        assert flight.app.clipboard == "err of attempt 3"


async def test_the_row_under_the_cursor_is_what_the_key_shows() -> None:
    async with flying(engine()) as flight:
        place = flight.overview.tasks.keys.index(LONG)
        await flight.press(*"j" * place, "5")
        await until(lambda: isinstance(flight.app.screen, LogScreen))
        here = screen(flight).row_here()
        assert here is not None
        assert here.task == LONG
