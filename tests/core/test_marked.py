"""A stated wait is told once; what nobody stated holds nobody."""

from supervisor.core.marked import RULE, limit_met
from supervisor.core.names import ErrorClass
from supervisor.core.told import Told, Wait

WAIT = Wait(until=500.0, why="resets 4pm", error_class="usage_window", at=100.0)


def test_a_stated_wait_is_told_once() -> None:
    found = limit_met(Told(wait=WAIT), None)
    assert found is not None
    assert (found.rule, found.error_class, found.line) == (
        RULE,
        ErrorClass.USAGE_WINDOW,
        "resets 4pm",
    )
    assert (found.retry_at, found.written_at, found.strong, found.tied) == (
        500.0,
        100.0,
        True,
        True,
    )
    assert limit_met(Told(wait=WAIT), WAIT) is None
    longer = Wait(until=900.0, why="resets 5pm", error_class="usage_window", at=200.0)
    assert limit_met(Told(wait=longer), WAIT) is not None


def test_other_waits_are_the_runners_own_business() -> None:
    assert limit_met(Told(), None) is None
    assert limit_met(Told(wait=Wait(until=500.0, why="429")), None) is None
