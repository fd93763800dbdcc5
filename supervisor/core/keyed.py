"""Fields and headers that tell when to go on: ``retry-after: 20``, ``"resets_at": 1760000000``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from supervisor.core.cues import Says
from supervisor.core.patterns import Pattern
from supervisor.core.spans import SPAN, span_s, unit_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field whose name says that its value is a wait or the end of one."""

    start: int
    """Where in the text its name begins."""
    value_at: int
    """Where its value begins, and ``end`` where a number or span in it ends."""
    end: int
    says: Says
    seconds: float | None = None
    """The value as a span; None: it is something else, perhaps a date."""
    epoch: float | None = None
    """The value as Unix seconds."""
    exhausted: bool | None = None
    """The budget of this header is used up; None: nothing says so."""


_KEY = Pattern(
    r"""(?x) (?<![A-Za-z0-9_-]) (?P<key>[A-Za-z][A-Za-z0-9_.-]{1,70}) (?P<quote>["'\])]{0,3})
    \s{0,3} (?: (?:header|value|is|of)\s{0,2} )? (?P<sign> => | [:=|] | (?<=["'])\s*, ) \s{0,3} (?:b?["'\[({<]\s{0,2}){0,4}"""
)
_SPOKEN = Pattern(
    r"(?i)\bretry[-_ ]after(?:\s+header)?(?:\s+of)?\s+(?=\d+(?:\.\d+)?\s*(?:$|[.,;)\]\"'](?!\d)))"
)
_WORDS = Pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+[a-z]*")
_NUMBER = Pattern(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w:]|[.,/-]\d)")
_DIGITS = Pattern(r"\d+(?:\.\d+)?")
_SPAN = Pattern(SPAN, re.IGNORECASE)
_PARAMETER = Pattern(r"""(?i)\bratelimit["']?\s*[:=][^\n]{0,80}?[;,]\s*t=(?P<seconds>\d+)\b""")
_LONE_SECONDS = Pattern(r"\s*seconds:\s*(?P<seconds>\d+)\s*}?\s*")
_DELAY_MESSAGE = Pattern(r"(?i)\bretry_?delay\"?\s*:?\s*\{\s*\"?seconds\"?\s*:\s*(?P<seconds>\d+)")

_RETRY = {"retry", "retries", "try", "retrying"}
_RESET = {"reset", "resets", "resetting", "renew", "renews", "renewal"}
_WAIT = {"wait", "cooldown", "cool", "backoff"}
_POINT = {"at", "until", "timestamp", "stamp", "epoch", "unix", "date", "utc"}
_SPANS = {"after", "in", "seconds", "secs", "ms", "millis", "minutes"}
"""A name that begins or ends so holds a span, though ``until`` be in it."""
_SETTING = {
    "max", "maximum", "min", "minimum", "base", "initial", "default", "count", "attempt", "attempts",
    "total", "timeout", "factor", "multiplier", "jitter", "policy", "strategy", "enabled", "password",
    "last", "token", "interval", "period", "url", "status", "codes", "number",
}  # fmt: skip
_GENERIC = _RESET | _POINT | {
    "x", "rate", "limit", "ratelimit", "remaining", "used", "percent", "after", "in", "time", "seconds",
    "s", "ms", "llm", "provider", "status", "llm_provider",
}  # fmt: skip
_EPOCH_FROM = 1e9
"""A bare number from here on is a point in time, not a span."""
_NO_EPOCH = 1e20
"""Not even nanoseconds are so many."""


def fields(text: str) -> Iterator[Field]:
    """Yield the fields of ``text`` that tell when to go on, as they come."""
    found = list(_KEY.finditer(text))
    names = [_words(key["key"]) for key in found]
    spent = _budgets(text, found, names)
    for key, words in zip(found, names, strict=True):
        says = _says(words)
        if says is not None:
            yield _field(text, key, words, says, spent)
    yield from _spoken(text)


def epoch_s(digits: str) -> float:
    """Return Unix seconds for digits that count seconds, or a thousand, million, … parts of them."""
    value = float(digits)
    while _EPOCH_FROM * 100 <= value < _NO_EPOCH:
        value /= 1000
    return value


