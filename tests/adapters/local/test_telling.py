"""What is told of an attempt, and how often."""

from pathlib import Path

import pytest

from supervisor.adapters.local.adopt import Undecided
from supervisor.adapters.local.attempt import Attempt
from supervisor.adapters.local.roster import Roster
from supervisor.adapters.local.telling import Telling
from supervisor.core.models import ErrorClass
from supervisor.ports import Alive, Gone, Ref, Report, Unknown
from tests.contract.backend_rigs import ref

T = ref()


class Told:
    """An attempt, who tells of it at second 50, and what was told."""

    def __init__(self, state: Path) -> None:
        self.roster = Roster(str(state))
        self.reports: list[Report] = []
        self.settled: list[Ref] = []
        self.telling = Telling(
            self.roster, now=lambda: 50.0, tell=self.reports.append, settle=self.settled.append
        )

    def enter(self) -> Attempt:
        attempt = self.roster.enter(T)
        assert attempt is not None
        return attempt


@pytest.fixture
def told(tmp_path: Path) -> Told:
    return Told(tmp_path)


def test_what_lives_can_be_acted_upon(told: Told) -> None:
    attempt = told.enter()
    told.telling.announce(attempt, 7, 40.0)
    assert attempt.known.is_set()
    assert told.reports == [Alive(ref=T, pid=7, started_at=40.0)]


def test_a_doubt_is_told_once_and_not_in_the_moments_of_a_start(told: Told) -> None:
    attempt, unwritten = told.enter(), Undecided("no claim yet", unwritten=True)
    told.telling.doubt(attempt, unwritten, 1.0)
    assert told.reports == []
    for _ in range(2):
        told.telling.doubt(attempt, unwritten, 3.0)
    assert told.reports == [Unknown(ref=T, reason="no claim yet")]


@pytest.mark.parametrize(("preset", "ended_at"), [(None, 45.0), (ErrorClass.LOST, 50.0)])
def test_an_end_is_told_when_nothing_is_left(
    told: Told, preset: ErrorClass | None, ended_at: float
) -> None:
    """What was lost ended when the last of it was gone, not when that was found out."""
    attempt = told.enter()
    attempt.verdict = Gone(ref=T, code=None, ended_at=45.0, preset=preset)
    told.telling.conclude(attempt)
    assert told.reports == [Gone(ref=T, code=None, ended_at=ended_at, preset=preset)]
    assert attempt.gone.is_set()
    assert told.settled == [T]
    assert told.roster.running([T]) == []


def test_no_end_is_told_before_there_is_one(told: Told) -> None:
    with pytest.raises(AssertionError, match="concluded before its command ended"):
        told.telling.conclude(told.enter())


def test_what_never_ran_is_over_at_once(told: Told) -> None:
    attempt = told.enter()
    told.telling.refuse(attempt, ErrorClass.DISK_FULL, "no space")
    (gone,) = told.reports
    assert isinstance(gone, Gone)
    assert (gone.preset, gone.cause) == (ErrorClass.DISK_FULL, "no space")
    assert attempt.known.is_set()
