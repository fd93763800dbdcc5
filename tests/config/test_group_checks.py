"""Faults of policies are told where the policy was written."""

from tests.config.conftest import Refusals


def test_a_policy_of_the_top_is_told_there_once_and_one_of_the_group_in_it(
    refusals: Refusals,
) -> None:
    text = (
        "breaker: {per: m}\ndegrade: {knob: a}\ninner: {knob: b}\ngroups:\n"
        "  g: {run: x}\n  h: {run: y, breaker: {per: k}}\n"
    )
    assert refusals(text) == [
        "night.yaml:1: breaker.per: 'm' is no key under `for` of g/x",
        "night.yaml:2: degrade.start is missing: what tasks begin with, such as 32",
        "night.yaml:3: inner.start is missing: what runners begin with, such as 20",
        "night.yaml:6: groups.h.breaker.per: 'k' is no key under `for` of h/y",
    ]
