"""Words that say when to try again → a point in time."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from supervisor.core.spans import SPAN, span_s
from supervisor.core.zones import ZoneLookup, zone_of

LONGEST_S = 31 * 86400.0
"""A wait beyond this is a misreading."""
DUE_S = 30 * 60.0
"""A time up to this long past means: now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """When a text says to try again."""

    at: float
    """Unix seconds, not before the ``now`` it was read with; without slack."""
    wait_s: float | None
    """The wait in seconds where the text states a span."""
    clock: bool
    """The text names a time of day or a date: a window ends then."""
    words: str
    """The part of the text that says so."""


def stated(text: str, now: float, zone: ZoneLookup) -> Stated | None:
    """Return when ``text``, written at ``now``, says to try again; None if it does not say.

    Times of day without a zone are of the batch's zone. Up to 30 minutes past is due now, older
    ones mean their next occurrence. Waits beyond 31 days are taken for a misreading.
    """
    text = _TIME_FIRST.sub(r"\2, \1", text)
    for found in _candidates(text, now, zone):
        if found is not None:
            return found
    return None


_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
_TIME = (
    r"(?:(?P<hour>\d{1,2})(?::(?P<minute>\d\d)(?::(?P<second>\d\d))?)?\s*"
    r"(?P<half>[ap])\.?m\b\.?|(?P<hour24>\d{1,2}):(?P<minute24>\d\d)(?::(?P<second24>\d\d))?(?!\d)"
    r"|(?P<noon>noon|midnight))"
)
_ZONE = (
    r"(?:\s*\(?\s*(?P<zone>[A-Z][A-Za-z_]+(?:/[A-Za-z_+\-0-9]+){1,2}"
    r"|(?:UTC|GMT)(?:\s?[+-]\d{1,2}(?::?\d\d)?)?|[+-]\d\d:?\d\d"
    r"|(?:[PMCE][SD]?T|AK[SD]?T|HST|CES?T|WES?T|EES?T|BST|IST|JST|KST|SGT|AE[SD]T|Z)(?![a-zA-Z]))\s*\)?)?"
)
_DATE = (
    rf"(?:(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month2>{_MONTH}))"
    r"(?:,?\s+(?P<year>20\d\d))?"
)
_AGAIN = (
    r"(?:re-?sets?|resetting|try\s+again|retry(?:ing)?|re-?try\s+after|available(?:\s+again)?|renews?|refresh(?:es)?"
    r"|wait|until|restored|lifted|resumes?|unblocked|expires|back)"
)
_LINK = r"(?:\s*(?::|=|·|-|\u2013)\s*|\s+)(?:(?:it|again|request|will|be|is|for|time|the|next|limit|window|after|at|on|in|by|until|least|about|approximately|~)\s*[:=]?\s*){0,5}"

