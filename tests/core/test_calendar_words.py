"""Names of months, weekdays and near days."""

import re

import pytest

from supervisor.core.calendar_words import (
    MONTH,
    MONTH_AFTER_DAY,
    NEAR_DAY,
    WEEKDAY,
    days_ahead,
    month_of,
    weekday_of,
)


@pytest.mark.parametrize(
    ("name", "month"),
    [("Feb", 2), ("Sept.", 9), ("märz", 3), ("août", 8), ("dic", 12), ("марта", 3), ("May", 5)],
)
def test_months(name: str, month: int) -> None:
    """Short and long, with their point, in several languages."""
    assert re.fullmatch(MONTH, name, re.IGNORECASE)
    assert month_of(name) == month


def test_some_are_months_only_after_a_day() -> None:
    """«gen» and «mag» are other words otherwise."""
    assert not re.fullmatch(MONTH, "gen")
    assert re.fullmatch(MONTH_AFTER_DAY, "gen")
    assert month_of("gen") == 1


@pytest.mark.parametrize("word", ["marching", "decent", "monday", "sunny"])
def test_words_that_begin_like_a_month_are_none(word: str) -> None:
    """The name has to end where the word does."""
    assert re.match(MONTH, word) is None


@pytest.mark.parametrize(
    ("name", "day"), [("Mon", 0), ("THURSDAY", 3), ("周日", 6), ("freitag", 4)]
)
def test_weekdays(name: str, day: int) -> None:
    """Monday is 0."""
    assert re.fullmatch(WEEKDAY, name, re.IGNORECASE)
    assert weekday_of(name) == day


@pytest.mark.parametrize(
    ("name", "days"), [("today", 0), ("Tomorrow", 1), ("明天", 1), ("heute", 0)]
)
def test_near_days(name: str, days: int) -> None:
    """Counted from today."""
    assert re.fullmatch(NEAR_DAY, name, re.IGNORECASE)
    assert days_ahead(name) == days
