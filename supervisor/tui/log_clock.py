"""When the lines of a log came, as exactly as anybody noted it."""

import re
import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from supervisor.ports import Arrival

CELLS = 10
"""Of a time, with a sign before it and a space after it."""
_PERCENT = re.compile(r"(\d{1,3})\s*%")
_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?")
_DAY_S = 86400


@dataclass(frozen=True, slots=True)
class Share:
    """A place in a log: so much of its bytes stand before."""

    percent: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in a log: what came from then on (Unix seconds)."""

    at: float


def place_of(typed: str, now: float) -> Share | Moment | None:
    """Return what ``50 %``, ``02:14`` or ``02:14:30`` means; times are the latest that are over."""
    typed = typed.strip()
    if (match := _PERCENT.fullmatch(typed)) is not None and int(match[1]) <= 100:
        return Share(int(match[1]))
    if (match := _TIME.fullmatch(typed)) is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return Moment(_latest(hour, minute, second, now))


def _latest(hour: int, minute: int, second: int, now: float) -> float:
    for day in (now, now - _DAY_S):
        date = time.localtime(day)
        # Whether summer time holds then is for the zone to say.
        at = time.mktime((date.tm_year, date.tm_mon, date.tm_mday, hour, minute, second, 0, 0, -1))
        if at <= now:
            return at
    return now


class LogClock:
    """What is known of one stream of one attempt."""

    def __init__(self) -> None:
        self._came: list[Arrival] = []

    def take(self, arrivals: Sequence[Arrival]) -> None:
        """Take what the engine noted; what only we saw since is kept."""
        until = arrivals[-1].offset if arrivals else 0
        self._came = [*arrivals, *(one for one in self._came if one.offset > until and arrivals)]

    def saw(self, offset: int, now: float) -> None:
        """Hear that the file has grown to ``offset`` bytes since it was last looked at."""
        if self._came and offset > self._came[-1].offset:
            self._came.append(Arrival(offset=offset, at=now))

    def words(self, offset: int) -> str:
        """Return when the line that begins at ``offset`` came; ``~``: then, or before."""
        at = bisect_right(self._came, offset, key=_offset)
        if at == len(self._came):
            return " " * CELLS
        one = self._came[at]
        clock = time.strftime("%H:%M:%S", time.localtime(one.at))
        return f"{'~' if one.late else ' '}{clock} "

    def offset_at(self, at: float) -> int | None:
        """Return where in the file stands what came from ``at`` on; None: nothing came since."""
        before = 0
        for one in self._came:
            if one.at >= at:
                return before
            before = one.offset
        return None


def _offset(one: Arrival) -> int:
    return one.offset
