"""How far a time zone is ahead of UTC, for as long as a batch may run."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_DAY_S = 86400
_YEARS = 5


def zone_offsets(zone: str | None, now: float) -> tuple[tuple[float, int], ...]:
    """Return from when (Unix seconds) the zone is so many seconds ahead of UTC, for five years.

    The first holds before as well, the last for ever. None: the machine's own zone.
    """
    ahead_s = _reader(zone)
    found = [(0.0, ahead_s(int(now) - _DAY_S))]
    for at in range(int(now), int(now) + 366 * _YEARS * _DAY_S, _DAY_S):
        if ahead_s(at) != found[-1][1]:
            found.append((_changed_at(ahead_s, at - _DAY_S, at), ahead_s(at)))
    return tuple(found)


def _reader(zone: str | None) -> Callable[[int], int]:
    # Without a zone each moment has the offset that the machine has then.
    place = ZoneInfo(zone) if zone else None

    def ahead_s(at: int) -> int:
        offset = datetime.fromtimestamp(at, UTC).astimezone(place).utcoffset()
        return round(offset.total_seconds()) if offset is not None else 0

    return ahead_s


def _changed_at(ahead_s: Callable[[int], int], before: int, after: int) -> float:
    """Return the first second that has the offset of ``after``; that of ``before`` is another."""
    while after - before > 1:
        middle = (before + after) // 2
        if ahead_s(middle) == ahead_s(after):
            after = middle
        else:
            before = middle
    return float(after)
