"""``hours``: launch only between two times of day, as the clock on the wall shows them.

A zone comes as its offsets, so that nothing here looks anything up. Where the clock is set forward, an
edge that no clock shows counts from the moment of the change; where it is set back, what it shows
twice counts twice.
"""

from dataclasses import dataclass

_DAY_S = 86400
_DAY_MIN = 1440
_AHEAD_DAYS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Minutes after midnight; ``closes`` may come before ``opens``: then the night lies between."""

    opens: int
    closes: int
    offsets: tuple[tuple[float, int], ...] = ((0.0, 0),)
    """From when (Unix seconds) the zone is so many seconds ahead of UTC; in order of time."""


def is_open(hours: Hours, now: float) -> bool:
    """Tell whether something may be launched."""
    minute = (now + _offset_s(hours, now)) % _DAY_S / 60
    if hours.opens < hours.closes:
        return hours.opens <= minute < hours.closes
    return minute >= hours.opens or minute < hours.closes


def next_change(hours: Hours, now: float) -> float:
    """Return when (Unix seconds) it next opens, or closes, after ``now``."""
    last = now + _AHEAD_DAYS * _DAY_S
    moments = {at for at, _ in hours.offsets if now < at <= last}
    for offset_s in {_offset_s(hours, now), _offset_s(hours, last)}:
        day = (now + offset_s) // _DAY_S
        for ahead in range(-1, _AHEAD_DAYS):
            midnight = (day + ahead) * _DAY_S - offset_s
            moments |= {midnight + 60 * edge for edge in (hours.opens, hours.closes)}
    is_now = is_open(hours, now)
    return min(at for at in moments if at > now and is_open(hours, at) != is_now)


def written(hours: Hours) -> str:
    """Return the hours as a batch file gives them."""
    return f"{clock(hours.opens)}-{clock(hours.closes)}"


def clock(minute: int) -> str:
    """Return a time of day, such as ``07:30``."""
    return f"{minute % _DAY_MIN // 60:02}:{minute % 60:02}"


def _offset_s(hours: Hours, at: float) -> int:
    found = hours.offsets[0][1]
    for since, offset_s in hours.offsets:
        if since > at:
            break
        found = offset_s
    return found
