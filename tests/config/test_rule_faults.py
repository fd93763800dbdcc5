"""What is wrong with an entry of a pack."""

import pytest

from supervisor.config.rule_faults import alternatives, faults


def test_a_good_entry() -> None:
    """Nothing is wrong with it."""
    entry = {"id": "a.b", "class": "auth", "pattern": ["no", "(?i:nope)"], "matches": ["no"]}
    assert list(faults(entry)) == []


def test_an_operator_needs_no_samples_and_may_switch_off() -> None:
    """Those who write packs for others must show what a rule is for."""
    assert list(faults({"id": "a.b", "pattern": "no"}, own=True)) == []
    assert list(faults({"id": "a.b", "enabled": "false"}, own=True)) == []
    assert list(faults({"id": "a.b", "pattern": "no"})) == ["a.b: matches needs at least one line"]
    off = {"id": "a.b", "pattern": "no", "matches": ["no"], "enabled": "false"}
    assert list(faults(off)) == ["a.b: enabled is for the packs of operators; take the rule out"]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(?s)a.b", "sets a flag other than i"),
        ("(?-x:a)", "sets a flag other than i"),
        ("(a)\\1", "refers back"),
        ("x*", "matches an empty line"),
    ],
)
def test_patterns_that_engines_read_differently(pattern: str, words: str) -> None:
    """They are refused, not guessed."""
    assert words in "\n".join(faults({"id": "a.b", "pattern": pattern}, own=True))


def test_a_list_of_patterns_means_any_of_them() -> None:
    """One text stays as it is."""
    assert alternatives(["a", "b"]) == "a|b"
    assert alternatives("a") == "a"