_HEADER = re.compile(
    r"""(?ix) \b retry[-_ ]?after (?P<unit>[-_]?(?:ms|millis\w*|s|secs|seconds?))? \b
        ["'\]]{0,2} \s* [:=]? \s* ["'\[(]{0,2} \s*
        (?P<value>-?\d+(?:\.\d+)?(?:e\d+)?) (?P<suffix>\s*(?:ms|m?s(?:ec(?:ond)?s?)?|min(?:ute)?s?|m|h(?:ou)?rs?|h|d(?:ay)?s?)(?![a-z]))? (?![\d:]|-\d|\s*[ap]\.?m\b)""",
)
_HTTP_DATE = re.compile(
    r"(?i)\b(?:mon|tue|wed|thu|fri|sat|sun)\w*,\s+(\d{1,2})[\s-]([a-z]{3})[a-z]*[\s-](\d{4})\s+"
    r"(\d\d):(\d\d):(\d\d)\s+(?:GMT|UTC)"
)
_RETRY_DELAY = re.compile(rf"""(?i)\bretry[-_]?(?:delay|in)["']?\s*[:=]\s*["']?(?P<span>{SPAN})""")
_SPAN_AFTER = re.compile(
    rf"(?i)\b(?:try\s+again|re-?try(?:ing)?|resets?|resetting|available(?:\s+again)?|waiting|wait|back\s*off|backing\s+off|sleeping|renews|refreshes|resumes?)\b[^.\n]{{0,50}}?"
    rf"\b(?:in|after|for|at\s+least|wait|another|:)?\s*:?\s*~?(?<![\d.:/-])(?P<span>{SPAN})"
)
_ISO = re.compile(
    r"(?P<iso>20\d\d-\d\d-\d\d[T\s]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(?P<off>Z|UTC|GMT|[+-]\d\d:?\d\d|[PMCE][SD]?T(?![a-zA-Z]))?"
)
_EPOCH = re.compile(
    r"(?i)(?:reset\w*|until|retry[-_ ]?(?:at|after)|limit\s+reached|again\s+at)[\"']?\s*(?:[-_ ]?(?:at|time|on))?"
    r"[\"']?\s*[|:=]?\s*[\"']?(?P<epoch>1\d{9}(?:\d{3})?)(?:\.\d+)?(?!\d)"
)
_RESET_HEADER = re.compile(
    rf"""(?i)\bratelimit-(?:\w+-)?reset(?:-\w+)?["']?\s*[:=]\s*["']?(?:(?P<span>{SPAN})|(?P<bare>\d+(?:\.\d+)?)(?![\d:T-]))"""
)
_TIME_FIRST = re.compile(
    rf"(?i)\b(\d{{1,2}}(?::\d\d)?\s*[ap]\.?m\.?)\s+on\s+({_MONTH}\s+\d{{1,2}}|{_DAY})"
)
_MOMENT = re.compile(
    rf"(?i:\b{_AGAIN}\b{_LINK}(?:(?P<weekday>{_DAY}),?\s*(?:at\s+)?)?"
    rf"(?:(?P<relative>today|tomorrow),?\s*(?:at\s+)?)?)"
    rf"(?:(?i:{_DATE})(?i:\s*,?\s*(?:at\s+)?))?(?:(?i:{_TIME}))?{_ZONE}"
)


def _candidates(text: str, now: float, zone: ZoneLookup) -> Iterator[Stated | None]:
    """Yield readings of ``text``, the most binding first."""
    if (found := _HEADER.search(text)) is not None:
        yield _header(found, now)
    yield _http_date(text, now)
    if (found := _RETRY_DELAY.search(text)) is not None:
        yield _in(found.group("span"), found.group(), now)
    yield _moment(text, now, zone)
    yield _iso(text, now, zone)
    yield _epoch(text, now)
    if (found := _SPAN_AFTER.search(text)) is not None:
        yield _in(found.group("span"), found.group(), now)
    if (found := _RESET_HEADER.search(text)) is not None:
        span = found.group("span") or f"{found.group('bare')}s"
        yield _in(span, found.group(), now)


def _header(found: re.Match[str], now: float) -> Stated | None:
    value = float(found.group("value"))
    if found.group("unit") and "m" in found.group("unit"):
        value /= 1000
    elif found.group("suffix"):
        value = span_s(f"{found.group('value')}{found.group('suffix')}") or value
    elif value >= 1e9:
        return _at(value / 1000 if value >= 1e12 else value, found.group(), now, clock=True)
    return _after(value, found.group(), now)


def _in(span: str, words: str, now: float) -> Stated | None:
    seconds = span_s(span)
    return None if seconds is None else _after(seconds, words, now)


def _after(seconds: float, words: str, now: float) -> Stated | None:
    if not math.isfinite(seconds) or not 0 <= seconds <= LONGEST_S:
        return None
    return Stated(at=now + seconds, wait_s=round(seconds, 6), clock=False, words=words.strip())


def _at(moment: float, words: str, now: float, *, clock: bool) -> Stated | None:
    if not now - DUE_S <= moment <= now + LONGEST_S:
        return None
    return Stated(at=max(moment, now), wait_s=None, clock=clock, words=words.strip())


def _http_date(text: str, now: float) -> Stated | None:
    if not re.search(r"(?i)retry[-_ ]?after|reset|again|until", text):
        return None
    for found in _HTTP_DATE.finditer(text):
        before = text[max(0, found.start() - 40) : found.start()]
        if re.search(r"(?i)(retry[-_ ]?after|reset\w*|again|until)\W*(?:at|on)?\W*$", before):
            day, month, year, *clock = found.groups()
            moment = _utc(int(year), _month(month), int(day), *(int(part) for part in clock))
            return None if moment is None else _at(moment, found.group(), now, clock=True)
    return None


