"""Plain text for terminals: made harmless, cut to a width, times and spans in few letters."""

import time

_DAY_S = 86400.0


def now() -> float:
    """Return Unix seconds: what the text on the screen counts from."""
    return time.time()  # noqa: TID251 - a command that looks once needs no Clock to be moved


def cleaned(text: object) -> str:
    """Return ``text`` on one line, without anything that a terminal would obey."""
    flat = " ".join(str(text).split())
    return flat if flat.isprintable() else "".join(c if c.isprintable() else "?" for c in flat)


def width_of(text: str) -> int:
    """Return how many columns ``text`` takes."""
    return len(text) if text.isascii() else sum(_columns(char) for char in text)


def cut(text: str, width: int) -> str:
    """Return ``text`` in at most ``width`` columns, with an ellipsis where it was cut."""
    if width_of(text) <= width:
        return text
    kept: list[str] = []
    used = 0
    for char in text:
        used += _columns(char)
        if used > width - 1:
            break
        kept.append(char)
    return "".join(kept) + "…"


def padded(text: str, width: int) -> str:
    """Return ``text`` cut or filled to exactly ``width`` columns."""
    short = cut(text, width)
    return short + " " * (width - width_of(short))


def wrapped(text: str, width: int, indent: str, most: int) -> list[str]:
    """Return ``text`` in lines of ``width`` columns, ``most`` at most, all but the first indented."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        if line.strip() and width_of(line) + 1 + width_of(word) > width:
            lines.append(line)
            line = indent + word
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join([lines[most - 1], *map(str.strip, lines[most:])])]
    return [cut(one, width) for one in lines]


def clock(at: float, now: float) -> str:
    """Return a point in time as ``02:04``, with the day when it is not within a day."""
    form = "%H:%M" if abs(at - now) < _DAY_S else "%b %d %H:%M"
    return time.strftime(form, time.localtime(at))


def span(seconds: float) -> str:
    """Return a span as ``40s``, ``12m``, ``3h05m`` or ``2d4h``."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02}s" if whole < 600 else f"{whole // 60}m"
    if whole < _DAY_S:
        return f"{whole // 3600}h{whole % 3600 // 60:02}m"
    return f"{whole // 86400}d{whole % 86400 // 3600}h"


def _columns(char: str) -> int:
    """Return the columns of one character: 0 when it combines, 2 when it is wide."""
    if char.isascii():
        return 1
    import unicodedata

    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def apart(*facts: str) -> str:
    """Return facts in one line, each cleaned, two spaces between."""
    return "  ".join(cleaned(one) for one in facts if one)
