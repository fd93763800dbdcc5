"""Helper commands: what they say when they fail, and that none outlives its time."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from supervisor.adapters.commands import ShellCommands
from supervisor.adapters.local.procfs import command_line, processes
from supervisor.ports import Errand, Ran
from tests.support import until


async def run(command: str, cwd: Path, timeout_s: float = 20.0) -> str:
    return await ShellCommands().run(command, timeout_s=timeout_s, cwd=str(cwd))


async def test_what_works_says_nothing(tmp_path: Path) -> None:
    assert await run("echo fine; echo also fine >&2", tmp_path) == ""


async def test_it_runs_in_its_directory_with_nothing_to_read(tmp_path: Path) -> None:
    assert await run("cat; pwd > where", tmp_path) == ""
    assert (tmp_path / "where").read_text().strip() == str(tmp_path)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("exit 3", "exit 3"),
        (
            "echo first; echo 'AADSTS700082: expired' >&2; echo; exit 1",
            "exit 1: AADSTS700082: expired",
        ),
        ("printf 'half a line'; exit 2", "exit 2: half a line"),
        (r"printf '\033[31mred\033[0m\n'; exit 2", "exit 2: red"),
        ("kill -TERM $$", "ended by SIGTERM"),
        ("echo Authorization: Bearer abcdef123456; exit 1", "exit 1: Authorization: [redacted]"),
        ("no-such-command-here", "exit 127"),
    ],
)
async def test_a_failure_is_told_in_one_line(tmp_path: Path, command: str, words: str) -> None:
    told = await run(command, tmp_path)
    assert told.startswith(words)
    assert "\n" not in told


async def test_a_long_story_is_cut(tmp_path: Path) -> None:
    assert len(await run("head -c 100000 /dev/zero | tr '\\0' x; exit 1", tmp_path)) == 300


async def test_a_directory_that_is_gone_is_told(tmp_path: Path) -> None:
    assert "cannot be started" in await run("true", tmp_path / "gone")


async def ask(errand: Errand) -> tuple[Ran, list[str]]:
    said: list[str] = []
    return await ShellCommands().ask(errand, said.append), said


async def test_a_value_is_returned_and_never_shown(tmp_path: Path) -> None:
    run = "echo asking >&2; echo s3cret; [ -z $FAIL ] || exit 1"
    good = Errand(command=run, timeout_s=20, cwd=str(tmp_path), captures=True)
    ran, _ = await ask(good)
    assert (ran.cause, ran.code, ran.value, ran.output.strip()) == ("", 0, "s3cret", "asking")
    ran, _ = await ask(replace(good, env={"FAIL": "1"}))
    assert (ran.cause, ran.code, ran.value) == ("exit 1: asking", 1, "")


async def test_an_environment_that_cannot_be_is_told(tmp_path: Path) -> None:
    ran, _ = await ask(Errand(command="true", timeout_s=20, cwd=str(tmp_path), env={"A": "\0"}))
    assert "cannot be started" in ran.cause


async def test_what_it_asks_for_is_told_while_it_waits(tmp_path: Path) -> None:
    run = (
        r"printf '\033[33mopen https://microsoft.com/devicelogin\033[0m\n' >&2;"
        " until [ -e go ]; do sleep 0.05; done; echo token"
    )
    errand = Errand(command=run, timeout_s=20, cwd=str(tmp_path), captures=True)
    said: list[str] = []
    async with asyncio.TaskGroup() as group:
        task = group.create_task(ShellCommands().ask(errand, said.append))
        await until(lambda: said)
        (tmp_path / "go").touch()
    assert said == ["open https://microsoft.com/devicelogin"]
    assert task.result().value == "token"


def members(mark: str) -> list[int]:
    """Return the pids of what was started with ``mark`` in its arguments."""
    return [pid for pid in processes() if mark.encode() in command_line(pid)]


async def test_after_its_time_the_whole_session_is_gone(tmp_path: Path) -> None:
    mark = f"mark-{tmp_path.name}"
    command = f"sh -c 'trap : TERM; : {mark}; while :; do sleep 100; done' & sleep 100 # {mark}"
    told = await run(f"echo waiting for the browser; {command}", tmp_path, timeout_s=0.3)
    assert told == "not done after 0.3 s: waiting for the browser"
    await until(lambda: not members(mark))


async def test_a_daemon_left_behind_holds_nobody_up(tmp_path: Path) -> None:
    mark = f"mark-{tmp_path.name}"
    async with asyncio.timeout(10):
        assert await run(f"(sleep 15; : {mark}) & exit 0", tmp_path) == ""


async def test_cancelling_ends_the_command(tmp_path: Path) -> None:
    mark = f"mark-{tmp_path.name}"
    async with asyncio.TaskGroup() as group:
        task = group.create_task(run(f"sleep 100; : {mark}", tmp_path), name="command")
        await until(lambda: members(mark))
        task.cancel()
    assert not members(mark)
