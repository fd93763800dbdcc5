"""Where in something longer the visible part lies."""


def has_thumb(place: int, top: int, room: int, total: int) -> bool:
    """Return whether visible line ``place`` (from 0) carries the thumb; no line does if all fits."""
    if total <= room:
        return False
    length = max(1, room * room // total)
    start = top * (room - length) // max(1, total - room)
    return start <= place < start + length
