"""The table has every command that was promised, and each has its module."""

import ast
from pathlib import Path

import pytest

import supervisor.cli
from supervisor.cli.command import Command
from supervisor.cli.commands import BY_NAME, COMMANDS

PROMISED = [
    "run",
    "attach",
    "ls",
    "wait",
    "status",
    "failed",
    "why",
    "logs",
    "containers",
    "report",
    "pause",
    "resume",
    "release",
    "freeze",
    "thaw",
    "parallel",
    "refresh",
    "reload",
    "add",
    "edit",
    "first",
    "kill",
    "cancel",
    "retry",
    "kill-container",
    "sweep",
    "watch",
    "stop",
    "check",
    "init",
    "schema",
    "keys",
    "doctor",
    "scan",
    "rules",
    "notify",
    "clean",
    "save",
    "demo",
    "kit",
    "completion",
]

READING = {"ls", "wait", "status", "failed", "why", "logs", "containers", "report", "rules"}
FOLDER = Path(next(iter(supervisor.cli.__path__)))


def test_every_promised_command_is_there_once() -> None:
    assert [command.name for command in COMMANDS] == PROMISED
    assert len(BY_NAME) == len(COMMANDS)


def test_reading_commands_have_json() -> None:
    assert {command.name for command in COMMANDS if command.reads} == READING
    for command in COMMANDS:
        names = {flag.name for flag in command.flags}
        assert not command.reads or "json" in names
        assert not command.batch or "batch" in names


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_has_a_module_with_run(command: Command) -> None:
    tree = ast.parse((FOLDER / f"{command.module}.py").read_text())
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert "run" in functions


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_flags_are_unambiguous(command: Command) -> None:
    names = [flag.name for flag in command.flags]
    letters = [flag.letter for flag in command.flags if flag.letter]
    assert len(set(names)) == len(names)
    assert len(set(letters)) == len(letters)
    assert "help" not in names
    assert "h" not in letters
