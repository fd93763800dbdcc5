"""The edited batch file is read by another process, whose words are all that comes back."""

import asyncio
import sys
from contextlib import aclosing
from pathlib import Path

import pytest

from supervisor.adapters.batch_file import ReadApart
from supervisor.ports import ConfigError
from tests.support import until


def script(text: str) -> list[str]:
    return [sys.executable, "-c", text]


async def faults(argv: list[str], *, timeout_s: float = 20.0) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as error:
        await ReadApart(argv, timeout_s=timeout_s).read()
    return tuple(error.value.problems)


async def test_a_good_file_says_nothing() -> None:
    await ReadApart(script("")).read()


async def test_its_faults_are_handed_on() -> None:
    argv = script("import json, sys; print(json.dumps(['x:1: a', 'x:2: b'])); sys.exit(1)")
    assert await faults(argv) == ("x:1: a", "x:2: b")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("raise SystemExit('no \\x1b[31msuch module')", "no such module"),
        ("print('{}'); raise SystemExit(1)", "exit 1"),
        ("import os; os.kill(os.getpid(), 9)", "exit -9"),
    ],
)
async def test_a_reader_that_breaks_is_told_as_such(text: str, words: str) -> None:
    assert await faults(script(text)) == (f"the batch file could not be read: {words}",)


async def test_a_reader_that_cannot_begin_or_hangs() -> None:
    assert "No such file" in (await faults(["/no/such/program"]))[0]
    (hung,) = await faults(script("import time; time.sleep(60)"), timeout_s=0.2)
    assert hung.endswith("not done after 0.2 s")


async def test_edits_are_told(tmp_path: Path) -> None:
    path = tmp_path / "night.yaml"
    asked: list[str] = []
    told: list[None] = []

    def paths() -> list[str]:
        asked.append("")
        return [str(path)]

    async def listen() -> None:
        async with aclosing(ReadApart([]).edited(paths)) as edits:
            async for edit in edits:
                told.append(edit)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(listen(), name="listen")
        await until(lambda: asked)
        path.write_text("run: x\n")
        await until(lambda: told)
        task.cancel()
