"""The last word about a candidate."""

import sys

import pytest

from supervisor.adapters.scanner.confirming import Confirmer, linear_searcher, searcher
from supervisor.core.rules import Rule


def test_one_line_and_one_rule() -> None:
    """Where the fast engine searched for something wider."""
    rules = [Rule(id="t.a", pattern="alpha"), Rule(id="t.b", pattern=r"a.{0,9}z\s+$")]
    confirmer = Confirmer(rules)
    assert confirmer.confirms(1, b"a to z\x0b ")
    assert not confirmer.confirms(1, b"a word or two before z ")


def test_what_the_fast_engine_found_for_certain_is_not_searched_again() -> None:
    """It would only cost time."""
    assert Confirmer([Rule(id="t.a", pattern="alpha")]).confirms(0, b"whatever")


@pytest.mark.parametrize("without_re2", [False, True])
def test_both_ways_agree(without_re2: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """With re2, and with what Python brings."""
    if without_re2:
        monkeypatch.setitem(sys.modules, "re2", None)
        assert linear_searcher("a") is None
    search = searcher(r"Café\s[^x]{1,9}\.$")
    assert search("un café\x0bnoir.".encode())
    assert not search("un cafÉ noir.".encode())
    assert not search("café nox.".encode())


def test_patterns_beyond_re2() -> None:
    """It says so; who asks has to find another way."""
    assert linear_searcher("a(?=b)") is None


def test_a_pattern_that_would_hang_does_not() -> None:
    """What takes ``re`` longer than the universe is old."""
    search = linear_searcher(r"(a+)+x{0,9}$")
    assert search is not None
    assert not search(b"a" * 5000 + b"!")
