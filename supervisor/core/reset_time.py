"""Words that say when to try again → a point in time."""

import re
import unicodedata
from collections.abc import Sequence

from supervisor.core.cues import Says
from supervisor.core.dates import DUE_S
from supervisor.core.readings import LONGEST_S, Reading, Stated, readings
from supervisor.core.zones import ZoneLookup

__all__ = ["DUE_S", "LONGEST_S", "Stated", "plain", "stated"]

_CHEAP_S = 3600.0
"""Of several waits up to this the longest counts: it costs little, and a shorter one is refused."""
_SAME_S = 90.0
"""A span and a point in time so close together say the same."""


def stated(text: str, now: float, zone: ZoneLookup) -> Stated | None:
    """Return when ``text``, written at ``now``, says to try again; None if it does not say.

    Times of day without a zone are of the batch's zone. Up to 30 minutes past is due now, older
    ones mean their next occurrence. Waits beyond 31 days are taken for a misreading.

    Where a text states several, what the other side asks for counts before the end of a limit, that
    before headers about budgets, and that before the client's own backoff. Among equals a budget
    that is used up counts before others; then the longest within an hour, else the soonest: to ask
    too early costs one refused request, to wait for the wrong window costs the night.
    """
    found = readings(plain(text), now, zone)
    return _binding(found, now) if found else None


def _binding(found: Sequence[Reading], now: float) -> Stated:
    """Return the reading that counts."""
    most = min(one.says for one in found)
    best = [one for one in found if one.says is most]
    if all(one.stated.wait_s == 0 for one in best):
        # «retry-after: 0» beside a stated reset says only that the client may choose.
        resets = [one for one in found if one.says is Says.RESET]
        best = resets or best
    best = [one for one in best if one.exhausted] or best
    spans = [one for one in best if one.stated.wait_s is not None]
    stamps = [one for one in best if one.stated.wait_s is None and not _repeats(one, spans)]
    times = [one.stated for one in (*spans, *stamps)]
    is_cheap = all(time.at - now <= _CHEAP_S for time in times)
    return max(times, key=_at) if is_cheap else min(times, key=_at)


def _at(time: Stated) -> float:
    return time.at


def _repeats(one: Reading, spans: Sequence[Reading]) -> bool:
    return any(abs(one.stated.at - span.stated.at) <= _SAME_S for span in spans)


def plain(text: str) -> str:
    """Return ``text`` as a person would read it: escapes of JSON resolved, widths and marks gone."""
    if "\\" in text:
        text = _UNICODE.sub(lambda found: chr(int(found[1], 16)), text)
        text = _QUOTED.sub(r"\1", _BREAKS.sub(" ", text))
    if not text.isascii():
        text = _FRAMES.sub(" ", unicodedata.normalize("NFKC", text))
    return _MARKS.sub("", text)


_UNICODE = re.compile(r"\\+u([0-9a-fA-F]{4})")
_BREAKS = re.compile(r"\\+[nrt]")
_QUOTED = re.compile(r"\\+([\"'/])")
_FRAMES = re.compile(r"[│┃║]")
_MARKS = re.compile(r"[*`]+")
