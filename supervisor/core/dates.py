"""A moment as a text names it, and the time the text was written → Unix seconds."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, tzinfo

from supervisor.core.moments import Moment

DUE_S = 30 * 60.0
"""A time up to this long past means: now."""


def resolved(moment: Moment, now: float, tz: tzinfo) -> float | None:
    """Return the Unix seconds that ``moment`` means in ``tz`` for a text written at ``now``.

    It is the first occurrence that is not more than 30 minutes past; None: there is none.
    """
    here = datetime.fromtimestamp(now, tz)
    times = (time for day in _days(moment, here) for time in _times(day, moment, tz))
    return min((time for time in times if time >= now - DUE_S), default=None)


def _days(moment: Moment, here: datetime) -> Iterator[date]:
    """Yield the days that may be meant."""
    today = here.date()
    if moment.dates:
        yield from _existing(
            (y, month, day)
            for year, month, day in moment.dates
            for y in ([year] if year is not None else [today.year - 1, today.year, today.year + 1])
        )
    elif moment.ahead is not None:
        yield today + timedelta(days=moment.ahead)
    elif moment.weekday is not None:
        ahead = (moment.weekday - today.weekday()) % 7
        yield from (today + timedelta(days=ahead + week) for week in (0, 7))
    else:
        # Just after midnight «11:50pm» is the evening before: due now.
        yield from (today + timedelta(days=ahead) for ahead in (-1, 0, 1))


def _existing(days: Iterable[tuple[int, int, int]]) -> Iterator[date]:
    for year, month, day in days:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


def _times(day: date, moment: Moment, tz: tzinfo) -> Iterator[float]:
    """Yield the Unix seconds of the moment's time on ``day``: two where clocks are put back."""
    hour, minute, second = moment.clock or (0, 0, 0)
    if hour == 24:
        # With a date «midnight» is how that day begins; without one it is the next to come.
        named = bool(moment.dates) or moment.weekday is not None or moment.ahead == 1
        day, hour = (day if named else day + timedelta(days=1)), 0
    try:
        first = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=tz)
        yield first.timestamp()
        again = first.replace(fold=1).timestamp()
    except (ValueError, OverflowError, OSError):
        return
    if again > first.timestamp():
        yield again
