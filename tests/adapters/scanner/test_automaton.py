"""The fallback for machines without hyperscan."""

from supervisor.adapters.scanner.automaton import Re2Scanner
from supervisor.core.rules import Rule
from supervisor.ports import Match


def test_a_line_longer_than_a_piece() -> None:
    """Pieces end at line ends; a long line is one piece."""
    scanner = Re2Scanner([Rule(id="t.a", pattern="alpha$")])
    block = b"x" * 50_000 + b"alpha\n" + b"y" * 20_000 + b"\nalpha\n"
    assert scanner.scan(block) == [Match(0, "t.a"), Match(2, "t.a")]


def test_white_space_is_what_re_takes_it_for() -> None:
    """Inside and outside of brackets, and its opposite."""
    rules = [Rule(id=f"t.{n}", pattern=p) for n, p in enumerate([r"a\sb", r"a[\s,]b", r"a\Sb"])]
    found = Re2Scanner(rules).scan(b"a\x0bb\na\\b\n")
    assert found == [Match(0, "t.0"), Match(0, "t.1"), Match(1, "t.2")]
