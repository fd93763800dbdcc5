"""Colours that programs write into their logs, as looks of the theme; all else they write is text."""

import re

from supervisor.tui.format import plain

Piece = tuple[str, str]

_COLOUR = re.compile(r"\x1b\[([0-9;:]*)m")
_BASIC = ("dim", "bad", "good", "warn", "running", "held", "key", "")
"""What the eight colours become: black, red, green, yellow, blue, magenta, cyan, white."""
_TAB = 8
_LEVELS = (0, 95, 135, 175, 215, 255)
_GREY_SPREAD = 48
"""Channels closer together than this make no colour."""


def pieces_of(line: str, *, ascii_only: bool = False) -> tuple[Piece, ...]:
    """Return the line as safe text with looks (``ECMA-48`` SGR; other sequences are dropped)."""
    line = line.expandtabs(_TAB)
    if "\x1b" not in line:
        return ((plain(line, ascii_only=ascii_only), ""),)
    found: list[Piece] = []
    look, at = "", 0
    for match in _COLOUR.finditer(line):
        _add(found, line[at : match.start()], look, ascii_only=ascii_only)
        look = _after(look, match[1])
        at = match.end()
    _add(found, line[at:], look, ascii_only=ascii_only)
    return tuple(found) or (("", ""),)


def _add(found: list[Piece], text: str, look: str, *, ascii_only: bool) -> None:
    if text := plain(text, ascii_only=ascii_only):
        found.append((text, look))


def _after(look: str, codes: str) -> str:
    """Return the look that follows ``look`` after the numbers of one sequence."""
    numbers = [int(code[:3] or 0) for code in re.split("[;:]", codes)]
    while numbers:
        code = numbers.pop(0)
        if code in (0, 39):
            look = ""
        elif code == 1:
            look = look or "strong"
        elif code == 2:
            look = look or "dim"
        elif 30 <= code <= 37 or 90 <= code <= 97:
            look = "dim" if code == 90 else _BASIC[code % 10]
        elif code in (38, 48):
            colour = _taken(numbers)
            look = colour if code == 38 else look
    return look


def _taken(numbers: list[int]) -> str:
    """Take the numbers of a colour out of 256, or of three channels, and return its look."""
    kind = numbers.pop(0) if numbers else 0
    if kind == 5 and numbers:
        return _of_256(numbers.pop(0))
    if kind == 2 and len(numbers) >= 3:
        return _of_channels(numbers.pop(0), numbers.pop(0), numbers.pop(0))
    return ""


def _of_256(number: int) -> str:
    if number < 16:
        return "dim" if number == 8 else _BASIC[number % 8]
    if number >= 232:
        return "dim" if number < 244 else ""
    number -= 16
    return _of_channels(_LEVELS[number // 36 % 6], _LEVELS[number // 6 % 6], _LEVELS[number % 6])


def _of_channels(red: int, green: int, blue: int) -> str:
    """Return the look of the nearest of the eight colours."""
    high, low = max(red, green, blue), min(red, green, blue)
    if high - low < _GREY_SPREAD:
        return "dim" if high < 128 else ""
    middle = (high + low) // 2
    number = (red > middle) + 2 * (green > middle) + 4 * (blue > middle)
    return _BASIC[number]
