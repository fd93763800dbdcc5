"""Every time in a text that says when to go on, each with who says so."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from supervisor.core.cues import Says, said_of_moment, said_of_span
from supervisor.core.dates import DUE_S, resolved
from supervisor.core.keyed import Field, epoch_s, fields
from supervisor.core.moments import Moment, moment_at, moments
from supervisor.core.patterns import Pattern
from supervisor.core.spans import SPAN, span_s
from supervisor.core.zones import ZoneLookup, zone_of

LONGEST_S = 31 * 86400.0
"""A wait beyond this is a misreading."""
_WINDOW_S = 600.0
"""A time stamp of a machine further ahead than this is the end of a window."""
_RESTATED = 4
"""A second time of day so few characters after the first tells it again, in another zone."""

_SPAN = Pattern(rf"(?<![A-Za-z0-9_./-])(?<!\d:){SPAN}(?![-_]\w)", re.IGNORECASE)
# After «at» the same would be a time of day.
_SPAN_CLOCK = Pattern(
    r"(?i)\b(?:in|for|another|wait(?:ing)?|remaining:?|left:?)\s+(?:about\s+|~\s*)?"
    r"(?P<span>(?:\d+\s+days?,\s+)?\d{1,3}:\d\d(?::\d\d(?:\.\d+)?)?)(?![\d:]|\s*[ap]\.?m\b)"
)
_EPOCH = Pattern(
    r"(?i)(?P<bar>limit\s+reached\s*\|\s*)?(?<![\w.-])(?P<epoch>(?:1[5-9]|2[01])\d{8}(?:\d{3}){0,3})(?!\w|\.\d{4})"
)

_Place = tuple[int, int]


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


@dataclass(frozen=True, slots=True)
class Reading:
    """One stated time among perhaps several."""

    says: Says
    stated: Stated
    exhausted: bool | None = None
    """The budget it belongs to is used up; None: nothing says so."""


def readings(text: str, now: float, zone: ZoneLookup) -> list[Reading]:
    """Return every time in plain ``text``, written at ``now``, that says when to go on."""
    found = list(fields(text))
    return [*_of_fields(text, found, now, zone), *_of_words(text, found, now, zone)]


def _of_fields(
    text: str, found: Sequence[Field], now: float, zone: ZoneLookup
) -> Iterator[Reading]:
    """Yield the readings of fields whose value is a time in range."""
    for field in found:
        words, time = text[field.start : field.end], None
        if field.seconds is not None:
            time = _after(field.seconds, words, now)
        elif field.epoch is not None:
            time = _stamp(field.epoch, words, now, machine=True)
        elif (moment := moment_at(text, field.value_at)) is not None:
            time = _resolved(moment, text[field.start : moment.end], now, zone)
        if time is not None:
            yield Reading(field.says, time, field.exhausted)


def _of_words(text: str, found: Sequence[Field], now: float, zone: ZoneLookup) -> Iterator[Reading]:
    """Yield the readings of times that words beside them make a wait; none is read twice."""
    taken: list[_Place] = [
        (field.start, field.end) for field in found if field.end > field.value_at
    ]
    for span in _SPAN_CLOCK.finditer(text):
        taken.append(span.span("span"))
        yield from _of_span(text, span.span("span"), now)
    yield from _of_moments(text, taken, now, zone)
    for span in _SPAN.finditer(text):
        if not _overlaps(span.start(), taken):
            yield from _of_span(text, span.span(), now)
    yield from _of_epochs(text, taken, now)


def _of_span(text: str, place: _Place, now: float) -> Iterator[Reading]:
    says = said_of_span(text, *place)
    seconds = None if says is None else span_s(text[slice(*place)])
    time = None if seconds is None else _after(seconds, _around(text, place), now)
    if says is not None and time is not None:
        yield Reading(says, time)


def _of_moments(text: str, taken: list[_Place], now: float, zone: ZoneLookup) -> Iterator[Reading]:
    """Yield the readings of times of day and dates; where any stands is added to ``taken``."""
    said_to = -_RESTATED
    for moment in moments(text):
        if _overlaps(moment.start, taken) or moment.start - said_to < _RESTATED:
            continue
        place = (moment.start, moment.end)
        taken.append(place)
        says = said_of_moment(text, *place)
        time = None if says is None else _resolved(moment, _around(text, place), now, zone)
        if says is not None and time is not None:
            said_to = moment.end
            yield Reading(says, time)


def _of_epochs(text: str, taken: Sequence[_Place], now: float) -> Iterator[Reading]:
    for digits in _EPOCH.finditer(text):
        place = digits.span("epoch")
        if _overlaps(place[0], taken):
            continue
        says = Says.RESET if digits["bar"] else said_of_moment(text, *place)
        time = _stamp(epoch_s(digits["epoch"]), _around(text, place), now, machine=True)
        if says is not None and time is not None:
            yield Reading(says, time)


def _resolved(moment: Moment, words: str, now: float, zone: ZoneLookup) -> Stated | None:
    tz = zone_of(moment.zone, zone)
    at = None if tz is None else resolved(moment, now, tz)
    if at is None:
        return None
    machine = moment.clock is not None and any(year is not None for year, _, _ in moment.dates)
    return _stamp(at, words, now, machine=machine)


def _after(seconds: float, words: str, now: float) -> Stated | None:
    if not math.isfinite(seconds) or not 0 <= seconds <= LONGEST_S:
        return None
    return Stated(at=now + seconds, wait_s=round(seconds, 9), clock=False, words=words.strip())


def _stamp(at: float, words: str, now: float, *, machine: bool) -> Stated | None:
    if not now - DUE_S <= at <= now + LONGEST_S:
        return None
    is_window = not machine or at - now > _WINDOW_S
    return Stated(at=max(at, now), wait_s=None, clock=is_window, words=words.strip())


def _around(text: str, place: _Place) -> str:
    """Return the time with a few words before it."""
    return text[max(0, text.rfind(" ", 0, max(0, place[0] - 30)) + 1) : place[1]]


def _overlaps(start: int, taken: Sequence[_Place]) -> bool:
    return any(first <= start < last for first, last in taken)
