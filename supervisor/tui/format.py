"""Values as the screen shows them: safe, of a known width, and changing only when it matters."""

import re
import unicodedata
from datetime import datetime
from functools import lru_cache
from math import ceil
from typing import Literal

from rich.cells import cell_len

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 86400

_ESCAPES = re.compile(
    r"""
    (?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?                   # CSI, also one that was cut off
    | (?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])           # OSC, DCS, SOS, PM, APC ...
      [^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)            # ... with what they carry
    | \x1b[ -/]*[0-~]?                                  # every shorter escape
    """,
    re.VERBOSE,
)
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_STACKED = frozenset({"Mn", "Me"})
_MOST_STACKED = 2
_SELECTORS = range(0xFE00, 0xFE10)
"""Variation selectors change how wide terminals draw the sign before them."""


def plain(text: str, *, ascii_only: bool = False) -> str:
    """Return ``text`` as one line that can do nothing to a terminal but be shown.

    Escape sequences, control, bidi and zero-width characters go; line breaks and tabs become
    spaces; with ``ascii_only`` everything else that is not ASCII becomes ``?``.
    """
    if text.isascii() and text.isprintable():
        return text
    return _plain(text, ascii_only)


@lru_cache(maxsize=4096)
def _plain(text: str, ascii_only: bool) -> str:
    text = _ESCAPES.sub("", text)
    text = unicodedata.normalize("NFC", text)
    kept: list[str] = []
    stacked = 0
    for char in text:
        if char in "\n\r\t\v\f":
            kept.append(" ")
            continue
        category = unicodedata.category(char)
        if category in _DROPPED or ord(char) in _SELECTORS:
            continue
        stacked = stacked + 1 if category in _STACKED else 0
        if stacked > _MOST_STACKED or (stacked and not kept):
            continue
        kept.append(char if char.isascii() or not ascii_only else "?")
    return "".join(kept)


def fit(
    text: str,
    cells: int,
    *,
    align: Literal["left", "right"] = "left",
    cut: Literal["end", "middle"] = "end",
    ellipsis: str = "…",
) -> str:
    """Return ``text`` (already plain) in exactly ``cells`` cells: cut with an ellipsis, or padded."""
    if cells <= 0:
        return ""
    wide = len(text) if text.isascii() else cell_len(text)
    if wide > cells:
        text = _cut(text, cells, cut, ellipsis)
        wide = cell_len(text)
    padding = " " * (cells - wide)
    return padding + text if align == "right" else text + padding


def _cut(text: str, cells: int, cut: Literal["end", "middle"], ellipsis: str) -> str:
    if cells == 1:
        return ellipsis
    tail = "" if cut == "end" else _last(text, (cells - 1) * 3 // 5)
    return _first(text, cells - 1 - cell_len(tail)) + ellipsis + tail


def _first(text: str, cells: int) -> str:
    used = 0
    for index, char in enumerate(text):
        used += cell_len(char)
        if used > cells:
            return text[:index]
    return text


def _last(text: str, cells: int) -> str:
    used = 0
    for index in range(len(text) - 1, -1, -1):
        used += cell_len(text[index])
        if used > cells:
            return text[index + 1 :].lstrip()
    return text


def wrapped(text: str, cells: int) -> list[str]:
    """Return ``text`` (already plain) broken at ``cells`` cells, at spaces where they are near."""
    rows: list[str] = []
    while text and (len(text) if text.isascii() else cell_len(text)) > cells:
        head = _first(text, cells) or text[0]
        space = head.rfind(" ")
        if space > len(head) // 2:
            head = head[: space + 1]
        rows.append(head.rstrip())
        text = text[len(head) :]
    return [*rows, text]


def age(seconds: float) -> str:
    """Return a past span in at most five cells, coarse on purpose: it must not tick."""
    if seconds < MINUTE_S:
        return "<1m"
    return _coarse(int(seconds))


def left(seconds: float) -> str:
    """Return a span to come in at most five cells; below a minute in steps of ten seconds."""
    if seconds <= 0:
        return "now"
    if seconds <= MINUTE_S - 10:
        return f"{ceil(seconds / 10) * 10}s"
    return _coarse(ceil(seconds / MINUTE_S) * MINUTE_S)


def countdown(seconds: float) -> str:
    """Return a span to come, to the second in its last two minutes; for one place, not for rows."""
    if 0 < seconds <= 2 * MINUTE_S:
        return f"{ceil(seconds)}s"
    return left(seconds)


def _coarse(seconds: int) -> str:
    if seconds < HOUR_S:
        return f"{seconds // MINUTE_S}m"
    if seconds < 10 * HOUR_S:
        return f"{seconds // HOUR_S}h{seconds % HOUR_S // MINUTE_S:02d}"
    if seconds < 4 * DAY_S:
        return f"{seconds // HOUR_S}h"
    return f"{min(seconds // DAY_S, 9999)}d"


def clock(at: float) -> str:
    """Return the local time of day, to the minute."""
    return f"{_local(at):%H:%M}"


def seconds(at: float) -> str:
    """Return the local time of day, to the second; for what is over."""
    return f"{_local(at):%H:%M:%S}"


def moment(at: float, now: float) -> str:
    """Return when ``at`` is: the time of day, with the date unless it is within 20 hours."""
    when = _local(at)
    return f"{when:%H:%M}" if abs(at - now) < 20 * HOUR_S else f"{when:%b %-d %H:%M}"


def _local(at: float) -> datetime:
    return datetime.fromtimestamp(at).astimezone()


def size(size_bytes: int) -> str:
    """Return a file size in at most eight cells."""
    amount = float(size_bytes)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}" if amount >= 10 or unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TiB"


def filled(done: int, total: int, cells: int) -> int:
    """Return how many of ``cells`` a bar fills; full only when all is done, empty only at none."""
    if total <= 0 or done <= 0:
        return 0
    if done >= total:
        return cells
    return min(max(done * cells // total, 1), cells - 1)
