"""Spans of time in words: ``6m0s``, ``1.2s``, ``2 hours 15 minutes``."""

import re

_UNIT_S = {
    "ms": 0.001, "millisecond": 0.001, "s": 1.0, "sec": 1.0, "second": 1.0, "m": 60.0,
    "min": 60.0, "minute": 60.0, "h": 3600.0, "hr": 3600.0, "hour": 3600.0, "d": 86400.0,
    "day": 86400.0, "w": 604800.0, "week": 604800.0,
}  # fmt: skip
_UNIT = (
    r"(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)"
    r"(?![a-zA-Z])"
)
_PART = rf"(?:\d+(?:\.\d+)?\s*|\ban?\s+){_UNIT}"
# In 1h2m3s a unit runs into the next number.
_GLUED = r"(?:\d+(?:\.\d+)?(?:ms|[smhdw]))(?:\d+(?:\.\d+)?(?:ms|[smhdw]))*(?![a-zA-Z0-9])"
SPAN = rf"(?:(?:{_GLUED}|{_PART})(?:(?:\s*,)?\s*(?:and\s+)?(?:{_GLUED}|{_PART}))*)"
"""Regular expression of a span, without groups."""


def span_s(text: str) -> float | None:
    """Return the seconds of a span such as ``6m0s``, ``1.2s``, ``2 hours 15 minutes``; None if none."""
    total = 0.0
    parts = re.findall(r"(?i)(\d+(?:\.\d+)?(?=\s*[a-z])|\ban?(?=\s))\s*([a-z]+)", text)
    if not parts:
        return None
    for number, unit in parts:
        name = unit.lower()
        factor = _UNIT_S.get(name) or _UNIT_S.get(name.rstrip("s"))
        if factor is None:
            return None
        total += (1.0 if number.lower() in {"a", "an"} else float(number)) * factor
    return total
