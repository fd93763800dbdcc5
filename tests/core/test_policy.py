"""Every error class has its row, and the batch file has the last word."""

import pytest

from supervisor.core.models import Action, ErrorClass, GiveUpPolicy, GroupId, GroupSpec
from supervisor.core.policy import TREATMENTS, Treatment, budget, most_launches, treatment
from tests.fakes.night import group


def test_every_class_has_a_treatment() -> None:
    assert set(TREATMENTS) == set(ErrorClass)


def test_what_nobody_can_be_blamed_for_trips_no_breaker() -> None:
    blameless = {name for name, row in TREATMENTS.items() if not row.blame}
    assert blameless == {
        ErrorClass.RATE_LIMIT,
        ErrorClass.USAGE_WINDOW,
        ErrorClass.QUOTA,
        ErrorClass.AUTH,
        ErrorClass.LOST,
        ErrorClass.DOCKER,
        ErrorClass.DISK_FULL,
        ErrorClass.CONTENT_POLICY,
        ErrorClass.OPERATOR,
    }


def test_a_class_may_have_attempts_of_its_own() -> None:
    own = group(attempts_by_class={ErrorClass.SERVER_ERROR: 8, ErrorClass.BROKEN: 2})
    assert budget(own, ErrorClass.SERVER_ERROR) == 8
    assert budget(own, ErrorClass.NETWORK) == 4
    assert treatment(own, ErrorClass.BROKEN).then == "retry"
    assert treatment(own, ErrorClass.BAD_REQUEST).then == "fail"


@pytest.mark.parametrize(
    ("action", "costs", "retryable"),
    [("retry", True, True), ("wait", False, True), ("hold", False, True), ("fail", True, False)],
)
def test_a_class_may_have_an_action_of_its_own(
    action: Action, costs: bool, retryable: bool
) -> None:
    own = group(action_by_class={ErrorClass.UNKNOWN: action, ErrorClass.AUTH: action})
    assert treatment(own, ErrorClass.UNKNOWN) == Treatment(
        then=action, costs=costs, blame=costs, retryable=retryable
    )
    assert not treatment(own, ErrorClass.AUTH).blame
    assert treatment(own, ErrorClass.NETWORK) is TREATMENTS[ErrorClass.NETWORK]


def test_launches_end_however_cheap_they_are() -> None:
    assert most_launches(GroupSpec(name=GroupId("g"))) == 100
    many = GroupSpec(name=GroupId("g"), attempts_by_class={ErrorClass.NETWORK: 300})
    assert most_launches(many) == 320
    told = GroupSpec(name=GroupId("g"), give_up=GiveUpPolicy(launches=7))
    assert most_launches(told) == 7
