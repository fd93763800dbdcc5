"""Zones by name, and the machine's own."""

from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from supervisor.adapters import zones
from supervisor.adapters.zones import zone_lookup

SUMMER = datetime(2026, 7, 1, tzinfo=UTC)


def offset_h(zone: tzinfo | None) -> float:
    assert zone is not None
    offset = SUMMER.astimezone(zone).utcoffset()
    assert offset is not None
    return offset / timedelta(hours=1)


def test_names() -> None:
    """IANA names, and none for others."""
    lookup = zone_lookup("America/Los_Angeles")
    assert offset_h(lookup("Europe/Berlin")) == 2
    assert offset_h(lookup("")) == -7
    assert lookup("") is lookup("")
    for name in ("Moon/Tycho", "../etc/passwd", "America", "\0"):
        assert lookup(name) is None
    assert zone_lookup("Moon/Tycho")("") is None


def test_the_machine_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """TZ, else /etc/localtime, else UTC."""
    monkeypatch.setenv("TZ", ":Asia/Tokyo")
    assert offset_h(zone_lookup()("")) == 9
    monkeypatch.setenv("TZ", "nonsense/zone")
    assert zone_lookup()("") is not None
    monkeypatch.delenv("TZ")

    class Nowhere(type(Path())):  # type: ignore[misc]
        def open(self, *_words: object) -> None:
            raise FileNotFoundError

    monkeypatch.setattr(zones, "Path", Nowhere)
    assert zone_lookup()("") is UTC
