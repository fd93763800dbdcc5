"""Dates and times of day as texts write them, in any order → what they name."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from supervisor.core.calendar_words import (
    MONTH,
    MONTH_AFTER_DAY,
    NEAR_DAY,
    WEEKDAY,
    days_ahead,
    month_of,
    weekday_of,
)
from supervisor.core.patterns import Pattern
from supervisor.core.zones import ZONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What a text names of a point in time; None: it does not say."""

    start: int
    """Where in the text it begins, and ``end`` where it ends."""
    end: int
    clock: tuple[int, int, int] | None = None
    """Hour, minute, second; hour 24 is midnight after the day."""
    dates: tuple[tuple[int | None, int, int], ...] = ()
    """Year, month, day; several where 02/03 may be read both ways, the likelier first."""
    weekday: int | None = None
    """Monday is 0."""
    ahead: int | None = None
    """Days after today."""
    zone: str | None = None


_CLOCK = Pattern(
    r"""(?ix)
    (?P<h12>\d{1,2}) (?: [:.](?P<m12>\d\d) (?: :(?P<s12>\d\d) (?:[.,]\d+)? )? )? \s* (?P<half>[ap])\.?\s?m\b\.?
  | (?P<asia>午前|午後|上午|下午|凌晨|晚上|오전|오후)? \s* (?P<hcjk>\d{1,2}) \s* (?:[时時点點]|시(?!간)) (?!间|間)
        (?: \s*(?P<mcjk>\d{1,2})\s*[分분] | (?P<halfpast>半) )?
  | (?P<h24>\d{1,2}) : (?P<m24>\d\d) (?: :(?P<s24>\d\d) (?:[.,]\d+)? )? (?![\d:]) (?:\s?(?:Uhr|hrs?|h)\b)?
  | (?P<heu>\d{1,2}) (?: \s?Uhr\b | h(?P<meu>\d\d)\b )
  | (?P<noon>noon|midday|mittag|midi|mediod[ií]a) \b | (?P<midnight>midnight|mitternacht|minuit|medianoche) \b
    """
)
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª)?"
_DATE = Pattern(
    rf"""(?ix)
    (?P<y1>20\d\d)[-/.](?P<n1>\d\d?)[-/.](?P<d1>\d\d?)(?!\d)
  | (?P<y2>20\d\d)\s?[年년]\s?(?P<n2>\d\d?)\s?[月월]\s?(?P<d2>\d\d?)\s?[日号號일] | (?P<n3>\d\d?)\s?[月월]\s?(?P<d3>\d\d?)\s?[日号號일]
  | (?P<d4>\d\d?)\.(?P<n4>\d\d?)\.(?P<y4>20\d\d)(?!\d)
  | (?P<a5>\d\d?)/(?P<b5>\d\d?)(?:/(?P<y5>20\d\d|\d\d(?!\d)))?(?![\d/])
  | (?P<m6>{MONTH})\s*(?P<d6>\d\d?)(?!\d|:){_ORDINAL}\b(?:,?\s+(?:de\s+)?(?P<y6>20\d\d)(?![\d:-]))?
  | (?P<d7>\d\d?)(?:{_ORDINAL}\b|\.)?(?:-|\s*)(?:(?:of|de)\s+)?(?P<m7>{MONTH_AFTER_DAY})(?:(?:-|,?\s+(?:de\s+)?)(?P<y7>20\d\d|(?<=-)\d\d)(?![\d:]))?
    """
)
_WEEKDAY = Pattern(rf"(?i)(?:(?:next|this|coming)\s+)?(?P<day>{WEEKDAY})")
_NEAR = Pattern(rf"(?i)(?P<day>{NEAR_DAY})")
_ZONE = Pattern(rf"\(?\s*(?P<zone>{ZONE})\s*\)?")
_YEAR = Pattern(r"(?P<year>20\d\d)(?![\d:/-])")
_JOIN = Pattern(
    r"(?i)(?:\s|,|T(?=\d)|-(?=\s)|\b(?:at|on|um|am(?=\s+\d)|à|a\s+las?|às|alle|ore|kl\.?|в|the)\b|@|·)*"
)
_BEGIN = Pattern(
    rf"""(?ix) (?: (?<![\w.:/-]) | (?<=[^\x00-\x7f]) | (?<=[(\["'|:=-]) )
    (?=\d | {MONTH} | {WEEKDAY} | {NEAR_DAY} | noon | mid | mittag | minuit | med | 午 | 上 | 下 | 凌 | 晚 | 오 | next | this | coming )"""
)


def moments(text: str) -> Iterator[Moment]:
    """Yield the points in time that ``text`` names, from left to right, without overlap."""
    done = 0
    for begin in _BEGIN.finditer(text):
        if begin.start() >= done and (found := moment_at(text, begin.start())) is not None:
            yield found
            done = found.end


