"""What limits cost is counted while they hold and after."""

from supervisor.core.board import LimitCost
from supervisor.core.costs import costs, pauses
from supervisor.core.events import Tick
from supervisor.core.intents import Cancel, Resume
from supervisor.core.models import ErrorClass
from supervisor.core.picture import head
from tests.fakes.night import after, asked, begun, failed, group, started

WINDOW = ErrorClass.USAGE_WINDOW


def test_a_night_without_holds_costs_nothing() -> None:
    assert costs(begun(["g/a"]), 100) == ()


def test_attempts_that_ended_and_tasks_that_were_held_are_lost_time() -> None:
    batch = after(
        begun(["g/a", "g/b"], [group(parallel=2)]),
        (started("g/a", 1, 0), 0),
        (started("g/b", 1, 0), 0),
        (failed("g/a", 1, 100, WINDOW, retry_at=400), 100),
        (failed("g/b", 1, 110, WINDOW, retry_at=400), 110),
    )
    held = LimitCost(limit="g", pauses=1, waited_s=50, lost_s=100 + 110 + 2 * 50)
    assert costs(batch, 150) == head(batch, 150).costs == (held,)
    batch = after(batch, (Tick(), 417))
    over = LimitCost(limit="g", pauses=1, waited_s=317, lost_s=100 + 110 + 317 + 307)
    assert costs(batch, 500) == (over,)


def test_pauses_are_told_one_by_one() -> None:
    batch = after(
        begun(["g/a", "h/b"]),
        (failed("g/a", 1, 100, WINDOW, retry_at=400), 100),
        (failed("h/b", 1, 50, WINDOW, retry_at=900), 50),
    )
    batch = after(batch, (Tick(), 417), (Tick(), 460))
    batch = after(batch, (failed("g/a", 2, 500, WINDOW, retry_at=2000), 500))
    second, first, third = pauses(batch, 600)
    assert (second.limit, second.since, second.ended_at, second.waited_s) == ("h", 50, None, 550)
    assert (first.limit, first.since, first.ended_at, first.lost_s) == ("g", 100, 417, 417)
    assert (third.limit, third.ended_at, third.waited_s, third.lost_s) == ("g", None, 100, 183)
    assert third.reason.startswith("usage limit reached")


def test_the_operator_ends_the_wait_of_one_task_and_its_price() -> None:
    batch = after(
        begun(["g/a", "g/b"], [group(parallel=2)]),
        (failed("g/a", 1, 100, WINDOW, retry_at=400), 100),
        (failed("g/b", 1, 100, WINDOW, retry_at=400), 100),
    )
    batch, _, _ = asked(batch, Resume(name="g/a"), 150)
    batch, _, _ = asked(batch, Cancel(targets=("g/b",)), 150)
    batch = after(batch, (Tick(), 417))
    (cost,) = costs(batch, 417)
    assert cost.lost_s == 200
