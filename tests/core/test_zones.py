"""Names of zones, abbreviations and offsets."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from supervisor.core.zones import ZONE, zone_of


def lookup(name: str) -> tzinfo | None:
    known = {"", "America/Los_Angeles", "Europe/Berlin", "Asia/Tokyo", "Asia/Shanghai"}
    return ZoneInfo(name or "Europe/Berlin") if name in known else None


NAMES = [
    ("America/Los_Angeles", -7),
    ("PT", -7),
    ("PST", -7),
    ("Pacific Time", -7),
    ("Pacific Standard Time", -7),
    ("PST/PDT", -7),
    ("Central European Summer Time", 2),
    ("JST", 9),
    ("北京时间", 8),
    ("UTC", 0),
    ("Coordinated Universal Time", 0),
    ("Z", 0),
    ("GMT", 0),
    ("UTC+2", 2),
    ("GMT-03:30", -3.5),
    ("GMT+05:30", 5.5),
    ("+0530", 5.5),
    ("-08:00", -8),
    ("\u221208:00", -8),
    ("local time", 2),
]


@pytest.mark.parametrize(("name", "summer_offset_h"), [(None, 2), ("", 2), *NAMES])
def test_known_names(name: str | None, summer_offset_h: float) -> None:
    """An abbreviation means the place where it is used, whatever the season."""
    zone = zone_of(name, lookup)
    assert zone is not None
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC).astimezone(zone)
    assert summer.utcoffset() == timedelta(hours=summer_offset_h)


@pytest.mark.parametrize("name", [name for name, _ in NAMES])
def test_the_pattern_takes_in_the_whole_name(name: str) -> None:
    """What is read in part would be the wrong zone."""
    assert re.fullmatch(ZONE, name)


@pytest.mark.parametrize("name", ["Moon/Tycho", "XYZ", "+99:00"])
def test_unknown_names(name: str) -> None:
    """A zone that is none makes the time no time."""
    assert zone_of(name, lookup) is None


@pytest.mark.parametrize("word", ["at", "on", "Then", "Visit", "to"])
def test_words_are_no_zones(word: str) -> None:
    """What follows a time in a sentence."""
    assert re.match(ZONE, word) is None