def _utc(year: int, month: int, day: int, hour: int, minute: int, second: int) -> float | None:
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _iso(text: str, now: float, zone: ZoneLookup) -> Stated | None:
    for found in _ISO.finditer(text):
        around = (
            text[max(0, found.start() - 60) : found.start()]
            + "|"
            + text[found.end() : found.end() + 12]
        )
        if not re.search(r"(?i)reset|again|retry|until|available|重置|恢复|解除", around):
            continue
        try:
            moment = datetime.fromisoformat(found.group("iso"))
        except ValueError:
            continue
        tz = zone_of(found.group("off"), zone)
        return (
            None
            if tz is None
            else _at(moment.replace(tzinfo=tz).timestamp(), found.group(), now, clock=True)
        )
    return None


def _epoch(text: str, now: float) -> Stated | None:
    found = _EPOCH.search(text)
    if found is None:
        return None
    value = float(found.group("epoch"))
    return _at(value / 1000 if value >= 1e12 else value, found.group(), now, clock=True)


def _moment(text: str, now: float, zone: ZoneLookup) -> Stated | None:
    for found in _MOMENT.finditer(text):
        has_time = found.group("hour") or found.group("hour24") or found.group("noon")
        has_date = found.group("month") or found.group("month2")
        if not (has_time or has_date or found.group("weekday") or found.group("relative")):
            continue
        tz = zone_of(found.group("zone"), zone)
        if tz is None:
            continue
        moment = _resolve(found, now, tz)
        if moment is not None and (result := _at(moment, found.group(), now, clock=True)):
            return result
    return None


def _resolve(found: re.Match[str], now: float, tz: tzinfo) -> float | None:
    """Return the Unix seconds a moment in words means at ``now``; None if there is no such moment."""
    clock = _clock(found)
    if clock is None:
        return None
    hour, minute, second = clock
    here = datetime.fromtimestamp(now, tz)
    month = found.group("month") or found.group("month2")
    if month:
        day = int(found.group("day") or found.group("day2"))
        year = found.group("year")
        years = [int(year)] if year else [here.year - 1, here.year, here.year + 1]
        days = [(y, _month(month), day) for y in years]
    else:
        days = [_ymd(here + timedelta(days=ahead)) for ahead in _days_ahead(found, here)]
    moments = (_local(*date, hour, minute, second, tz) for date in days)
    return next((m for m in moments if m is not None and m >= now - DUE_S), None)


def _days_ahead(found: re.Match[str], here: datetime) -> list[int]:
    if found.group("relative"):
        return [1 if found.group("relative").lower() == "tomorrow" else 0]
    if found.group("weekday"):
        ahead = (_DAYS.index(found.group("weekday").lower()[:3]) - here.weekday()) % 7
        return [ahead, ahead + 7]
    # Just after midnight «11:50pm» is the evening before: due now.
    return [-1, 0, 1]


def _clock(found: re.Match[str]) -> tuple[int, int, int] | None:
    if found.group("noon"):
        return (12, 0, 0) if found.group("noon").lower() == "noon" else (0, 0, 0)
    if found.group("hour24"):
        hour, minute, second = found.group("hour24", "minute24", "second24")
        parts = (int(hour), int(minute), int(second or 0))
    elif found.group("hour"):
        hour, minute, second = found.group("hour", "minute", "second")
        if not 1 <= int(hour) <= 12:
            return None
        half = 12 if found.group("half").lower() == "p" else 0
        parts = (int(hour) % 12 + half, int(minute or 0), int(second or 0))
    else:
        parts = (0, 0, 0)
    return parts if parts[0] < 24 and parts[1] < 60 and parts[2] < 60 else None


def _local(
    year: int, month: int, day: int, hour: int, minute: int, second: int, tz: tzinfo
) -> float | None:
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=tz).timestamp()
    except (ValueError, OverflowError):
        return None


def _ymd(moment: datetime) -> tuple[int, int, int]:
    return moment.year, moment.month, moment.day


def _month(name: str) -> int:
    short = name.lower()[:3]
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0
