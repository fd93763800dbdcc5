"""From candidates to matches."""

import pytest

from supervisor.adapters.scanner.candidates import confirmed, searchable
from supervisor.adapters.scanner.plain import Confirmer
from supervisor.core.rules import Rule
from supervisor.ports import Match


@pytest.mark.parametrize(
    ("pattern", "easier"),
    [
        ("error.*", "error"),
        ("error.+?", "error"),
        (r"tail\.*", r"tail\.*"),
        ("a.{0,40}b", "a.*b"),
        ("a[^\\n]{1,9}b", "a.*b"),
        ("a.{0,40}", "a"),
        (r"a\.{0,4}b", r"a\.{0,4}b"),
        ("plain", "plain"),
    ],
)
def test_patterns_are_made_easier(pattern: str, easier: str) -> None:
    """Never so that a line would be missed."""
    assert searchable(pattern) == easier


def test_only_what_re_confirms() -> None:
    """Each pair once, in the order of lines, whatever the order and number of candidates."""
    rules = (Rule(id="t.a", pattern="alpha"), Rule(id="t.b", pattern="beta"))
    block = b"alpha\nbeta alpha\ngamma\nalpha\n"
    candidates = [(24, 0), (4, 0), (8, 1), (15, 0), (15, 1), (20, 1), (3, 0)]
    assert confirmed(rules, Confirmer(rules), block, candidates) == [
        Match(0, "t.a"),
        Match(1, "t.b"),
        Match(1, "t.a"),
        Match(3, "t.a"),
    ]