def moment_at(text: str, start: int) -> Moment | None:
    """Return the point in time that begins at ``start`` in ``text``, or None."""
    found = Moment(start=start, end=start)
    place = start
    while (grown := _grown(found, text, place)) is not None:
        found = grown
        joint = _JOIN.match(text, found.end)
        place = joint.end() if joint else found.end
    return None if _is_empty(found) else found


def _is_empty(found: Moment) -> bool:
    return found.clock is None and not found.dates and found.weekday is None and found.ahead is None


def _grown(found: Moment, text: str, place: int) -> Moment | None:
    """Return ``found`` with the part that stands at ``place``; None: there is none."""
    for take in _PARTS:
        grown = take(found, text, place)
        if grown is not None:
            return grown
    return None


def _with_date(found: Moment, text: str, place: int) -> Moment | None:
    if found.dates or (part := _DATE.match(text, place)) is None:
        return None
    dates = tuple(_dates(part))
    return replace(found, end=part.end(), dates=dates) if dates else None


def _dates(part: re.Match[str]) -> Iterator[tuple[int | None, int, int]]:
    """Yield the readings of a matched date."""
    groups = {name: value for name, value in part.groupdict().items() if value is not None}
    which = next(name[1] for name in groups if name[0] in "dab")
    year = int(groups[f"y{which}"]) if f"y{which}" in groups else None
    if year is not None and year < 100:
        year += 2000
    if which == "5":
        first, second = int(groups["a5"]), int(groups["b5"])
        if year is not None:
            yield from ((year, m, d) for m, d in ((first, second), (second, first)) if m <= 12)
        return
    if groups.get("m7") == "may":
        return  # «attempt 5 may fail»
    month = groups.get(f"n{which}") or month_of(groups[f"m{which}"])
    if 1 <= int(month) <= 12:
        yield year, int(month), int(groups[f"d{which}"])


def _with_clock(found: Moment, text: str, place: int) -> Moment | None:
    if found.clock is not None or (part := _CLOCK.match(text, place)) is None:
        return None
    clock = _clock(part)
    return None if clock is None else replace(found, end=part.end(), clock=clock)


def _clock(part: re.Match[str]) -> tuple[int, int, int] | None:
    """Return the time of day of a matched clock, or None if there is no such time."""
    if part["noon"]:
        return 12, 0, 0
    if part["midnight"]:
        return 24, 0, 0
    if part["h12"]:
        hour, minute, second = int(part["h12"]), int(part["m12"] or 0), int(part["s12"] or 0)
        if hour > 12:
            return None
        hour = hour % 12 + (12 if part["half"] in "pP" else 0)
    elif part["hcjk"]:
        hour, minute, second = (
            int(part["hcjk"]),
            int(part["mcjk"] or (30 if part["halfpast"] else 0)),
            0,
        )
        hour = hour % 12 + 12 if part["asia"] in {"午後", "下午", "晚上", "오후"} else hour
    else:
        hour = int(part["h24"] or part["heu"])
        minute, second = int(part["m24"] or part["meu"] or 0), int(part["s24"] or 0)
    whole = hour == 24 and minute == second == 0
    return (hour, minute, second) if whole or (hour < 24 and minute < 60 and second < 60) else None


def _with_weekday(found: Moment, text: str, place: int) -> Moment | None:
    if found.weekday is not None or (part := _WEEKDAY.match(text, place)) is None:
        return None
    return replace(found, end=part.end(), weekday=weekday_of(part["day"]))


def _with_near_day(found: Moment, text: str, place: int) -> Moment | None:
    if found.ahead is not None or (part := _NEAR.match(text, place)) is None:
        return None
    return replace(found, end=part.end(), ahead=days_ahead(part["day"]))


def _with_year(found: Moment, text: str, place: int) -> Moment | None:
    """As ``Thu Feb 12 21:28:00 2026`` has it."""
    if not found.dates or found.dates[0][0] is not None:
        return None
    part = _YEAR.match(text, place)
    if part is None:
        return None
    dates = tuple((int(part["year"]), month, day) for _, month, day in found.dates)
    return replace(found, end=part.end(), dates=dates)


def _with_zone(found: Moment, text: str, place: int) -> Moment | None:
    if found.zone is not None or (part := _ZONE.match(text, place)) is None or _is_empty(found):
        return None
    return replace(found, end=part.end(), zone=part["zone"])


_Take = Callable[[Moment, str, int], Moment | None]
_PARTS: tuple[_Take, ...] = (
    _with_date,
    _with_clock,
    _with_year,
    _with_weekday,
    _with_near_day,
    _with_zone,
)
