"""The order that takes advice."""

from supervisor.core.board import Advice
from supervisor.core.intents import SetParallel
from supervisor.core.names import GroupId
from supervisor.core.taking import order

INSIDE = Advice(group="g", parallel=20, suggested=5, why="idle", knob="capsules", restart=True)
PLAIN = Advice(group="h", parallel=8, suggested=4, why="limits")


def test_the_order_is_in_the_unit_of_the_knob_and_restarts_only_when_agreed() -> None:
    g, h = GroupId("g"), GroupId("h")
    assert order(INSIDE, restart=True) == SetParallel(
        group=g, parallel=5, knob="capsules", restart=True
    )
    assert order(INSIDE, restart=False) == SetParallel(group=g, parallel=5, knob="capsules")
    assert order(PLAIN, restart=True) == SetParallel(group=h, parallel=4, knob="parallel")
