"""A zone as its offsets."""

import time
from datetime import UTC, datetime

import pytest

from supervisor.config.offsets import zone_offsets
from tests.config.conftest import NOW


def test_summer_time_comes_and_goes() -> None:
    (first, before), (spring, summer), (autumn, winter), *later = zone_offsets(
        "America/Los_Angeles", NOW
    )
    assert (first, before, summer, winter) == (0.0, -28800, -25200, -28800)
    assert spring == datetime(2026, 3, 8, 10, tzinfo=UTC).timestamp()
    assert autumn == datetime(2026, 11, 1, 9, tzinfo=UTC).timestamp()
    assert len(later) == 8


def test_a_zone_without_summer_time() -> None:
    assert zone_offsets("Asia/Kolkata", NOW) == ((0.0, 19800),)


def test_without_a_name_it_is_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        assert zone_offsets(None, NOW)[:2] == zone_offsets("Europe/Berlin", NOW)[:2]
    finally:
        monkeypatch.undo()
        time.tzset()
