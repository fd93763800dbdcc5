"""Rungs of a ladder: from start by factor down to the smallest value, and perhaps one more."""

import pytest

from supervisor.core.models import DegradePolicy
from supervisor.core.rungs import MOST_RUNGS, Rung, below, lowest, rungs_of, top, written

LADDER = DegradePolicy(knob="n", start=32)


@pytest.mark.parametrize(
    ("policy", "values"),
    [
        (LADDER, [32, 16, 8, 4, 2, 1]),
        (DegradePolicy(knob="n", start=10, factor=0.5, least=3), [10, 5, 3]),
        (DegradePolicy(knob="n", start=3, factor=0.9), [3, 2, 1]),
        (DegradePolicy(knob="n", start=1), [1]),
    ],
)
def test_rungs_shrink_to_the_least(policy: DegradePolicy, values: list[int]) -> None:
    assert [rung.value for rung in rungs_of(policy)] == values
    assert rungs_of(policy)[0] == top(policy)
    assert below(policy, rungs_of(policy)[-1]) is None


def test_the_last_rung_is_the_least_in_another_environment() -> None:
    policy = DegradePolicy(knob="n", start=2, env={"FORCE_CPU": "1", "A": "b"})
    first, least, last = rungs_of(policy)
    assert (least.value, least.last) == (1, False)
    assert last == Rung(knob="n", value=1, last=True)
    assert below(policy, last) is None
    assert [written(policy, rung) for rung in (first, least, last)] == [
        "n 2",
        "n 1",
        "n 1 with FORCE_CPU, A set",
    ]
    assert lowest(policy, least, last, first) == last


def test_the_lowest_counts_and_other_knobs_do_not() -> None:
    eight, other = Rung(knob="n", value=8), Rung(knob="m", value=1)
    assert lowest(LADDER, None, eight, other) == eight
    assert lowest(LADDER, Rung(knob="n", value=64)) == top(LADDER)
    assert lowest(LADDER) == top(LADDER)


def test_a_ladder_of_too_many_rungs_is_not_walked_to_its_end() -> None:
    assert len(rungs_of(DegradePolicy(knob="n", start=10**9, factor=0.999))) == MOST_RUNGS + 1
