"""Which containers a pattern means."""

import pytest

from supervisor.core.container_rules import ContainerRules, filled, matches
from supervisor.core.containers import Container

ONE = Container(
    id="a",
    name="sweb.eval.django__django-1.night",
    image="swebench/sweb.eval.x86_64:latest",
    labels={"team": "evals", "com.docker.compose.project": "p1"},
    created_at=0,
    status="running",
    project="p1",
)


@pytest.mark.parametrize(
    ("rules", "fits"),
    [
        (ContainerRules(), False),
        (ContainerRules(name=("agentrun--*",)), False),
        (ContainerRules(name=("agentrun--*", "sweb.eval.*")), True),
        (ContainerRules(image=("swebench/*",)), True),
        (ContainerRules(name=("sweb.*",), image=("other/*",)), False),
        (ContainerRules(label=("team",)), True),
        (ContainerRules(label=("team=eval*",)), True),
        (ContainerRules(label=("team=train",)), False),
        (ContainerRules(label=("absent",)), False),
        (ContainerRules(project=("p?",)), True),
        (ContainerRules(project=("q*",)), False),
    ],
)
def test_every_kind_of_pattern_that_is_given_must_fit(rules: ContainerRules, fits: bool) -> None:
    assert matches(rules, ONE) is fits


def test_names_are_filled_in_before_anything_is_matched() -> None:
    rules = ContainerRules(name=("sweb.eval.*.{run_id}",), label=("run={run_id}",))
    assert matches(filled(ContainerRules(name=rules.name), {"run_id": "night"}), ONE)
    assert not matches(filled(ContainerRules(name=rules.name), {"run_id": "day"}), ONE)
    assert filled(rules, {"run_id": "day"}).label == ("run=day",)
