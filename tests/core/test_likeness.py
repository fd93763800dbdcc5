"""Lines that differ in the time only."""

import pytest

from supervisor.core.likeness import likeness


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ("2026-02-12 03:04:11,182 ERROR x: no", "2027-11-30 23:59:59,077 ERROR x: no"),
        ("[2026/02/12T03:04:11] x: no", "[2026/03/01T00:00:00] x: no"),
        ("Feb 12 03:04:11 host x: no", "Feb 29 13:44:01 host x: no"),
        ("03:04:11 x: no", "13:44:01 x: no"),
    ],
)
def test_lines_that_mean_the_same(line: str, same: str) -> None:
    """Whatever the format of the time."""
    assert likeness(line) == likeness(same)


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ("2026-02-12 03:04:11,182 ERROR x: 401", "2026-02-12 03:04:11,182 ERROR x: 429"),
        ("03:04:11.429 x: no", "03:04:11.500 x: no"),
        ("03:04:11 x: no", "03:04:11.100 x: no"),
        ("Feb 12 03:04:11 x", "Mar 12 03:04:11 x"),
        ("step 03:04:11 x", "step 03:04:12 x"),
    ],
)
def test_lines_that_may_not(line: str, other: str) -> None:
    """Numbers outside of the time, its format, and thousandths that look like a status."""
    assert likeness(line) != likeness(other)
