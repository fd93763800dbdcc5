"""``overnight wait`` blocks, and exits as the batch ended."""

import asyncio
import json

import pytest

from tests.cli.conftest import Night, Said
from tests.fakes.engine import board_of, row
from tests.support import until


async def waited(night: Night, *rows: object, state: str, **head: object) -> Said:
    night.engine.board = board_of(row("g/a", "running"))
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(night.overnight("wait"))
        await until(lambda: night.engine.readers)
        await night.engine.show(*rows, state=state, **head)  # type: ignore[arg-type]
    return waiting.result()


@pytest.mark.parametrize(
    ("phases", "state", "code"),
    [
        (("succeeded", "succeeded"), "done", 0),
        (("succeeded", "waiting"), "done", 0),
        (("succeeded", "failed"), "done", 1),
        (("succeeded", "aborted"), "done", 1),
        (("succeeded", "cancelled"), "done", 1),
        (("failed", "waiting"), "stopped", 130),
    ],
)
async def test_exit_codes(night: Night, phases: tuple[str, str], state: str, code: int) -> None:
    rows = (row("g/a", phases[0]), row("g/b", phases[1], error_class="auth"))
    said = await waited(night, *rows, state=state)
    assert said.code == code
    assert said.out.startswith("night: ")


async def test_json_is_the_status(night: Night) -> None:
    night.engine.board = board_of(row("g/a", "succeeded"), state="done")
    said = await night.overnight("wait", "night", "--json")
    assert json.loads(said.out)["state"] == "done"
    assert said.code == 0


async def test_an_engine_that_leaves_its_tasks_ends_the_wait(night: Night) -> None:
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(night.overnight("wait"))
        await until(lambda: night.engine.readers)
        await night.engine.end()
    assert waiting.result().code == 1
    assert "unfinished and no engine runs it" in waiting.result().err


async def test_a_run_whose_time_was_up_is_unfinished_for_a_limit(night: Night) -> None:
    rows = (row("g/a", "succeeded"), row("g/b", "waiting"))
    said = await waited(night, *rows, state="stopped", time_up=True)
    assert said.code == 2
