"""Times of day become moments, through summer time and back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.hours import Hours, clock, is_open, next_change, written

SPRING = datetime(2026, 3, 8, 10, tzinfo=UTC).timestamp()
"""02:00 becomes 03:00 in Los Angeles."""
AUTUMN = datetime(2026, 11, 1, 9, tzinfo=UTC).timestamp()
"""02:00 becomes 01:00."""
PACIFIC = ((0.0, -8 * 3600), (SPRING, -7 * 3600), (AUTUMN, -8 * 3600))


def hours(text: str) -> Hours:
    opens, closes = (int(one[:2]) * 60 + int(one[3:]) for one in text.split("-"))
    return Hours(opens=opens, closes=closes, offsets=PACIFIC)


def at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def changes(text: str, start: str, count: int) -> list[float]:
    found = [at(start)]
    for _ in range(count):
        found.append(next_change(hours(text), found[-1]))
    return found[1:]


def test_a_night_goes_over_midnight() -> None:
    night = hours("22:00-07:30")
    assert is_open(night, at("2026-02-17T23:00-08:00"))
    assert is_open(night, at("2026-02-18T07:29-08:00"))
    assert not is_open(night, at("2026-02-18T07:30-08:00"))
    assert not is_open(night, at("2026-02-18T12:00-08:00"))
    assert changes("22:00-07:30", "2026-02-18T12:00-08:00", 2) == [
        at("2026-02-18T22:00-08:00"),
        at("2026-02-19T07:30-08:00"),
    ]


def test_a_day_does_not() -> None:
    day = hours("09:00-17:00")
    assert is_open(day, at("2026-02-18T09:00-08:00"))
    assert not is_open(day, at("2026-02-18T08:59-08:00"))
    assert changes("09:00-17:00", "2026-02-18T18:00-08:00", 1) == [at("2026-02-19T09:00-08:00")]


def test_the_night_that_is_an_hour_shorter() -> None:
    assert changes("22:00-07:30", "2026-03-07T23:00-08:00", 1) == [at("2026-03-08T07:30-07:00")]


def test_the_night_that_is_an_hour_longer() -> None:
    assert changes("22:00-07:30", "2026-10-31T23:00-07:00", 2) == [
        at("2026-11-01T07:30-08:00"),
        at("2026-11-01T22:00-08:00"),
    ]


def test_an_edge_that_no_clock_shows_is_the_change_itself() -> None:
    assert changes("22:00-02:30", "2026-03-08T00:00-08:00", 1) == [SPRING]
    assert changes("02:30-05:00", "2026-03-08T00:00-08:00", 2) == [
        SPRING,
        at("2026-03-08T05:00-07:00"),
    ]


def test_hours_that_no_clock_shows_are_left_out_that_day() -> None:
    assert changes("02:10-02:40", "2026-03-08T00:00-08:00", 1) == [at("2026-03-09T02:10-07:00")]


def test_what_clocks_show_twice_counts_twice() -> None:
    assert changes("22:00-01:30", "2026-11-01T00:00-07:00", 3) == [
        at("2026-11-01T01:30-07:00"),
        AUTUMN,
        at("2026-11-01T01:30-08:00"),
    ]


@given(
    opens=st.integers(0, 1439),
    length=st.integers(1, 1439),
    now=st.floats(SPRING - 90000, AUTUMN + 90000),
)
def test_nothing_changes_before_the_next_change(opens: int, length: int, now: float) -> None:
    found = Hours(opens=opens, closes=(opens + length) % 1440, offsets=PACIFIC)
    then = next_change(found, now)
    assert now < then <= now + 3 * 86400
    assert is_open(found, then) != is_open(found, now)
    for part in range(1, 20):
        assert is_open(found, now + (then - now) * part / 20.0001) == is_open(found, now)


@pytest.mark.parametrize("text", ["22:00-07:30", "00:05-23:59"])
def test_hours_are_written_as_they_were(text: str) -> None:
    assert written(hours(text)) == text
    assert clock(1440) == "00:00"
