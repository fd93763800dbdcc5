"""A runner that asks is told what holds it back, and is never held back by itself."""

from dataclasses import replace

import pytest

from supervisor.core.batch import Checking, Free, Holding, LimitPhase, Probing, Ramping
from supervisor.core.models import LimitId, LimitSpec, TaskId
from supervisor.core.standing import standing
from supervisor.core.state import Batch, all_rows, assemble, spec_of
from tests.fakes.night import begun, group, task

A, B = TaskId("g/a"), TaskId("g/b")
NOW = 1000.0
HELD = Holding(since=0, until=2000.0, reason="resets 4pm, api_key=sk-live1234567890abcdef")


def with_limits(**phases: LimitPhase) -> Batch:
    names = tuple(LimitId(name) for name in phases)
    batch = begun(
        [task("g/a", limits=names), task("g/b", limits=names)],
        [group()],
        limits=tuple(LimitSpec(name=name) for name in names),
    )
    rows = all_rows(batch)
    limits = {
        LimitId(name): replace(rows.limits[LimitId(name)], phase=phase)
        for name, phase in phases.items()
    }
    return assemble(spec_of(batch), replace(rows, limits=limits))


def test_what_holds_nobody_is_gone_on_with() -> None:
    ramping = Ramping(since=0, allowed=1, next_at=9, pace_s=9)
    for phase in (
        Free(),
        ramping,
        Probing(since=0, probe=None, passes_at=None, reason="x"),
        Probing(since=0, probe=A, passes_at=1100.0, reason="x"),
    ):
        assert standing(with_limits(api=phase), A, NOW) == {
            "task": A,
            "holds": False,
            "until": None,
            "limit": None,
            "reason": None,
            "needs_you": False,
            "released_at": 0.0,
        }


def test_a_hold_is_told_with_its_end_and_without_secrets() -> None:
    said = standing(with_limits(api=HELD, other=Free()), A, NOW)
    assert (said["holds"], said["until"], said["limit"]) == (True, 2000.0, "api")
    assert "sk-live" not in str(said["reason"])
    later = Holding(since=0, until=3000.0, reason="resets 5pm")
    said = standing(with_limits(api=HELD, other=later), A, NOW)
    assert (said["until"], said["limit"]) == (3000.0, "other")


@pytest.mark.parametrize(
    ("phase", "until", "needs_you"),
    [
        (Holding(since=0, until=None, reason="quota", needs_operator=True), None, True),
        (Checking(since=0, step="refresh", reason="401"), None, False),
        (Probing(since=0, probe=B, passes_at=1100.0, reason="x"), 1100.0, False),
        (Probing(since=0, probe=B, passes_at=None, reason="x"), NOW + 30, False),
    ],
)
def test_what_has_no_end_yet_is_asked_after_again(
    phase: LimitPhase, until: float | None, needs_you: bool
) -> None:
    said = standing(with_limits(api=phase), A, NOW)
    assert (said["holds"], said["until"], said["needs_you"]) == (True, until, needs_you)


def test_an_end_that_nobody_knows_comes_last() -> None:
    forever = Holding(since=0, until=None, reason="quota", needs_operator=True)
    said = standing(with_limits(api=HELD, other=forever), A, NOW)
    assert (said["until"], said["limit"]) == (None, "other")


def test_the_last_release_is_told() -> None:
    batch = with_limits(api=Free(), other=Free())
    rows = all_rows(batch)
    limits = {
        **rows.limits,
        LimitId("other"): replace(rows.limits[LimitId("other")], released_at=77.0),
    }
    batch = assemble(spec_of(batch), replace(rows, limits=limits))
    assert standing(batch, A, NOW)["released_at"] == 77.0
