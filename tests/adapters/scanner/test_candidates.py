"""From candidates to matches."""

from supervisor.adapters.scanner.candidates import matches_in
from supervisor.adapters.scanner.confirming import Confirmer
from supervisor.core.rules import Rule
from supervisor.ports import Match


def test_only_what_is_confirmed() -> None:
    """Each pair once, by line and then by rule, whatever the order and number of candidates."""
    rules = (Rule(id="t.a", pattern="alpha"), Rule(id="t.b", pattern="be.{0,9}ta"))
    block = b"alpha\nbeta alpha\ngamma\n\nalpha\nbet ta\nbe far far far ta\n"
    candidates = [(29, 0), (5, 0), (10, 1), (16, 0), (16, 0), (36, 1), (53, 1), (12, 0)]
    found = matches_in(block, candidates, rules, Confirmer(rules))
    assert found == [
        Match(0, "t.a"),
        Match(1, "t.a"),
        Match(1, "t.b"),
        Match(4, "t.a"),
        Match(5, "t.b"),
    ]
    assert [(match.start, match.at) for match in found] == [
        (0, 5),
        (6, 6),
        (6, 4),
        (24, 5),
        (30, 6),
    ]
