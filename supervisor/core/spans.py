"""Spans of time in words: ``6m0s``, ``1.2s``, ``2 hours 15 minutes``, ``half an hour``, ``20 秒``."""

import re

from supervisor.core.patterns import Pattern

_SECOND, _MINUTE, _HOUR, _DAY, _WEEK = 1.0, 60.0, 3600.0, 86400.0, 604800.0

_UNIT_S: dict[str, float] = {
    name: factor
    for names, factor in (
        ("ns nanos nanosecond nanoseconds", 1e-9),
        ("us µs μs micros microsecond microseconds", 1e-6),
        ("ms msec msecs millis millisecond milliseconds 毫秒", 1e-3),
        ("s sec secs second seconds", _SECOND),
        ("sekunde sekunden seconde secondes seconden segundo segundos secondo secondi", _SECOND),
        ("сек секунд секунды секунду saniye sekund sekundy 秒 秒钟 秒鐘 초", _SECOND),
        ("m min mins minute minutes", _MINUTE),
        ("minuten minuto minutos minuti мин минут минуты минуту dakika minut minuty", _MINUTE),
        ("分 分钟 分鐘 分間 분", _MINUTE),
        ("h hr hrs hour hours", _HOUR),
        ("std stunde stunden heure heures hora horas ora ore uur uren", _HOUR),
        ("час часа часов saat godzin godziny godzinę 小时 小時 个小时 個小時 時間 시간", _HOUR),
        ("d day days", _DAY),
        ("tag tage tagen jour jours día días dia dias giorno giorni dag dagen", _DAY),
        ("день дня дней gün dni 天 日間 일", _DAY),
        ("w wk wks week weeks", _WEEK),
        ("woche wochen semaine semaines semana semanas settimana settimane 周 週間", _WEEK),
    )
    for name in names.split()
}
_NUMBER_WORDS: dict[str, float] = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20,
    "thirty": 30, "forty-five": 45, "sixty": 60, "a couple of": 2, "half an": 0.5, "half a": 0.5,
    "ein": 1, "eine": 1, "einer": 1, "einem": 1, "un": 1, "une": 1, "una": 1, "uno": 1, "uma": 1,
    "um": 1, "een": 1,
}  # fmt: skip
"""Articles count as one: they stand before a unit here."""


def _either(words: list[str]) -> str:
    """Return a pattern of all ``words``, longer ones first: ``min`` must not end at ``m``."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


_LATIN = _either([name for name in _UNIT_S if name[0] < "\u2e80"])
_OTHER = _either([name for name in _UNIT_S if name[0] >= "\u2e80"])
_UNIT = rf"(?:(?:{_LATIN})(?![^\W\d_])(?:\(s\))?\.?(?!\d)|{_OTHER})"
_DIGITS = r"\d+(?:,\d{3})*(?:[.,]\d+)?"
_VALUE = rf"(?:{_DIGITS}(?:\s?(?:-|–|\bto\b|\bor\b)\s?{_DIGITS})?|\b(?:{_either(list(_NUMBER_WORDS))})\b)"  # noqa: RUF001 - ranges are written with that dash
_MORE = r"(?:\s*(?:more|additional|further)\s)?"
_PART = rf"{_VALUE}{_MORE}\s*{_UNIT}"
# In 1h2m3s a unit runs into the next number.
_GLUED = r"(?:\d+(?:\.\d+)?(?:ms|us|µs|μs|ns|[smhdw]))+(?![^\W_])"
_AND = r"(?:\s*,)?\s*(?:(?:and|und|et|y|e|и|ve|en)\s+|&\s*)?"
_TAIL = r"(?:\s+and\s+a\s+half|\s+\d{1,2}(?=\s*$))?"
# How Python writes a timedelta.
_DELTA = r"\d+\s+days?,\s+\d{1,2}:\d\d:\d\d(?:\.\d+)?"
SPAN = rf"(?:{_DELTA}|(?:{_GLUED}|{_PART})(?:{_AND}(?:{_GLUED}|{_PART}))*{_TAIL}|P(?=T?\d)(?:[\d.]+D)?(?:T(?:[\d.]+[HMS])+)?\b)"
"""Regular expression of a span, without groups; to be compiled without regard to case."""

_PIECE = Pattern(rf"(?i)(?P<value>{_VALUE}){_MORE}\s*(?P<unit>(?:{_LATIN})(?![^\W\d_])|{_OTHER})")
_CLOCK = Pattern(r"(?:(\d+)\s+days?,\s+)?(?:(\d{1,3}):)?(\d{1,2}):(\d\d(?:\.\d+)?)")
_DANGLING = Pattern(r"\s(\d{1,2})\s*$")
_ISO = Pattern(
    r"(?i)P(?:(?P<d>[\d.]+)D)?(?:T(?:(?P<h>[\d.]+)H)?(?:(?P<m>[\d.]+)M)?(?:(?P<s>[\d.]+)S)?)?"
)


def span_s(text: str) -> float | None:
    """Return the seconds of a span such as ``6m0s``, ``1.2s``, ``2 hours 15 minutes``; None if none.

    Of a range the longer end counts. A number without a unit after the last one, where the text
    ends, is of the next smaller unit: terminals wrap ``5 days 22 hours 11`` before ``minutes``.
    """
    text = text.strip()
    if (clock := _CLOCK.fullmatch(text)) is not None:
        return _clock_s(clock)
    if text[:1] in "Pp" and (iso := _ISO.fullmatch(text)) is not None:
        factors = {"d": _DAY, "h": _HOUR, "m": _MINUTE, "s": _SECOND}
        parts = [number(found) * factors[unit] for unit, found in iso.groupdict().items() if found]
        return sum(parts) if parts else None
    pieces = list(_PIECE.finditer(text))
    if not pieces:
        return None
    factors_s = [_UNIT_S[piece.group("unit").lower()] for piece in pieces]
    values = [_value(piece.group("value")) for piece in pieces]
    return sum(a * b for a, b in zip(values, factors_s, strict=True)) + _rest_s(text, factors_s[-1])


def unit_s(name: str) -> float | None:
    """Return the seconds of a unit such as ``ms`` or ``minutes``; None if it is none."""
    return _UNIT_S.get(name.lower())


def number(text: str) -> float:
    """Return the value of digits as people write them: ``1,800`` and ``1.5``, also ``1,5``."""
    if re.fullmatch(r"\d+(?:,\d{3})+(?:\.\d+)?", text):
        return float(text.replace(",", ""))
    return float(text.replace(",", "."))


def _value(text: str) -> float:
    known = _NUMBER_WORDS.get(text.lower())
    return known if known is not None else max(map(number, re.findall(_DIGITS, text)))


def _rest_s(text: str, last_factor: float) -> float:
    """Return what follows the last unit: «and a half», or a number whose unit was cut off."""
    if re.search(r"(?i)\band\s+a\s+half$", text):
        return last_factor / 2
    smaller = {_DAY: _HOUR, _HOUR: _MINUTE, _MINUTE: _SECOND}.get(last_factor)
    dangling = _DANGLING.search(text)
    return float(dangling.group(1)) * smaller if dangling and smaller else 0.0


def _clock_s(clock: re.Match[str]) -> float:
    days, hours, minutes, seconds = (float(part or 0) for part in clock.groups())
    return days * _DAY + hours * _HOUR + minutes * _MINUTE + seconds
