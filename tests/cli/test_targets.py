"""Patterns and the tasks they mean."""

import pytest

from supervisor.cli.targets import matching
from supervisor.cli.words import CommandError

DOCUMENT = {"tasks": [{"task": name} for name in ("g/a", "g/b-1", "g/b-2", "h/a", "h/c")]}


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        (["g/a"], ["g/a"]),
        (["c"], ["h/c"]),
        (["g"], ["g/a", "g/b-1", "g/b-2"]),
        (["*/b-*"], ["g/b-1", "g/b-2"]),
        (["h/c", "h", "g/b-1"], ["h/c", "h/a", "g/b-1"]),
    ],
)
def test_what_they_mean(patterns: list[str], names: list[str]) -> None:
    assert [task["task"] for task in matching(DOCUMENT, patterns)] == names


def test_what_they_do_not() -> None:
    with pytest.raises(CommandError, match="a is in several groups: g/a, h/a"):
        matching(DOCUMENT, ["a"])
    with pytest.raises(CommandError, match=r"no task g/b-3; did you mean g/b-\d\?"):
        matching(DOCUMENT, ["g/b-3"])
