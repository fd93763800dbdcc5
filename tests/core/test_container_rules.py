"""Which containers a pattern means."""

from dataclasses import replace

import pytest

from supervisor.core.container_rules import ContainerRules, combined, filled, matches, written
from supervisor.core.containers import Container, Sentinels

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


def test_the_group_s_own_word_comes_first() -> None:
    profile = ContainerRules(name=("hal-*",), sentinels=Sentinels(id_file="/i"), dead_after_s=60.0)
    assert combined(None, profile) == profile
    assert combined(profile, None) == profile
    assert combined(None, None) is None
    own = combined(ContainerRules(name=("my-*",)), profile)
    assert own == replace(profile, name=("my-*",))
    later = ContainerRules(dead_after_s=5.0, sentinels=Sentinels(workspace="/w"))
    assert combined(later, profile) == replace(
        profile, sentinels=Sentinels(workspace="/w"), dead_after_s=5.0
    )


def test_in_words() -> None:
    assert written(ContainerRules(name=("a", "b"), image=("i",), sentinels=Sentinels())) == (
        "name a or b, image i"
    )