def _field(
    text: str,
    key: re.Match[str],
    words: tuple[str, ...],
    says: Says,
    spent: dict[frozenset[str], bool],
) -> Field:
    at = key.end()
    number, span = _NUMBER.match(text, at), _SPAN.match(text, at)
    seconds: float | None = None
    epoch: float | None = None
    end = at
    if number is not None:
        end, value = number.end(), float(number[0])
        if value >= _EPOCH_FROM:
            epoch = epoch_s(number[0])
        elif not _POINT & set(words) or words[-1] in _SPANS or words[0] in _SPANS:
            seconds = value * _scale(words)
    elif span is not None:
        end, seconds = span.end(), span_s(span[0])
    return Field(
        start=key.start(),
        value_at=at,
        end=end,
        says=says,
        seconds=seconds,
        epoch=epoch,
        exhausted=spent.get(_budget(words)),
    )


def _says(words: tuple[str, ...]) -> Says | None:
    """Return who speaks in a field of this name; None: it tells of something else."""
    known = set(words)
    if known & _SETTING:
        return None
    if known & _RESET:
        is_header = "ratelimit" in known or {"rate", "limit"} <= known or words[0] == "x"
        return Says.HEADER if is_header else Says.RESET
    if known & _RETRY and known & {
        "after",
        "in",
        "delay",
        "at",
        "wait",
        "time",
        "again",
        "seconds",
        "ms",
    }:
        return Says.ASKED
    if known & _WAIT and (
        len(words) == 1 or known & {"time", "seconds", "s", "ms", "for", "until", "down"}
    ):
        return Says.OURS if "backoff" in known else Says.ASKED
    if words[-1] == "until" or {"available", "at"} <= known or known >= {"not", "before"}:
        return Says.RESET
    return None


def _scale(words: tuple[str, ...]) -> float:
    """Return the unit that the last words of a name state, in seconds; one without any."""
    units = [unit_s(word) for word in words if len(word) > 1 or word == words[-1]]
    return next((unit for unit in reversed(units) if unit is not None), 1.0)


def _budgets(
    text: str, found: list[re.Match[str]], names: list[tuple[str, ...]]
) -> dict[frozenset[str], bool]:
    """Return which budgets the headers call used up: nothing remaining, all used, or rejected."""
    spent: dict[frozenset[str], bool] = {}
    for key, words in zip(found, names, strict=True):
        value = re.match(r"[\w.-]+", text[key.end() : key.end() + 20])
        if value is None:
            continue
        if "remaining" in words and (left := _NUMBER.match(value[0])):
            spent[_budget(words)] = float(left[0]) <= 0
        elif {"used", "percent"} <= set(words) and (used := _NUMBER.match(value[0])):
            spent[_budget(words)] = float(used[0]) >= 100
        elif "status" in words and len(words) > 2:
            spent[_budget(words)] = value[0].lower() in {
                "rejected",
                "exceeded",
                "blocked",
                "limited",
            }
    return spent


def _budget(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words) - _GENERIC


def _words(name: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORDS.compiled.findall(name)) or (name.lower(),)


def _spoken(text: str) -> Iterator[Field]:
    """Yield waits that stand in other forms than a field with its value."""
    for found in _SPOKEN.finditer(text):
        number = _NUMBER.match(text, found.end()) or _DIGITS.match(text, found.end())
        if number is not None:
            yield Field(
                start=found.start(), value_at=found.end(), end=number.end(),
                says=Says.ASKED, seconds=float(number[0]),
            )  # fmt: skip
    for pattern, says in ((_PARAMETER, Says.HEADER), (_DELAY_MESSAGE, Says.ASKED)):
        for found in pattern.finditer(text):
            yield Field(
                start=found.start(), value_at=found.start("seconds"), end=found.end(),
                says=says, seconds=float(found["seconds"]),
            )  # fmt: skip
    if (lone := _LONE_SECONDS.fullmatch(text)) is not None:
        # A line of its own in how Google's client prints a retry_delay.
        yield Field(
            start=0, value_at=lone.start("seconds"), end=lone.end(),
            says=Says.ASKED, seconds=float(lone["seconds"]),
        )  # fmt: skip
