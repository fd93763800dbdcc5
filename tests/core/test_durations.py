"""Durations read and written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.durations import seconds, written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", 90),
        ("2h30m", 9000),
        ("1d", 86400),
        ("1d2h3m4s5ms", 93784.005),
        ("400ms", 0.4),
        ("1.5h", 5400),
        ("0s", 0),
        ("5m", 300),
    ],
)
def test_seconds(text: str, expected: float) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("90", "'90' has no unit: write 90s, 90m or 90h"),
        ("1.5", "'1.5' has no unit: write 1.5s, 1.5m or 1.5h"),
        ("", "'' is no duration: write it like 90s, 2h30m or 1d"),
        ("soon", "'soon' is no duration: write it like 90s, 2h30m or 1d"),
        ("-5s", "'-5s' is no duration: write it like 90s, 2h30m or 1d"),
        ("5 m", "'5 m' is no duration: write it like 90s, 2h30m or 1d"),
        ("30m2h", "'30m2h' is no duration: write its units once each, largest first"),
        ("1h1h", "'1h1h' is no duration: write its units once each, largest first"),
    ],
)
def test_what_is_no_duration(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        seconds(text)
    assert str(error.value) == message


@given(milliseconds=st.integers(0, 10**10))
def test_written_reads_back(milliseconds: int) -> None:
    assert seconds(written(milliseconds / 1000)) == milliseconds / 1000


def test_written_is_short() -> None:
    assert [written(s) for s in (0, 0.4, 90, 9000, 172800)] == [
        "0s",
        "400ms",
        "1m30s",
        "2h30m",
        "2d",
    ]
