"""Names of zones, abbreviations and offsets."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from supervisor.core.zones import zone_of


def lookup(name: str) -> tzinfo | None:
    known = {"", "America/Los_Angeles", "Europe/Berlin", "Asia/Tokyo"}
    return ZoneInfo(name or "Europe/Berlin") if name in known else None


@pytest.mark.parametrize(
    ("name", "summer_offset_h"),
    [
        (None, 2),
        ("", 2),
        ("America/Los_Angeles", -7),
        ("PT", -7),
        ("PST", -7),
        ("JST", 9),
        ("UTC", 0),
        ("Z", 0),
        ("GMT", 0),
        ("UTC+2", 2),
        ("GMT-03:30", -3.5),
        ("+0530", 5.5),
        ("-08:00", -8),
    ],
)
def test_known_names(name: str | None, summer_offset_h: float) -> None:
    """An abbreviation means the place where it is used, whatever the season."""
    zone = zone_of(name, lookup)
    assert zone is not None
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC).astimezone(zone)
    assert summer.utcoffset() == timedelta(hours=summer_offset_h)


@pytest.mark.parametrize("name", ["Moon/Tycho", "XYZ", "+99:00"])
def test_unknown_names(name: str) -> None:
    """A zone that is none makes the time no time."""
    assert zone_of(name, lookup) is None
