"""Dispatch, and how little a reading command loads."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from supervisor.cli.command import Command
from supervisor.cli.commands import COMMANDS
from tests.cli.conftest import Night, Place, call

HEAVY = {
    "argparse",
    "asyncio",
    "collections",
    "dataclasses",
    "enum",
    "http.client",
    "importlib.metadata",
    "inspect",
    "json",
    "pathlib",
    "pydantic",
    "re",
    "rich",
    "selectors",
    "socket",
    "sqlite3",
    "subprocess",
    "textual",
    "typing",
    "urllib",
    "supervisor.core.models",
    "supervisor.ports",
}
PROBE = "import sys; from supervisor.cli.main import main; code = main(); print(*sys.modules, file=sys.stderr); sys.exit(code)"


@pytest.mark.parametrize("argv", [("status",), ("status", "--json"), ("failed",), ("ls",)])
async def test_reading_commands_load_little(night: Night, argv: tuple[str, ...]) -> None:
    root = str(Path(__file__).parents[2])
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-S", "-c", PROBE, *argv],
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not HEAVY & set(done.stderr.split())


def test_unknown_words_get_the_nearest(place: Place) -> None:
    said = call("statsu")
    assert (said.code, said.out) == (1, "")
    assert "did you mean status?" in said.err
    assert call("--nope").code == 1


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_help(command: Command) -> None:
    said = call(command.name, "--help")
    assert said.code == 0
    assert said.out.startswith(f"usage: overnight {command.name}")


def test_usage_errors_exit_1(place: Place) -> None:
    assert call("status", "--nope").code == 1
    assert call("run").code == 1
    assert call("why").code == 1


def test_too_many_words_are_named(place: Place) -> None:
    assert call("status", "a", "b").err.startswith("overnight: what is 'b'? overnight status")
    assert call("ls", "--", "x").err == "overnight: what is 'x'? overnight ls\n"


def test_help_after_the_dashes_belongs_to_the_command(place: Place) -> None:
    said = call("edit", "x", "--", "cmd", "--help")
    assert "usage:" not in said.out


async def test_the_batch_may_be_named_before_the_command(night: Night) -> None:
    assert (await night.overnight("-b", "night", "status")).code == 0
    assert (await night.overnight("-b", "nope", "status")).code == 1


def test_a_reader_that_has_seen_enough_is_no_error(place: Place) -> None:
    done = subprocess.run(
        f"{sys.executable} -c 'from supervisor.cli.main import main; raise SystemExit(main())' --help | true",
        shell=True,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


def test_an_interrupt_exits_130(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("supervisor.cli.ls.run", interrupted)
    assert call("ls").code == 130
