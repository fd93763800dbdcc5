"""Hints for mistyped words."""

from supervisor.cli.nearest import hint


def test_hints() -> None:
    assert hint("statsu", ["stop", "status"]) == "; did you mean status?"
    assert hint("xyz", ["stop", "status"]) == ""
