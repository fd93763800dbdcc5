"""Time zones by name, and the machine's own."""

import os
from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from supervisor.core.zones import ZoneLookup


def zone_lookup(default: str | None = None) -> ZoneLookup:
    """Return a lookup by IANA name; the empty name means ``default``, or the machine's own zone."""
    known: dict[str, tzinfo | None] = {}

    def lookup(name: str) -> tzinfo | None:
        wanted = name or default or ""
        if wanted not in known:
            known[wanted] = _named(wanted) if wanted else _machine()
        return known[wanted]

    return lookup


def _named(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _machine() -> tzinfo:
    """Return the zone of TZ or /etc/localtime: with its rules, not only today's offset."""
    named = _named(os.environ.get("TZ", "").removeprefix(":") or "?")
    if named is not None:
        return named
    try:
        with Path("/etc/localtime").open("rb") as file:
            return ZoneInfo.from_file(file, key="localtime")
    except (OSError, ValueError):
        return UTC
