"""The fallback for machines without hyperscan."""

import random

import pytest

from supervisor.adapters.scanner.automaton import Re2Scanner
from supervisor.adapters.scanner.plain import PatternError
from supervisor.core.rules import Rule
from supervisor.ports import Match


def test_long_lines() -> None:
    """They are searched like others."""
    scanner = Re2Scanner([Rule(id="t.a", pattern="alpha$")])
    block = b"x" * 50_000 + b"alpha\n" + b"y" * 20_000 + b"\nalpha\n"
    assert scanner.scan(block) == [Match(0, "t.a"), Match(2, "t.a")]


def test_white_space_is_what_re_takes_it_for() -> None:
    """Inside and outside of brackets, and its opposite."""
    rules = [Rule(id=f"t.{n}", pattern=p) for n, p in enumerate([r"a\sb", r"a[\s,]b", r"a\Sb"])]
    found = Re2Scanner(rules).scan(b"a\x0bb\na\\b\n")
    assert found == [Match(0, "t.0"), Match(0, "t.1"), Match(1, "t.2")]


def test_more_rules_than_fit_at_once() -> None:
    """All of them are searched for, in their order."""
    chance = random.Random(1)
    words = ["".join(chance.choices("abcdefghijklmnop", k=20)) for _ in range(9000)]
    rules = [Rule(id=f"t.{n}", pattern="|".join(words[n::9])) for n in range(9)]
    scanner = Re2Scanner([*rules, Rule(id="t.last", pattern="z$")])
    assert scanner.scan(f"{words[8]} {words[0]}z\nx\n{words[4]}\n".encode()) == [
        Match(0, "t.0"),
        Match(0, "t.8"),
        Match(0, "t.last"),
        Match(2, "t.4"),
    ]


def test_what_re2_does_not_take() -> None:
    """Another engine has to do."""
    with pytest.raises(PatternError, match=r"t\.ahead"):
        Re2Scanner([Rule(id="t.ahead", pattern="a(?=b)")])
