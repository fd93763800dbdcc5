"""Long runs of one character."""

import re

from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.runs import cut_runs


def test_runs_are_cut_to_four() -> None:
    """Seven of one character stay, eight do not."""
    assert cut_runs("") == ""
    assert cut_runs("=======" + "-" * 8 + "x") == "=======----x"
    assert cut_runs("é" * 9 + "a") == "éééé" + "a"


@given(
    st.lists(
        st.tuples(st.sampled_from("a=- \t\0é│"), st.integers(1, 10)).map(lambda p: p[0] * p[1]),
        max_size=6,
    ).map("".join)
)
def test_cuts_what_re_cuts(text: str) -> None:
    """Wherever a run lies."""
    assert cut_runs(text) == re.sub(r"(.)\1{7,}", r"\1\1\1\1", text)
