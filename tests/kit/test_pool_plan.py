"""What a pool hands out: scripts, and what holds whatever happens."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from supervisor.kit.pool_plan import PoolPlan


def plan_of(total: int, **facts: int) -> PoolPlan:
    return PoolPlan(total, **{"crash_retries": 3, "workers": 2, "max_pauses": 2} | facts)


def test_small_items_go_together_and_long_ones_alone() -> None:
    plan = plan_of(1000)
    assert plan.take() == [0]
    plan.done(0.001)
    assert plan.take() == list(range(1, 51))
    for _ in range(20):
        plan.done(1.0)
    assert plan.take() == [51]
    quick = plan_of(1000)
    quick.done(0.0)
    assert len(quick.take()) == 250


def test_what_is_left_is_shared_out() -> None:
    plan = plan_of(16)
    plan.done(0.0)
    sizes = []
    while chunk := plan.take():
        sizes.append(len(chunk))
    assert sizes[:3] == [4, 3, 2]
    assert sum(sizes) == 16


def test_items_that_were_not_begun_come_first_again() -> None:
    plan = plan_of(5)
    plan.done(0.0)
    plan.take()
    plan.give_back([0])
    assert plan.take() == [0]


def test_an_item_that_lost_its_worker_goes_alone_so_often_and_no_more() -> None:
    plan = plan_of(10, crash_retries=2)
    plan.done(0.0)
    first = plan.take()[0]
    for _ in range(2):
        assert plan.lost(first)
        assert plan.take() == [first]
    assert not plan.lost(first)


def test_one_limit_is_one_pause() -> None:
    plan = plan_of(10)
    for index in range(3):
        plan.limited(index, began_at=1.0, is_new=False)
    assert plan.pause_count == 1
    assert plan.take() == []
    plan.resume(600.0)
    assert plan.take() == [2]


def test_news_from_before_the_pause_is_old_unless_it_states_a_time_to_come() -> None:
    plan = plan_of(10)
    plan.limited(0, began_at=1.0, is_new=False)
    plan.resume(70.0)
    plan.limited(1, began_at=9.0, is_new=False)
    assert not plan.is_paused
    plan.limited(2, began_at=9.0, is_new=True)
    assert plan.is_paused
    assert plan.pause_count == 2


def test_pauses_in_a_row_are_counted_until_something_works() -> None:
    plan = plan_of(10)
    for number in range(3):
        assert not plan.gives_up
        plan.limited(0, began_at=float(number), is_new=False)
        plan.resume(float(number))
    assert plan.gives_up
    plan.done(1.0)
    assert not plan.gives_up


@settings(deadline=None)
@given(total=st.integers(0, 40), workers=st.integers(1, 4), data=st.data())
def test_each_item_has_one_end_and_is_at_one_worker(
    total: int, workers: int, data: st.DataObject
) -> None:
    plan = plan_of(total, workers=workers, crash_retries=2)
    at: dict[int, list[int]] = {}
    ends: Counter[int] = Counter()
    losses: Counter[int] = Counter()
    now = 0.0
    for _ in range(100_000):
        now += 1.0
        if plan.is_paused and not at:
            assert plan.take() == []
            plan.resume(now)
        free = [worker for worker in range(workers) if worker not in at]
        if free and (chunk := plan.take()):
            assert not {item for items in at.values() for item in items} & set(chunk)
            at[free[0]] = chunk
            continue
        if not at:
            break
        worker = data.draw(st.sampled_from(sorted(at)))
        item, *rest = at[worker]
        match data.draw(st.sampled_from(["done", "done", "failed", "lost", "limited"])):
            case "done":
                plan.done(0.001)
                ends[item] += 1
                at[worker] = rest
            case "lost":
                losses[item] += 1
                if not plan.lost(item):
                    ends[item] += 1
                plan.give_back(rest)
                at[worker] = []
            case "limited":
                plan.limited(item, began_at=now - 1, is_new=False)
                plan.give_back(rest)
                at[worker] = []
            case _:
                ends[item] += 1
                plan.give_back(rest)
                at[worker] = []
        at = {number: items for number, items in at.items() if items}
    assert ends == Counter(range(total))
    assert max(losses.values(), default=0) <= 3
