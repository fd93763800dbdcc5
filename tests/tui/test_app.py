import gc
import subprocess
import sys

import pytest

from supervisor.core.board import EMPTY
from supervisor.core.intents import Pause, Retry, Stop
from supervisor.ports import Answer
from supervisor.tui.screens.dialog import Dialog
from supervisor.tui.settings import Settings
from tests.fakes.engine import FakeEngine, board_of, row
from tests.support import until
from tests.tui.piloting import flying, program
from tests.tui.scene import THEMES, engine, night


async def test_intents_carry_the_name_and_the_answer_is_said() -> None:
    async with flying() as flight:
        flight.fake.answer = Answer(ok=True, messages=("batch paused", "2 run on"))
        await flight.press("P")
        assert await flight.wanted() == [Pause()]
        assert flight.fake.wanted[0][1] == "me"
        assert await flight.said() == "batch paused; 2 run on"


async def test_a_refusal_is_said_as_one() -> None:
    async with flying() as flight:
        flight.fake.answer = Answer(ok=False)
        await flight.press("P")
        assert await flight.said() == "refused"
        assert flight.app.said == ("refused", True)


async def test_a_reader_changes_nothing() -> None:
    async with flying(read_only=True) as flight:
        await flight.press("P")
        assert "read-only" in await flight.said()
        assert flight.fake.wanted == []
        assert "read-only" in flight.text()


async def test_an_intent_that_cannot_be_sent_is_told() -> None:
    async with flying() as flight:
        flight.fake.gone = True
        await flight.press("P")
        assert "does not answer" in await flight.said()


async def test_a_missing_engine_is_shown_and_heard_when_it_is_back() -> None:
    fake = FakeEngine(night())
    fake.gone = True
    async with flying(fake) as flight:
        await until(lambda: flight.app.link.state == "gone")
        await flight.pilot.pause()
        assert "DISCONNECTED" in flight.text()
        assert "waiting for the engine" in flight.text()
        assert flight.app.board == EMPTY
        fake.gone = False
        await until(lambda: flight.app.link.state == "live")
        await flight.pilot.pause()
        assert "DISCONNECTED" not in flight.text()


def test_the_first_picture_needs_little() -> None:
    late = ["supervisor.core.models", "supervisor.core.intents", "supervisor.ports.attempts"]
    late += ["supervisor.tui.helm", "supervisor.tui.screens.dialog", "ruamel.yaml", "pydantic"]
    code = (
        "import os, pathlib, sys, supervisor.tui.app, supervisor.ipc.client;"
        "from supervisor.cli.looks import looks; looks({}, pathlib.Path('/nonexistent'));"
        f"print([name for name in {late!r} if name in sys.modules])"
    )
    argv = [sys.executable, "-c", code]
    assert subprocess.run(argv, capture_output=True, text=True, check=True).stdout == "[]\n"


async def test_garbage_is_collected_from_the_first_picture_on() -> None:
    gc.disable()
    try:
        async with flying():
            assert gc.isenabled()
    finally:
        gc.unfreeze()
        gc.enable()


async def test_changes_reach_the_screen() -> None:
    async with flying(FakeEngine(board_of(row("g/a", "waiting")))) as flight:
        await flight.fake.show(row("g/a", "failed", error_class="auth", cause="token expired"))
        await until(lambda: "auth: token expired" in flight.text())


async def test_the_end_is_summed_up_once_and_again_after_a_retry() -> None:
    fake = FakeEngine(board_of(row("g/a", "running")))
    async with flying(fake) as flight:
        await fake.show(row("g/a", "failed", error_class="auth"), state="done")
        await until(lambda: isinstance(flight.app.screen, Dialog))
        await flight.press("R")
        assert await flight.wanted() == [Retry()]
        await fake.show(row("g/a", "running"), state="running")
        await until(lambda: flight.app.board.head.state == "running")
        assert flight.app.screen is flight.overview
        await fake.show(row("g/a", "succeeded", attempt=2), state="done")
        await until(lambda: isinstance(flight.app.screen, Dialog))
        await flight.press("escape")
        await flight.pilot.pause(0.1)
        assert flight.app.screen is flight.overview
        # It ran on and ended again before anybody saw it run.
        await fake.show(row("g/a", "succeeded", attempt=3), state="done")
        await until(lambda: isinstance(flight.app.screen, Dialog))


async def test_a_question_is_not_overlaid_by_the_summary() -> None:
    fake = FakeEngine(board_of(row("g/a", "running")))
    async with flying(fake) as flight:
        await flight.press("K")
        question = flight.app.screen
        await fake.show(row("g/a", "failed"), state="done")
        await until(lambda: flight.app.board.head.state == "done")
        await flight.pilot.pause(0.1)
        assert flight.app.screen is question
        await flight.press("escape")
        await until(lambda: isinstance(flight.app.screen, Dialog))


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_leaving_says_that_the_engine_runs_on(key: str) -> None:
    async with flying() as flight:
        await flight.press(key)
        assert flight.app.return_value == "left"
        assert "overnight attach corebench-night" in str(flight.app._exit_renderables[0])
        assert flight.fake.wanted == []
    await until(lambda: flight.fake.readers == 0)


async def test_leaving_a_batch_that_is_over_says_how_it_ended() -> None:
    async with flying(FakeEngine(board_of(row("g/a", "succeeded"), state="done"))) as flight:
        await until(lambda: isinstance(flight.app.screen, Dialog))
        await flight.press("escape", "q")
        assert flight.app.return_value == "over"
        assert "night is done: 1 of 1 succeeded" in str(flight.app._exit_renderables[0])


async def test_stopping_ends_with_a_summary() -> None:
    async with flying() as flight:
        await flight.press("Q", "s")
        assert await flight.wanted() == [Stop(mode="stop")]
        await until(lambda: flight.app.link.state == "ended")
        await until(lambda: isinstance(flight.app.screen, Dialog))
        await flight.pilot.pause()
        assert "corebench-night: stopped" in flight.text()


async def test_a_theme_colors_every_line_anew() -> None:
    async with flying() as flight:
        before = flight.overview.tasks.render_line(3)
        await flight.press("t")
        after = flight.overview.tasks.render_line(3)
        assert before.text == after.text
        assert [part.style for part in before] != [part.style for part in after]


async def test_themes_go_round() -> None:
    async with flying() as flight:
        seen = [flight.app.theme]
        for _ in THEMES:
            await flight.press("t")
            seen.append(flight.app.theme)
        assert set(seen) == set(THEMES)
        assert seen[0] == seen[-1]


async def test_the_theme_is_remembered_or_that_it_is_not_is_said() -> None:
    kept: dict[str, str] = {}
    async with flying(settings=Settings(remember=kept.__setitem__)) as flight:
        await flight.press("t")
        assert kept == {"theme": flight.app.theme}

    def full(name: str, value: str) -> None:
        raise OSError(28, f"No space left for {name} {value}")

    async with flying(settings=Settings(remember=full, newcomer=True)) as flight:
        assert "greeted is not remembered" in await flight.said()
        await flight.press("t")
        await until(lambda: flight.app.said and "theme is not remembered" in flight.app.said[0])


async def test_no_color_takes_the_theme_without_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = program(engine())
    assert app.theme == "ansi-16"
    assert app.native_ansi_color


async def test_an_unknown_theme_is_none() -> None:
    app = program(engine(), theme="no such theme")
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.theme == "textual-dark"
