"""A moment in words and the time of writing → Unix seconds."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from supervisor.core.dates import DUE_S, resolved
from supervisor.core.moments import moments

HOME = ZoneInfo("America/Los_Angeles")


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=HOME).timestamp()


def meant(text: str, now: str) -> float | None:
    (moment,) = moments(text)
    return resolved(moment, at(now), HOME)


@pytest.mark.parametrize(
    ("text", "now", "then"),
    [
        ("4pm", "2026-02-12T12:30", "2026-02-12T16:00"),
        ("11am", "2026-02-12T12:30", "2026-02-13T11:00"),
        ("11:50pm", "2026-02-13T00:10", "2026-02-12T23:50"),
        ("midnight", "2026-02-12T12:30", "2026-02-13T00:00"),
        ("tonight at midnight", "2026-02-12T12:30", "2026-02-13T00:00"),
        ("tomorrow", "2026-02-12T12:30", "2026-02-13T00:00"),
        ("Monday", "2026-02-12T12:30", "2026-02-16T00:00"),
        ("Thursday 9am", "2026-02-12T12:30", "2026-02-19T09:00"),
        ("Jan 2, 6am", "2026-12-30T12:00", "2027-01-02T06:00"),
        ("03/02/2026", "2026-02-12T12:30", "2026-03-02T00:00"),
    ],
)
def test_the_next_occurrence(text: str, now: str, then: str) -> None:
    """What is at most half an hour past counts as the occurrence that is meant."""
    assert meant(text, now) == at(then)
    assert DUE_S == 1800


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("today at 6am", "2026-02-12T12:30"),
        ("Feb 31", "2026-02-12T12:30"),
        ("2019-03-01", "2026-02-12T12:30"),
    ],
)
def test_no_such_moment(text: str, now: str) -> None:
    """Past, or on no calendar."""
    assert meant(text, now) is None


def test_the_hour_that_there_is_twice() -> None:
    """While clocks go back the one that is still to come is meant, if the first is long past."""
    first = at("2026-11-01T01:05")
    (moment,) = moments("1:05am")
    assert resolved(moment, first - 60, HOME) == first
    assert resolved(moment, first + 20 * 60, HOME) == first
    assert resolved(moment, first + 50 * 60, HOME) == first + 3600


def test_the_hour_that_there_is_not() -> None:
    """When clocks go forward 2:30 is what the clock shows an hour later."""
    (moment,) = moments("2:30am")
    assert resolved(moment, at("2026-03-08T01:00"), HOME) == at("2026-03-08T03:30")
