"""Completion scripts are made of the table, and shells can read them."""

import shutil
import subprocess

import pytest

from supervisor.cli.commands import COMMANDS
from supervisor.cli.completion import bash
from tests.cli.conftest import call

ASK = """
{script}
COMP_WORDS=({words}); COMP_CWORD={place}
_overnight
echo "${{COMPREPLY[@]}}"
"""


def complete(*words: str) -> list[str]:
    """Return what bash would offer for the last word."""
    quoted = " ".join(f'"{word}"' for word in words)
    asked = ASK.format(script=bash(), words=quoted, place=len(words) - 1)
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split()


def test_bash_offers_commands_and_flags() -> None:
    assert complete("overnight", "sta") == ["status"]
    assert complete("overnight", "re") == [
        "report",
        "resume",
        "release",
        "refresh",
        "reload",
        "retry",
    ]
    assert complete("overnight", "stop", "--d") == ["--drain", "--dry-run"]
    assert complete("overnight", "logs", "--std") == ["--stdout", "--stderr"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_can_read_them(shell: str) -> None:
    said = call("completion", shell)
    assert said.code == 0
    assert all(command.name in said.out for command in COMMANDS)
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=said.out, text=True, check=True)


def test_another_shell() -> None:
    assert "bash, zsh, fish" in call("completion", "tcsh").err
    assert call("completion").code == 1
