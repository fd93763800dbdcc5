"""The scanner that defines what is right."""

from supervisor.adapters.scanner.plain import ReScanner, compiled
from supervisor.core.rules import Rule
from supervisor.ports import Match

RULES = (Rule(id="t.a", pattern="alpha"), Rule(id="t.b", pattern=r"\bbeta$"))


def test_every_line_and_rule() -> None:
    """In the order of lines, then of rules."""
    found = ReScanner(RULES).scan(b"ALPHA beta\nnothing\nalpha\nbeta \n")
    assert found == [Match(0, "t.a"), Match(0, "t.b"), Match(2, "t.a")]
    assert [(match.start, match.at) for match in found] == [(0, 5), (0, 10), (19, 5)]


def test_bytes_that_are_no_text() -> None:
    """Letters beyond ASCII match only as they are written."""
    assert compiled(Rule(id="t.c", pattern="café")).search("un café".encode())
    assert not compiled(Rule(id="t.c", pattern="café")).search(b"caf\xe9")
