"""Many alternatives at once."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervisor.core.anyof import AnyOf

PATTERN = r"""(?i)
    \b(?:one|two)\b | \bthree   # a comment | with a bar
  | ^four | ^\s*[|(]five | \ssix | \s+seven | \s*eight\b
  | [|)\]]\snine | ten\|\# | (?:\beleven|x{2,3}(?-i:Y))$
"""
WORDS = ["one", "TWO", "three", "four", "|five", "six", "seven", "eight", "] nine", "ten|#", "xxY",
         "xxy", "eleven", " ", "  ", "a", "|", "# a comment", "with a bar"]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=6).map("".join))
def test_finds_what_re_finds(line: str) -> None:
    """Whatever the alternatives begin with."""
    assert AnyOf(PATTERN).found_in(line) == bool(re.search(PATTERN, line, re.VERBOSE))


@pytest.mark.parametrize(
    ("line", "found"), [("a FOUR", False), ("FOUR", True), ("ELEVEN", True), ("XXY", True)]
)
def test_case(line: str, found: bool) -> None:
    """Only where the pattern says so it does not matter."""
    assert AnyOf(PATTERN.replace("(?-i:Y)", "Y")).found_in(line) == found


def test_one_alternative_and_none_at_the_start() -> None:
    """It need not be many."""
    assert AnyOf("abc").found_in("xabc")
    assert not AnyOf("abc").found_in("ab")
    assert AnyOf(r"a\ b").found_in("a b")


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([*"\u017f\u0131\u0130\u212aksiKSI", "err", "ü", " "]), max_size=9).map(
        "".join
    )
)
def test_letters_that_only_re_folds(line: str) -> None:
    """A long s, a dotless i, the sign of Kelvin: they are rare, not an excuse."""
    pattern = r"(?i)\bkissi | sks | errki\b"
    assert AnyOf(pattern).found_in(line) == bool(re.search(pattern, line, re.VERBOSE))
