"""Spans of time in words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.spans import SPAN, number, span_s, unit_s


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("6m0s", 360),
        ("1.2s", 1.2),
        ("230ms", 0.23),
        ("71.5µs", 0.0000715),
        ("1h 2min and 3 sec", 3723),
        ("2 hours, 15 minutes", 8100),
        ("3d 4h", 273_600),
        ("a week", 604_800),
        ("an hour", 3600),
        ("an hour and a half", 5400),
        ("half an hour", 1800),
        ("two minutes", 120),
        ("4 more seconds", 4),
        ("2,700 seconds", 2700),
        ("1,5 Stunden", 5400),
        ("3-8 minutes", 480),
        ("3 to 8 minutes", 480),
        ("2 days, 3:04:05", 183_845),
        ("PT1M30S", 90),
        ("P1DT2H", 93_600),
        ("20 秒", 20),
        ("3 小时 20 分钟", 12_000),
        ("1시간 30분", 5400),
        ("2 horas y 5 minutos", 7500),
        ("20 секунд", 20),
    ],
)
def test_the_parts_add_up(text: str, seconds: float) -> None:
    """However they are written, and the pattern takes in all of it."""
    assert span_s(text) == pytest.approx(seconds)
    assert re.fullmatch(SPAN, text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("text", "seconds"), [("0:05:23.5", 323.5), ("14:59", 899), ("00:14:59", 899)]
)
def test_the_face_of_a_clock(text: str, seconds: float) -> None:
    """Where the caller knows that it is a span."""
    assert span_s(text) == pytest.approx(seconds)


def test_a_number_cut_off_from_its_unit() -> None:
    """A terminal of 80 columns wrapped the line before the last word."""
    text = "5 days 22 hours 11"
    assert re.fullmatch(SPAN, text)
    assert span_s(text) == 5 * 86400 + 22 * 3600 + 11 * 60


@pytest.mark.parametrize("text", ["soon", "3 parsecs", "", "12", "P", "5 mph"])
def test_other_words_are_no_spans(text: str) -> None:
    """A unit that nobody knows makes it none."""
    assert span_s(text) is None


def test_units_and_numbers() -> None:
    """As names of fields and people write them."""
    assert (unit_s("ms"), unit_s("Minutes"), unit_s("parsec")) == (0.001, 60, None)
    assert (number("1,800"), number("1,800.5"), number("1,5"), number("7")) == (
        1800,
        1800.5,
        1.5,
        7,
    )


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_go_and_words_say_the_same(hours: int, minutes: int, seconds: int) -> None:
    """``1h2m3s`` and ``1 hour 2 minutes 3 seconds``."""
    whole = hours * 3600 + minutes * 60 + seconds
    assert span_s(f"{hours}h{minutes}m{seconds}s") == whole
    assert span_s(f"{hours} hours, {minutes} min and {seconds} seconds") == whole
