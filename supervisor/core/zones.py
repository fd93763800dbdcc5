"""Names of time zones as programs print them → zones."""

import re
from collections.abc import Callable
from datetime import UTC, timedelta, timezone, tzinfo

ZoneLookup = Callable[[str], tzinfo | None]
"""IANA name → zone, None if there is none of that name; the empty name is the batch's own zone."""

_PLACES: dict[str, str] = {
    name: place
    for names, place in (
        ("PT PST PDT PACIFIC", "America/Los_Angeles"),
        ("MT MST MDT MOUNTAIN", "America/Denver"),
        ("CT CST CDT CENTRAL", "America/Chicago"),
        ("ET EST EDT EASTERN", "America/New_York"),
        ("AST ADT ATLANTIC", "America/Halifax"),
        ("NST NDT NEWFOUNDLAND", "America/St_Johns"),
        ("AKT AKST AKDT ALASKAN ALASKA", "America/Anchorage"),
        ("HST HAWAIIAN HAWAII", "Pacific/Honolulu"),
        ("BRT BRASILIA", "America/Sao_Paulo"),
        ("ART ARGENTINA", "America/Argentina/Buenos_Aires"),
        ("CET CEST MEZ MESZ", "Europe/Berlin"),
        ("WET WEST", "Europe/Lisbon"),
        ("EET EEST", "Europe/Athens"),
        ("BST", "Europe/London"),
        ("MSK MOSCOW", "Europe/Moscow"),
        ("TRT", "Europe/Istanbul"),
        ("SAST", "Africa/Johannesburg"),
        ("GST GULF", "Asia/Dubai"),
        ("IST INDIA INDIAN", "Asia/Kolkata"),
        ("PKT", "Asia/Karachi"),
        ("ICT", "Asia/Bangkok"),
        ("WIB", "Asia/Jakarta"),
        ("HKT", "Asia/Hong_Kong"),
        ("CHINA BEIJING 北京", "Asia/Shanghai"),
        ("SGT SINGAPORE", "Asia/Singapore"),
        ("AWST", "Australia/Perth"),
        ("JST JAPAN TOKYO 日本", "Asia/Tokyo"),
        ("KST KOREA 한국", "Asia/Seoul"),
        ("ACST ACDT", "Australia/Adelaide"),
        ("AEST AEDT AET", "Australia/Sydney"),
        ("NZST NZDT NZT", "Pacific/Auckland"),
        ("CENTRAL EUROPEAN", "Europe/Berlin"),
    )
    for name in ([names] if names == "CENTRAL EUROPEAN" else names.split())
}
"""An abbreviation means the place where it is used, whatever the season: people write EST in July."""

_WORDS = ("PACIFIC|MOUNTAIN|CENTRAL EUROPEAN|CENTRAL|EASTERN|ATLANTIC|NEWFOUNDLAND|ALASKAN?|HAWAII(?:AN)?"
          "|BRASILIA|ARGENTINA|MOSCOW|GULF|INDIAN?|CHINA|BEIJING|SINGAPORE|JAPAN|TOKYO|KOREA")  # fmt: skip
_SHORT = "|".join(
    sorted((name for name in _PLACES if re.fullmatch("[A-Z]{2,5}", name)), key=lambda x: (-len(x), x))
)  # fmt: skip
_OFFSET = r"(?:UTC|GMT)?\s?[+\-\u2212]\d{1,2}(?::?\d\d)?"
ZONE = (
    rf"(?:(?:UTC|GMT)\s?[+\-\u2212]\d{{1,2}}(?::?\d\d)?|[+\-\u2212]\d\d:?\d\d|UTC|GMT|Z(?![a-zA-Z])"
    r"|[A-Z][A-Za-z_]+(?:/[A-Za-z_+\-0-9]+){1,2}"
    rf"|(?i:(?:{_WORDS})(?:\s+(?:standard|daylight|summer))?(?:\s+time)?)(?![a-zA-Z])"
    rf"|(?:{_SHORT})(?![a-zA-Z])(?:/[PMCE]DT)?"
    r"|(?i:coordinated universal time|greenwich mean time|universal time|local time|server time)"
    r"|北京时间|北京時間|日本時間|한국\s?시간)"
)
"""Regular expression of a zone, without groups; letters count as they are written."""


def zone_of(name: str | None, zone: ZoneLookup) -> tzinfo | None:
    """Return the zone of a name, an abbreviation or an offset; None: it is none that we know."""
    if not name:
        return zone("")
    offset = re.fullmatch(r"(?:UTC|GMT)?\s?([+\-\u2212])(\d{1,2}):?(\d\d)?", name, re.IGNORECASE)
    if offset:
        sign = 1 if offset.group(1) == "+" else -1
        span = timedelta(hours=int(offset.group(2)), minutes=int(offset.group(3) or 0))
        return timezone(sign * span) if span < timedelta(hours=24) else None
    plain = re.sub(r"(?i)\s*(?:(?:standard|daylight|summer)\s*)?(?:time|时间|時間|시간)$", "", name)
    plain = plain.upper().split("/")[0] if re.fullmatch(r"[A-Z]{2,4}/[A-Z]{2,4}", plain) else plain
    match plain.upper():
        case "UTC" | "GMT" | "Z" | "COORDINATED UNIVERSAL" | "GREENWICH MEAN" | "UNIVERSAL":
            return UTC
        case "LOCAL" | "SERVER":
            return zone("")
        case known if known in _PLACES:
            return zone(_PLACES[known])
        case _:
            return zone(name)
