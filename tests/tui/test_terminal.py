from typing import Any

import pytest

from supervisor.tui.app import OvernightApp
from supervisor.tui.settings import Settings
from tests.support import until
from tests.tui.piloting import program
from tests.tui.scene import engine


async def test_a_fault_is_told_in_two_lines_and_in_full_in_a_file() -> None:
    told: list[str] = []

    def log_fault(text: str) -> str:
        told.append(text)
        return "/state/screen.log"

    app = program(engine(), settings=Settings(log_fault=log_fault))
    left: list[str] = []
    with pytest.raises(ZeroDivisionError):
        await _failing(app, left)
    (words,) = left
    assert "The screen failed: ZeroDivisionError" in words
    assert "corebench-night runs on without this screen" in words
    assert "Told in full in /state/screen.log" in words
    assert "Traceback" in told[0]
    assert "abcdefgh12345678" not in words + told[0]


async def test_a_fault_of_the_reader_of_keys_is_told_too() -> None:
    app = program(engine(), settings=Settings(log_fault=lambda _: "/state/screen.log"))
    async with app.run_test():
        await until(lambda: app.board.connected)
        app.panic("no keys any more")
        assert "/state/screen.log" in str(app._exit_renderables[0])


async def test_where_nothing_can_be_written_all_is_told_at_once() -> None:
    app = program(engine())
    async with app.run_test():
        app.panic("all of it")
        found: Any = app._exit_renderables[0]
        assert "all of it" in "".join(part.text for part in found.segments)


async def test_without_a_terminal_none_is_lost() -> None:
    app = program(engine())
    async with app.run_test():
        assert not app.lost_terminal()


async def _failing(app: OvernightApp, left: list[str]) -> None:
    def fail() -> None:
        raise ZeroDivisionError("token=abcdefgh12345678 is at fault")

    async with app.run_test():
        await until(lambda: app.board.connected)
        app.call_later(fail)
        await until(lambda: app._exit_renderables)
        left += [str(one) for one in app._exit_renderables]
