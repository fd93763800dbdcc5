"""What texts name of a point in time."""

import pytest

from supervisor.core.moments import Moment, moment_at, moments


def only(text: str) -> Moment:
    (found,) = moments(text)
    return found


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("4pm", (16, 0, 0)),
        ("12am", (0, 0, 0)),
        ("12:05 p.m.", (12, 5, 0)),
        ("06:30:15", (6, 30, 15)),
        ("24:00", (24, 0, 0)),
        ("noon", (12, 0, 0)),
        ("midnight", (24, 0, 0)),
        ("18 Uhr", (18, 0, 0)),
        ("18:15 Uhr", (18, 15, 0)),
        ("17h30", (17, 30, 0)),
        ("午後4時", (16, 0, 0)),
        ("下午3点半", (15, 30, 0)),
        ("오후 6시", (18, 0, 0)),
    ],
)
def test_times_of_day(text: str, clock: tuple[int, int, int]) -> None:
    """Hour, minute and second; hour 24 is midnight to come."""
    assert only(text).clock == clock
    assert not only(text).dates


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("Mar 3", ((None, 3, 3),)),
        ("3rd of March 2027", ((2027, 3, 3),)),
        ("March 3rd, 2027", ((2027, 3, 3),)),
        ("2027-03-04", ((2027, 3, 4),)),
        ("04.03.2027", ((2027, 3, 4),)),
        ("3/4/2027", ((2027, 3, 4), (2027, 4, 3))),
        ("25/4/27", ((2027, 4, 25),)),
        ("04-Mar-27", ((2027, 3, 4),)),
        ("4 de mar. de 2027", ((2027, 3, 4),)),
        ("2027年3月4日", ((2027, 3, 4),)),
        ("3月4日", ((None, 3, 4),)),
    ],
)
def test_dates(text: str, dates: tuple[tuple[int | None, int, int], ...]) -> None:
    """Year, month, day; where both orders are possible the American one comes first."""
    assert only(text).dates == dates


@pytest.mark.parametrize(
    "text",
    [
        "Thu, 04 Mar 2027 06:07:08 GMT",
        "Thu Mar  4 06:07:08 GMT 2027",
        "6:07:08 am on Thursday, March 4, 2027 (GMT)",
        "Thu Mar 04 2027 06:07:08 GMT",
        "2027-03-04T06:07:08.123 GMT",
    ],
)
def test_parts_in_any_order(text: str) -> None:
    """As headers, C and people write the same second."""
    found = only(text)
    assert (found.clock, found.dates) == ((6, 7, 8), ((2027, 3, 4),))
    assert found.zone == "GMT"


def test_days_and_zones() -> None:
    """Weekdays, near days, and the zone in brackets."""
    assert only("Monday at 9am").weekday == 0
    assert only("next Friday").weekday == 4
    assert only("tomorrow at 7am (Europe/Berlin)").ahead == 1
    assert only("tomorrow at 7am (Europe/Berlin)").zone == "Europe/Berlin"
    assert only("18:00 GMT+05:30").zone == "GMT+05:30"


@pytest.mark.parametrize(
    "text",
    [
        "5 requests",
        "(UTC)",
        "13pm",
        "25:99",
        "3.5",
        "retry 3/5",
        "attempt 5 may fail",
        "v1.2.3",
        "",
    ],
)
def test_other_words(text: str) -> None:
    """Counts, versions, and times that there are not."""
    assert list(moments(text)) == []


def test_the_place_is_told() -> None:
    """From the first part to the last."""
    text = "it resets Mar 3, 6am here"
    assert text[only(text).start : only(text).end] == "Mar 3, 6am"
    assert moment_at(text, 0) is None
    assert moment_at(text, 10) == only(text)
