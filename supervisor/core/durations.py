"""Spans of time as people write them: ``90s``, ``2h30m``, ``1d``."""

import re

_SECONDS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhd])")
_WHOLE = re.compile(rf"(?:{_PART.pattern})+")


def seconds(text: str) -> float:
    """Return the seconds of a duration such as ``90s``, ``1.5h`` or ``2h30m``.

    Raises:
        ValueError: it is none; the text says how one is written.
    """
    if not _WHOLE.fullmatch(text):
        raise ValueError(_hint(text))
    total, smallest = 0.0, float("inf")
    for match in _PART.finditer(text):
        unit = _SECONDS[match[2]]
        if unit >= smallest:
            raise ValueError(f"{text!r} is no duration: write its units once each, largest first")
        total, smallest = total + float(match[1]) * unit, unit
    return round(total, 3)


def written(span_s: float) -> str:
    """Return ``span_s`` as ``seconds`` reads it, to the millisecond."""
    rest = round(span_s * 1000)
    parts: list[str] = []
    for unit, length_s in _SECONDS.items():
        count, rest = divmod(rest, round(length_s * 1000))
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def _hint(text: str) -> str:
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return f"{text!r} has no unit: write {text}s, {text}m or {text}h"
    return f"{text!r} is no duration: write it like 90s, 2h30m or 1d"
