"""Heavy tasks take several slots, and are never passed for ever by light ones."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.blocks import task_reasons
from supervisor.core.effects import StartAttempt
from supervisor.core.intents import First, SetParallel
from supervisor.core.models import GroupId, TaskId
from supervisor.core.step import step
from supervisor.core.weights import fits_batch, fits_group, taken
from tests.fakes.night import asked, begun, ended, group, play, start, task

G = GroupId("g")


def test_a_heavy_task_takes_several_slots_of_its_group() -> None:
    batch = begun([task("g/a", weight=2), task("g/b", weight=2), "g/c"], [group(parallel=3)])
    assert [id_ for _, id_ in batch.live] == ["g/a"]
    assert batch.used[G] == batch.used_all == 2
    assert taken(batch, G) == "g runs 1 attempt, which take 2 of 3 slots"


def test_light_tasks_do_not_pass_a_heavy_one_for_ever() -> None:
    batch = begun(["g/a", "g/b", task("g/c", weight=2), "g/d"], [group(parallel=2)])
    batch = play(
        batch,
        (ended("g/a", 1, 5), 5, []),
    )
    assert not fits_group(batch, TaskId("g/c"))
    assert task_reasons(batch, TaskId("g/d"), 5) == (
        "g keeps its free slots for g/c, which takes 2",
    )
    batch = play(
        batch, (ended("g/b", 1, 6), 6, [start("g/c")]), (ended("g/c", 1, 9), 9, [start("g/d")])
    )


def test_first_lets_a_light_task_pass_all_the_same() -> None:
    batch = begun(["g/a", "g/b", task("g/c", weight=2), "g/d"], [group(parallel=2)])
    batch, _, _ = asked(batch, First(targets=("g/d",)), 4)
    play(batch, (ended("g/a", 1, 5), 5, [start("g/d")]))


def test_what_is_heavier_than_all_slots_runs_alone() -> None:
    batch = begun(["g/a", task("g/b", weight=9), "g/c"], [group(parallel=2)])
    batch = play(batch, (ended("g/a", 1, 5), 5, [start("g/b")]))
    batch, _, _ = asked(batch, SetParallel(parallel=1), 6)
    play(batch, (ended("g/b", 1, 7), 7, [start("g/c")]))


def test_the_cap_over_all_groups_is_kept_free_for_whose_turn_it_is() -> None:
    batch = begun(["g/a", "h/a", task("g/b", weight=2), "h/b"], parallel=2)
    batch = play(batch, (ended("h/a", 1, 5), 5, []))
    assert not fits_batch(batch, TaskId("g/b"))
    assert task_reasons(batch, TaskId("h/b"), 5) == (
        "the batch keeps its free slots for g/b, which takes 2",
    )
    play(
        batch,
        (ended("g/a", 1, 6), 6, [start("g/b")]),
        (ended("g/b", 1, 7), 7, [start("h/b")]),
    )


def test_a_group_short_of_its_own_slots_lets_other_groups_pass() -> None:
    batch = begun(
        ["g/a", task("g/b", weight=2), "h/a", "h/b"], [group("g", parallel=2)], parallel=3
    )
    assert [id_ for _, id_ in batch.live] == ["g/a", "h/a", "h/b"]


@given(
    weights=st.lists(st.integers(1, 5), min_size=1, max_size=12),
    parallel=st.integers(1, 4),
    cap=st.none() | st.integers(1, 6),
    chance=st.randoms(use_true_random=False),
)
def test_every_task_has_its_turn_in_the_order_of_its_group(
    weights: list[int], parallel: int, cap: int | None, chance: Random
) -> None:
    """Whatever ends when: no slot too many, nobody passed, nobody left."""
    names = [task(f"{'gh'[n % 2]}/{n}", weight=weight) for n, weight in enumerate(weights)]
    batch = begun(names, [group("g", parallel=parallel), group("h", parallel=3)], parallel=cap)
    order = [id_ for _, id_ in batch.live]
    while batch.live:
        for name in batch.groups:
            alone = batch.slots[name].bit_count() == 1
            assert alone or batch.used[name] <= batch.groups[name].parallel
        assert cap is None or len(batch.live) == 1 or batch.used_all <= cap
        id_ = chance.choice([one for _, one in batch.live])
        batch, effects = step(batch, ended(id_, 1, 1), 1)
        order += [one.task for one in effects if isinstance(one, StartAttempt)]
    assert batch.open == 0
    for own in "gh":
        mine = [one.id for one in names if one.group == own]
        assert [one for one in order if one in mine] == mine
