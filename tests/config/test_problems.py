"""Faults with file, line and place, in the order of the file."""

import pytest

from supervisor.config.problems import Problems, dotted, listed, nearest
from supervisor.config.source import read
from supervisor.ports import ConfigError

TEXT = "a: 1\ngroups:\n  g:\n    run: x\n    tasks:\n      - id: b\n"


def messages(problems: Problems) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as error:
        problems.check()
    return error.value.problems


def test_faults_are_sorted_by_line_and_told_once() -> None:
    problems = Problems(read(TEXT, "f"))
    problems.add(("groups", "g", "tasks", 0, "id"), "bad")
    problems.add(("a",), "is worse")
    problems.add(("a",), "is worse")
    problems.add((), "whole")
    assert messages(problems) == ("f:1: a is worse", "f:1: whole", "f:6: groups.g.tasks[0].id: bad")


def test_nothing_wrong_raises_nothing() -> None:
    Problems(read(TEXT, "f")).check()


def test_what_may_follow_from_another_fault_is_not_told() -> None:
    problems = Problems(read(TEXT, "f"))
    problems.spoil(("groups", "g", "run"), "bad")
    problems.suspect(("groups", "g"), "has no run")
    problems.suspect(("groups", "g", "tasks", 0), "has no run")
    problems.suspect(("a",), "other")
    assert messages(problems) == ("f:1: a: other", "f:4: groups.g.run: bad")


def test_an_unknown_key_at_the_top_hides_nothing() -> None:
    problems = Problems(read(TEXT, "f"))
    problems.spoil(("a",), "unknown key")
    problems.suspect(("groups", "g"), "has no run")
    assert len(messages(problems)) == 2


def test_a_flood_is_cut() -> None:
    problems = Problems(read(TEXT, "f"))
    for number in range(150):
        problems.add(("a",), f"fault {number}")
    assert len(messages(problems)) == 101
    assert messages(problems)[-1] == "… and 50 more"


def test_words() -> None:
    assert dotted(("groups", "g", "tasks", 0, "run")) == "groups.g.tasks[0].run"
    assert dotted(()) == ""
    assert nearest("attemptss", ["attempts", "base"]) == ', did you mean "attempts"?'
    assert nearest("zzz", ["attempts"]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b or c"
