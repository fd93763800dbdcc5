"""Spans of time in words."""

import re

import pytest

from supervisor.core.spans import SPAN, span_s


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("6m0s", 360),
        ("1.2s", 1.2),
        ("230ms", 0.23),
        ("1h 2min and 3 sec", 3723),
        ("2 hours, 15 minutes", 8100),
        ("3d 4h", 273_600),
        ("a week", 604_800),
        ("an hour", 3600),
    ],
)
def test_the_parts_add_up(text: str, seconds: float) -> None:
    """However they are written, and the pattern takes in all of it."""
    assert span_s(text) == pytest.approx(seconds)
    assert re.fullmatch(SPAN, text, re.IGNORECASE)


@pytest.mark.parametrize("text", ["soon", "3 parsecs", "", "12"])
def test_other_words_are_no_spans(text: str) -> None:
    """A unit that nobody knows makes it none."""
    assert span_s(text) is None
