"""What to try next: scripts of results and errors, and what holds for all of them."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervisor.kit.executor_plan import (
    Call,
    Marks,
    Plan,
    Policy,
    Verdict,
    begin,
    failed,
    next_call,
    worked,
)


def sizes(plan: Plan, works: str) -> tuple[list[int], Plan]:
    """Play ``works`` (``+`` worked, ``-`` did not); return the size of each call."""
    found: list[int] = []
    for sign in works:
        call = next_call(plan)
        assert call is not None
        found.append(call.stop - call.start)
        plan = worked(plan, call) if sign == "+" else failed(plan, call, Verdict.SHRINK)[0]
    return found, plan


def test_a_batch_that_fails_is_halved_and_the_next_one_is_whole_again() -> None:
    found, plan = sizes(begin(100, Policy()), "+-++++")
    assert found == [32, 32, 16, 16, 32, 4]
    assert next_call(plan) is None


def test_a_size_that_never_fits_is_tried_ever_less() -> None:
    policy = Policy(largest=4, smallest=2)
    found, _ = sizes(begin(100, policy), "-++-++++-++++++++-")
    assert found == [4, 2, 2, 4, 2, 2, 2, 2, 4, *[2] * 8, 4]


def test_a_success_of_the_larger_size_makes_climbing_quick_again() -> None:
    policy = Policy(largest=4, smallest=2)
    found, _ = sizes(begin(100, policy), "-++-+++++-++")
    assert found == [4, 2, 2, 4, 2, 2, 2, 2, 4, 4, 2, 2]


def test_no_climbing_where_it_is_not_wanted() -> None:
    found, _ = sizes(begin(100, Policy(largest=8, climb_after=None)), "-++++++")
    assert found == [8, *[4] * 6]


def test_a_batch_of_the_smallest_size_is_tried_one_by_one() -> None:
    plan = begin(8, Policy(largest=8, smallest=4))
    found, plan = sizes(plan, "--++")
    assert found == [8, 4, 1, 1]
    call = next_call(plan)
    assert call == Call(start=2, stop=3, alone=True)
    plan, marks = failed(plan, call, Verdict.SHRINK)
    assert marks == Marks(failed=2)
    assert plan.streak == 0


def test_a_batch_of_one_is_not_asked_twice_unless_apart() -> None:
    plan, marks = failed(begin(3, Policy(largest=1)), Call(start=0, stop=1), Verdict.SHRINK)
    assert (marks.failed, plan.at) == (0, 1)
    plan, marks = failed(
        begin(3, Policy(largest=1, asks_apart=True)), Call(start=0, stop=1), Verdict.SHRINK
    )
    assert marks == Marks()
    assert next_call(plan) == Call(start=0, stop=1, alone=True)


def test_five_groups_in_a_row_give_up_all_that_is_left() -> None:
    plan = begin(100, Policy(largest=32, smallest=8))
    plan = worked(plan, Call(start=0, stop=32))
    marked: list[int] = []
    marks = Marks()
    while (call := next_call(plan)) is not None:
        plan, marks = failed(plan, call, Verdict.SHRINK)
        marked += [] if marks.failed is None else [marks.failed]
    assert marked == list(range(32, 72))
    assert marks.aborted_from == 32
    assert plan.streak == 5


def test_an_item_that_is_to_blame_itself_never_counts() -> None:
    plan = begin(20, Policy(largest=1))
    while (call := next_call(plan)) is not None:
        plan, marks = failed(plan, call, Verdict.ITEM)
        assert marks.aborted_from is None
    assert plan.at == 20


def test_a_limit_changes_nothing_and_a_stop_gives_up_from_here() -> None:
    plan = begin(20, Policy())
    call = Call(start=0, stop=20)
    assert failed(plan, call, Verdict.WAIT) == (plan, Marks())
    stopped, marks = failed(plan, call, Verdict.STOP)
    assert stopped == replace(plan, stopped=True)
    assert marks == Marks(aborted_from=0)


@pytest.mark.parametrize(
    "wrong", [{"smallest": 0}, {"largest": 2, "smallest": 3}, {"give_up": 0}, {"climb_after": -1}]
)
def test_policies_that_mean_nothing_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"smallest|None for never"):
        Policy(**wrong)


VERDICTS = st.sampled_from([None, None, Verdict.SHRINK, Verdict.SHRINK, Verdict.ITEM, Verdict.STOP])


@settings(deadline=None)
@given(
    total=st.integers(0, 70),
    largest=st.integers(1, 33),
    smallest=st.integers(1, 8),
    give_up=st.none() | st.integers(1, 4),
    climb_after=st.none() | st.integers(1, 3),
    asks_apart=st.booleans(),
    data=st.data(),
)
def test_each_item_ends_exactly_once(
    total: int,
    largest: int,
    smallest: int,
    give_up: int | None,
    climb_after: int | None,
    asks_apart: bool,
    data: st.DataObject,
) -> None:
    policy = Policy(
        largest=max(largest, smallest),
        smallest=smallest,
        give_up=give_up,
        climb_after=climb_after,
        asks_apart=asks_apart,
    )
    plan, ends = begin(total, policy), dict[int, str]()
    fails_in_a_row = calls = 0
    while (call := next_call(plan)) is not None:
        calls += 1
        assert call.start == plan.at < call.stop <= total
        assert call.stop - call.start <= policy.largest
        verdict = data.draw(VERDICTS)
        if verdict is None:
            plan = worked(plan, call)
            ends |= dict.fromkeys(range(call.start, call.stop), "done")
            fails_in_a_row = 0
            continue
        fails_in_a_row += 1
        before = plan
        plan, marks = failed(plan, call, verdict)
        if marks.failed is not None:
            assert marks.failed == call.start
            assert call.stop == call.start + 1, "only an item that was tried alone fails"
            assert marks.failed not in ends
            ends[marks.failed] = "failed"
        if marks.aborted_from is not None:
            assert plan.stopped
            rest = range(marks.aborted_from, total)
            assert "done" not in {ends.get(index) for index in rest}
            ends |= dict.fromkeys(rest, "aborted")
        assert plan != before, "each failure brings it further"
    assert ends.keys() == set(range(total)), "each item has an end"
    assert calls <= 12 * total + 12


@settings(deadline=None)
@given(largest=st.integers(1, 64), smallest=st.integers(1, 8), limit=st.integers(8, 64))
def test_nothing_fails_where_a_size_works(largest: int, smallest: int, limit: int) -> None:
    """A GPU that takes ``limit`` items at once, the smallest batch or more: no item is lost."""
    plan = begin(300, Policy(largest=max(largest, smallest), smallest=smallest))
    calls = wasted = 0
    while (call := next_call(plan)) is not None:
        calls += 1
        if call.stop - call.start <= limit:
            plan = worked(plan, call)
            continue
        wasted += 1
        plan, marks = failed(plan, call, Verdict.SHRINK)
        assert marks == Marks()
    assert wasted <= 4 + calls // 3


@settings(deadline=None)
@given(poison=st.integers(0, 99))
def test_one_bad_item_costs_itself_alone(poison: int) -> None:
    plan, ends = begin(100, Policy()), set[int]()
    while (call := next_call(plan)) is not None:
        if call.start <= poison < call.stop:
            plan, marks = failed(plan, call, Verdict.SHRINK)
            assert marks.failed in {None, poison}
        else:
            plan = worked(plan, call)
            ends |= set(range(call.start, call.stop))
    assert ends == set(range(100)) - {poison}
