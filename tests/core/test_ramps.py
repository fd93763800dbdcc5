"""How far and how fast a limit opens after its probe."""

import pytest

from supervisor.core import ramps
from supervisor.core.batch import Free, Ramping
from supervisor.core.draft import Draft
from supervisor.core.models import LimitId
from tests.fakes.night import begun, group

G = LimitId("g")


@pytest.mark.parametrize(("usual_s", "pace_s"), [(0, 30), (20, 40), (100, 200), (9000, 300)])
def test_twice_the_usual_time_within_bounds(usual_s: float, pace_s: float) -> None:
    assert ramps.pace_s(usual_s) == pace_s


def test_it_widens_until_all_may_run() -> None:
    draft = Draft(begun(["g/a"], [group(parallel=4)]), 100.0)
    ramps.passed(draft, draft.limits[G], 20, "it lived on")
    assert draft.limits[G].phase == Ramping(since=100, allowed=2, next_at=140, pace_s=40)
    ramping = draft.limits[G].phase
    assert isinstance(ramping, Ramping)
    ramps.grow(draft, draft.limits[G], ramping)
    ramping = draft.limits[G].phase
    assert isinstance(ramping, Ramping)
    assert ramping.allowed == 3
    ramps.grow(draft, draft.limits[G], ramping)
    assert draft.limits[G].phase == Free()


def test_a_cap_over_all_groups_is_the_most() -> None:
    draft = Draft(begun(["g/a"], parallel=2), 100.0)
    ramps.passed(draft, draft.limits[G], 20, "it lived on")
    assert draft.limits[G].phase == Free()
