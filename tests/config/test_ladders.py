"""``degrade``: a knob and its ladder."""

import pytest

from supervisor.config.effective import effective
from supervisor.core.models import DegradePolicy, ErrorClass
from tests.config.conftest import Loader, Refusals


def test_the_ladder_of_the_contract(loaded: Loader) -> None:
    spec = loaded(
        """
        run: x --bs {batch_size}
        degrade: {after: [cuda_oom, cuda_error], knob: batch_size, start: 32, factor: 0.5, min: 1, then: fail}
        """
    )
    assert spec.groups[0].degrade == DegradePolicy(knob="batch_size", start=32)
    assert effective(spec)["groups"]["night"]["degrade"] == {
        "after": ["cuda_oom", "cuda_error"],
        "rungs": [f"batch_size {n}" for n in (32, 16, 8, 4, 2, 1)],
        "then": "fail",
    }


def test_a_last_environment_and_the_defaults_of_the_top(loaded: Loader) -> None:
    spec = loaded(
        """
        degrade: {after: host_oom, knob: n, start: 8, min: 4, factor: .25, then: {env: {CPU: 1}}}
        groups:
          g: {run: x, degrade: {start: 6}}
          h: {run: y}
        """
    )
    least = DegradePolicy(
        knob="n",
        start=6,
        after=(ErrorClass.HOST_OOM,),
        factor=0.25,
        least=4,
        env={"CPU": "1"},
    )
    assert spec.groups[0].degrade == least
    assert spec.groups[1].degrade is not None
    assert spec.groups[1].degrade.start == 8
    assert effective(spec)["groups"]["g"]["degrade"]["rungs"][-1] == "n 4 with CPU set"


def test_no_ladder_is_none(loaded: Loader) -> None:
    spec = loaded("run: x")
    assert spec.groups[0].degrade is None
    assert effective(spec)["groups"]["night"]["degrade"] == "off"


@pytest.mark.parametrize(
    ("ladder", "fault"),
    [
        (
            "{start: 4}",
            "degrade.knob is missing: the name of what is turned down, such as batch_size",
        ),
        ("{knob: n}", "degrade.start is missing: what tasks begin with, such as 32"),
        ("{knob: n, start: 4, min: 8}", "degrade.min is above start, 4"),
        (
            "{knob: n, start: 100000, factor: 0.99}",
            "degrade.factor: makes more than 50 rungs; a smaller one makes fewer",
        ),
        (
            "{knob: task, start: 4}",
            "degrade.knob: 'task' means the attempt itself; give it another name",
        ),
        (
            "{knob: M, start: 4}",
            "degrade.knob: 'M' and the value 'm' would be one variable",
        ),
        (
            "{knob: n, start: 4, factor: 1}",
            "degrade.factor: expected a number between 0 and 1 such as 0.5, found '1'",
        ),
        (
            "{knob: a-b, start: 4}",
            "degrade.knob: 'a-b' is no name of a knob: letters, digits and _ only",
        ),
        ("{knob: n, start: 4, then: retry}", "degrade.then: expected fail, found 'retry'"),
        ("{knob: n, start: 4, then: {}}", "degrade.then.env is missing"),
        (
            "{knob: n, start: 4, after: [auth]}",
            "degrade.after[0]: expected cuda_oom, cuda_error or host_oom, found 'auth'",
        ),
    ],
)
def test_faults(refusals: Refusals, ladder: str, fault: str) -> None:
    assert f"night.yaml:2: {fault}" in refusals(f"run: x\ndegrade: {ladder}\nfor: {{m: [a]}}\n")


def test_a_fault_in_a_group_is_told_there(refusals: Refusals) -> None:
    text = "degrade: {knob: n}\ngroups:\n  g: {run: x}\n  h: {run: y, degrade: {min: 2}}\n"
    assert refusals(text) == [
        "night.yaml:1: degrade.start is missing: what tasks begin with, such as 32",
        "night.yaml:4: groups.h.degrade.start is missing: what tasks begin with, such as 32",
    ]
