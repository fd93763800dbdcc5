"""Regular expressions that are compiled late."""

import re

import pytest

from supervisor.core.patterns import Pattern


def test_it_finds_what_the_compiled_one_finds() -> None:
    """Anywhere, at a place, all of it, each of them."""
    pattern = Pattern("a(b)", re.IGNORECASE)
    found = pattern.search("xAB")
    assert found is not None
    assert found.span() == (1, 3)
    assert pattern.match("xab") is None
    assert pattern.match("xab", 1) is not None
    assert pattern.fullmatch("ab") is not None
    assert [one.start() for one in pattern.finditer("ab AB")] == [0, 3]
    assert pattern.compiled is pattern.compiled


def test_it_is_compiled_no_sooner_than_it_is_used() -> None:
    """A wrong one is noticed then."""
    pattern = Pattern("(")
    with pytest.raises(re.error):
        pattern.search("x")
