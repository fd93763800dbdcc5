"""What a line must contain to match a pattern."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervisor.core.required import cost_us, required

PARTS = ["ab", "c", r"\.", r"d?", "e+", "f{2}", "g{0,2}", "h{1,}", "[ij]", r"\b", r"\s", r"\ ", "^", "$",
         "k*?", ".", "(?:lm|no)", "(?:p|q)?", "(?=r)", "(?!s)", "(?<=t)", "(uv)", "(?-i:W)", "|",
         "(?:x(?:y|zz)+|ab)", r"\#", " ", "# never | mind\n"]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (r"\bfoo\b", {"foo"}),
        (r"(?:foo|bar)\s\d+", {"foo", "bar"}),
        (r"foo | bar  # or baz", {"foo", "bar"}),
        (r"fo+o\ b", {"o b"}),
        (r"ba?r{2}", {"rr"}),
        (r"\.(?:to_owned|into)\(", {"to_owned", "into"}),
        (r"(?:foo)?(?=bar)x", {"x"}),
        (r"(?P<name>foo)|bar", {"foo", "bar"}),
        (r"(?-i:Foo)", {"Foo"}),
        (r"(?<!not\ )foo", {"foo"}),
    ],
)
def test_literals(pattern: str, literals: set[str]) -> None:
    """Of several that are required the one that is seen least by chance."""
    assert required(pattern) == literals


@pytest.mark.parametrize(
    "pattern",
    [r"\d+", "(?:foo)?", "a|", r"\x41", r"(foo)\1", "(?i:foo)", "(?(1)a|b)", "{foo", "foo{x}", ""],
)
def test_nothing_is_known(pattern: str) -> None:
    """Then a pattern has to be searched for itself."""
    assert required(pattern) is None


def test_long_literals_are_cheap() -> None:
    """They are seldom there by chance."""
    assert cost_us(frozenset({"isinstance"})) < cost_us(frozenset({"is"}))
    assert cost_us(frozenset({"==="})) < cost_us(frozenset({"the"}))


@settings(deadline=None, max_examples=400)
@given(
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map("".join),
    st.lists(st.sampled_from("abcdefghijklmnopqrstuvWxyz. #"), max_size=12).map("".join),
)
def test_every_match_contains_one(pattern: str, line: str) -> None:
    """Whatever a pattern is made of."""
    found = re.search(pattern, line, re.VERBOSE)
    literals = required(pattern)
    if found is not None and literals is not None:
        assert any(literal in line for literal in literals)
