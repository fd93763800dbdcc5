"""Names of time zones as programs print them → zones."""

import re
from collections.abc import Callable
from datetime import UTC, timedelta, timezone, tzinfo

ZoneLookup = Callable[[str], tzinfo | None]
"""IANA name → zone, None if there is none of that name; the empty name is the batch's own zone."""

_ABBREVIATIONS = {
    name: place
    for names, place in (
        ("PT PST PDT", "America/Los_Angeles"),
        ("MT MST MDT", "America/Denver"),
        ("CT CST CDT", "America/Chicago"),
        ("ET EST EDT", "America/New_York"),
        ("AKT AKST AKDT", "America/Anchorage"),
        ("HST", "Pacific/Honolulu"),
        ("CET CEST", "Europe/Berlin"),
        ("WET WEST", "Europe/Lisbon"),
        ("EET EEST", "Europe/Athens"),
        ("BST", "Europe/London"),
        ("IST", "Asia/Kolkata"),
        ("JST", "Asia/Tokyo"),
        ("KST", "Asia/Seoul"),
        ("SGT", "Asia/Singapore"),
        ("AEST AEDT", "Australia/Sydney"),
    )
    for name in names.split()
}


def zone_of(name: str | None, zone: ZoneLookup) -> tzinfo | None:
    """Return the zone of a name, an abbreviation or an offset; None: it is none that we know."""
    if not name:
        return zone("")
    offset = re.fullmatch(r"(?:UTC|GMT)?\s?([+-])(\d{1,2}):?(\d\d)?", name, re.IGNORECASE)
    if offset:
        sign = -1 if offset.group(1) == "-" else 1
        hours, minutes = int(offset.group(2)), int(offset.group(3) or 0)
        span = timedelta(hours=hours, minutes=minutes)
        return timezone(sign * span) if span < timedelta(hours=24) else None
    if name.upper() in {"UTC", "GMT", "Z"}:
        return UTC
    return zone(_ABBREVIATIONS.get(name, name))
