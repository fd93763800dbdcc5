"""Whose containers are. Nothing that only looks like ours may be called ours."""

from dataclasses import replace

import pytest

from supervisor.core.container_rules import ContainerRules
from supervisor.core.containers import Container
from supervisor.core.names import TaskId
from supervisor.core.ownership import Evidence, Life, Maker, Owner, owner, strange

RULES = ContainerRules(name=("agentrun--*",))
A, B = TaskId("hal/a"), TaskId("hal/b")


def life(task: TaskId = A, start: float = 100.0, end: float | None = None, *names: str) -> Life:
    return Life(
        group="hal",
        task=task,
        attempt=1,
        rules=RULES,
        started_at=start,
        ended_at=end,
        names=frozenset(names),
    )


def made(
    at: float = 150.0, *, name: str = "agentrun--x", id_: str = "1", **labels: str
) -> Container:
    keys = {f"overnight.{key}": value for key, value in labels.items()}
    return Container(id=id_, name=name, image="hal", created_at=at, status="running", labels=keys)


EVIDENCE = Evidence(uuid="u", lives=(life(),), patterns=(("hal", RULES),))


def judged(container: Container, evidence: Evidence = EVIDENCE) -> Owner:
    return owner(container, evidence)


def test_our_label_proves_it() -> None:
    one = judged(made(1.0, name="any", batch="u", group="g", task="g/t", attempt="2"))
    assert (one.owned, one.group, one.task, one.attempt) == (True, "g", "g/t", 2)


def test_the_label_of_another_batch_is_never_ours() -> None:
    assert not judged(made(batch="v", task="hal/a")).owned


def test_what_was_seen_to_make_it_proves_it() -> None:
    maker = Maker(task=B, attempt=1, how="a docker client of this attempt made it")
    one = judged(made(), replace(EVIDENCE, makers={"1": maker}, strangers=True))
    assert (one.owned, one.task, one.proof) == (True, B, maker.how)


def test_who_was_seen_to_be_somebody_else_outweighs_the_time() -> None:
    one = judged(made(), replace(EVIDENCE, makers={"1": Maker(task=None)}))
    assert (one.owned, one.group, one.task) == (False, "hal", None)


def test_a_compose_project_belongs_to_whoever_runs_it() -> None:
    container = replace(made(name="inspect-x-main-1"), project="inspect-x")
    maker = Maker(task=A, attempt=3, how="docker compose of this attempt runs its project")
    one = judged(container, replace(EVIDENCE, projects={"inspect-x": maker}))
    assert (one.owned, one.group, one.task, one.attempt) == (True, "hal", A, 3)


def test_made_within_exactly_one_life() -> None:
    assert judged(made()).owned
    assert judged(made(99.5)).owned, "the engine may tell whole seconds only"
    assert not judged(made(98.0)).owned
    two = replace(EVIDENCE, lives=(life(), life(B, 120.0)))
    assert judged(made(110.0), two).task == A
    both = judged(made(150.0), two)
    assert (both.owned, both.group) == (False, "hal")
    over = replace(EVIDENCE, lives=(life(end=140.0),))
    assert not judged(made(150.0), over).owned


def test_where_others_make_the_like_the_time_proves_nothing() -> None:
    assert not judged(made(), replace(EVIDENCE, strangers=True)).owned


def test_what_another_batch_has_proof_for_is_not_ours() -> None:
    assert not judged(made(), replace(EVIDENCE, claimed=frozenset({"1"}))).owned


def test_an_id_file_tells_attempts_apart() -> None:
    lives = (life(A, 100.0, None, "capsule-1"), life(B, 100.0, None, "capsule-2"))
    evidence = replace(EVIDENCE, lives=lives, items={"1": ("capsule-2",)}, strangers=True)
    assert judged(made(), evidence).task == B


@pytest.mark.parametrize("items", [("capsule-3",), ("capsule-1", "capsule-2")])
def test_an_id_file_that_fits_none_or_several_proves_nothing(items: tuple[str, ...]) -> None:
    lives = (life(A, 100.0, None, "capsule-1"), life(B, 100.0, None, "capsule-2"))
    assert not judged(made(), replace(EVIDENCE, lives=lives, items={"1": items})).owned


def test_a_colleague_may_work_on_the_same_item() -> None:
    lives = (life(A, 100.0, None, "capsule-1"), life(B, 100.0, None, "capsule-2"))
    same = {"1": ("capsule-1",), "2": ("capsule-1",)}
    evidence = replace(EVIDENCE, lives=lives, items=same)
    assert not judged(made(), evidence).owned
    assert not judged(made(id_="2"), evidence).owned


def test_what_matches_nothing_is_nobody_s() -> None:
    assert judged(made(name="postgres")) == Owner(proof="matches no pattern of this batch")


def test_what_matches_is_shown_before_anything_ran() -> None:
    one = judged(made(), replace(EVIDENCE, lives=()))
    assert (one.owned, one.group) == (False, "hal")


def test_one_like_ours_from_no_life_of_ours_is_strange() -> None:
    assert strange(made(50.0), EVIDENCE)
    assert not strange(made(150.0), EVIDENCE)
    assert not strange(made(50.0, name="postgres"), EVIDENCE)
    assert not strange(made(50.0, batch="u"), EVIDENCE)
    assert not strange(made(50.0), replace(EVIDENCE, makers={"1": Maker(task=A)}))
