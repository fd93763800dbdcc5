"""Answers of a container engine, whole or not."""

from typing import Any

from supervisor.adapters.containers.answers import entries, part

SAID: dict[str, Any] = {"a": {"b": {"c": 1}}, "null": None, "list": [1], "text": "x"}


def test_what_is_there() -> None:
    assert part(SAID, "a", "b") == {"c": 1}
    assert entries(SAID, "list") == [1]


def test_what_is_missing_null_or_of_another_kind_is_empty() -> None:
    assert part(SAID, "null") == part(SAID, "none", "b") == part(SAID, "text") == {}
    assert entries(SAID, "null") == entries(SAID, "none") == entries(SAID, "a") == ()
