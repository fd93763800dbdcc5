"""``parallel`` as a range, and ``inner``: a knob inside of each runner."""

import pytest

from supervisor.config.effective import effective
from supervisor.core.models import InnerPolicy
from tests.config.conftest import Loader, Refusals


def test_the_range_of_the_contract(loaded: Loader) -> None:
    spec = loaded("parallel: 1..5\nrun: x")
    assert (spec.parallel, spec.groups[0].parallel, spec.groups[0].parallel_least) == (5, 5, 1)
    assert effective(spec)["groups"]["night"]["parallel"] == "1..5, as rate limits allow"
    for text in ("3", "3..3"):
        group = loaded(f"parallel: {text}\nrun: x").groups[0]
        assert (group.parallel, group.parallel_least) == (3, None)


def test_the_knob_of_the_contract(loaded: Loader) -> None:
    spec = loaded(
        """
        run: x --max-parallel-capsules {capsules}
        inner: {knob: capsules, start: 20, min: 1, apply: restart}
        """
    )
    assert spec.groups[0].inner == InnerPolicy(knob="capsules", start=20)
    assert effective(spec)["groups"]["night"]["inner"] == {
        "knob": "capsules",
        "start": 20,
        "min": 1,
        "apply": "restart, which asks",
    }


def test_by_command_or_file_and_the_defaults_of_the_top(loaded: Loader) -> None:
    spec = loaded(
        """
        inner: {knob: n_samples, start: 10, min: 2, apply: {run: "ctl --max {n}", timeout: 5s}}
        groups:
          g: {run: x, inner: {start: 8}}
          h: {run: y, inner: {apply: file}}
        """
    )
    told = InnerPolicy(
        knob="n_samples", start=8, least=2, apply="run", run="ctl --max {n}", timeout_s=5.0
    )
    assert spec.groups[0].inner == told
    assert spec.groups[1].inner == InnerPolicy(knob="n_samples", start=10, least=2, apply="file")
    shown = effective(spec)["groups"]
    assert shown["g"]["inner"]["apply"] == "ctl --max {n} (at most 5s)"
    assert shown["h"]["inner"]["apply"] == "file"


@pytest.mark.parametrize(
    ("inner", "fault"),
    [
        ("{start: 4}", "inner.knob is missing: the name of what is turned, such as capsules"),
        ("{knob: k}", "inner.start is missing: what runners begin with, such as 20"),
        ("{knob: k, start: 4, min: 8}", "inner.min is above start, 4"),
        (
            "{knob: parallel, start: 4}",
            "inner.knob: 'parallel' means how many tasks run; give it another name",
        ),
        (
            "{knob: task, start: 4}",
            "inner.knob: 'task' means the attempt itself; give it another name",
        ),
        ("{knob: M, start: 4}", "inner.knob: 'M' and the value 'm' would be one variable"),
        ("{knob: bs, start: 4}", "inner.knob: 'bs' is the knob of degrade; one cannot be both"),
        ("{knob: k, start: 4, apply: ask}", "inner.apply: expected restart or file, found 'ask'"),
        ("{knob: k, start: 4, apply: {}}", "inner.apply.run is missing"),
        (
            "{knob: k, start: 4, apply: {run: ctl}}",
            "inner.apply.run has no {n}: where the new number goes",
        ),
        (
            '{knob: k, start: 4, apply: {run: "ctl {n}"}}',
            "inner.apply.run: takes {n} for the new number; call the value n otherwise",
        ),
    ],
)
def test_faults(refusals: Refusals, inner: str, fault: str) -> None:
    text = f"run: x\ninner: {inner}\ndegrade: {{knob: bs, start: 2}}\nfor: {{m: [a], n: [b]}}\n"
    assert f"night.yaml:2: {fault}" in refusals(text)


def test_a_fault_in_a_group_is_told_there(refusals: Refusals) -> None:
    text = "inner: {knob: k}\ngroups:\n  g: {run: x}\n  h: {run: y, inner: {min: 2}}\n"
    assert refusals(text) == [
        "night.yaml:1: inner.start is missing: what runners begin with, such as 20",
        "night.yaml:4: groups.h.inner.start is missing: what runners begin with, such as 20",
    ]


def test_a_file_of_ours_is_not_seen_in_a_container(refusals: Refusals) -> None:
    text = "run: x\nimage: my/eval:1\ninner: {knob: k, start: 4, apply: file}\n"
    assert refusals(text) == [
        "night.yaml:3: inner.apply is file, which lies outside of the task's container; restart works"
    ]
