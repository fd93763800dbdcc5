"""Pauses are remembered one by one, the last ones, each with its own price."""

from dataclasses import replace

from supervisor.core.pauses import MOST, Pause, ended, lost_s

ONE = Pause(number=1, since=10, ended_at=20, total_s=100, reason="a")


def test_no_pause_has_cost_nothing() -> None:
    assert lost_s(()) == ()


def test_each_pause_costs_what_came_on_top() -> None:
    two = replace(ONE, number=2, since=30, ended_at=40, total_s=130)
    known = ended(ended((), ONE), two)
    assert lost_s(known) == ((ONE, 100), (two, 30))


def test_a_pause_that_went_on_after_a_check_is_one() -> None:
    longer = replace(ONE, since=22, ended_at=50, total_s=400)
    assert ended((ONE,), longer) == (replace(longer, since=10),)


def test_only_the_last_ones_are_remembered_and_the_first_has_no_price_then() -> None:
    known: tuple[Pause, ...] = ()
    for number in range(1, MOST + 2):
        known = ended(known, replace(ONE, number=number, total_s=10.0 * number))
    assert len(known) == MOST
    assert [price for _, price in lost_s(known)][:2] == [None, 10]
