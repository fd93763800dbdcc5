"""Help and version."""

from importlib.metadata import version

import pytest

from supervisor.cli.about import overview
from supervisor.cli.commands import COMMANDS
from tests.cli.conftest import call


def test_the_overview_has_every_command_on_one_line() -> None:
    lines = overview().splitlines()
    for command in COMMANDS:
        assert any(line.split()[:1] == [command.name] for line in lines)
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize("word", ["--help", "-h", "help"])
def test_the_page(word: str) -> None:
    assert call(word).out.strip() == overview()


def test_a_topic() -> None:
    said = call("help", "logs")
    assert "-f, --follow" in said.out
    assert "--attempt N" in said.out
    assert call("help", "lgos").err == "overnight: unknown command lgos; did you mean logs?\n"


def test_the_version() -> None:
    assert call("--version").out == f"overnight {version('overnight')}\n"
