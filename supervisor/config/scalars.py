"""What text in a batch file can be read as; each reader says in its own words when it cannot.

Every reader raises ValueError with a message that names what was written and what was wanted.
"""

import re
from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo, available_timezones

from supervisor.config.need_forms import need_form
from supervisor.config.problems import listed, nearest
from supervisor.config.source import Plain
from supervisor.core.durations import seconds
from supervisor.core.models import SIGNALS, Signal

_SIZES: dict[str, int] = {"": 1} | {
    letter + binary: pow(1024 if binary else 1000, power)
    for power, letter in enumerate("KMGT", start=1)
    for binary in ("", "i")
}
_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([KMGT]i?|)B?", re.IGNORECASE)
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_NAME = re.compile(r"[^\s/*?\[\]{}:,-][^/*?\[\]{}\x00-\x1f\x7f]*")
_SHARE = re.compile(r"([0-9]{1,3}) ?% of (?:the )?last ([0-9]{1,4})")
_REPEAT_OF_REPEAT = re.compile(r"[*+}]\)[*+{]")
_DONE_AND_TOTAL = 2
_LEAST_SIGNALS = 2
_LONGEST_NAME = 100
_LONGEST_WINDOW = 1000


def text_of(value: Plain, wanted: str = "text") -> str:
    """Return ``value`` where it is text."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        bare = all(item == "" for item in value.values())
        hint = "; text that begins with { needs quotes" if bare else ""
        raise ValueError(f"expected {wanted}, found keys{hint}")
    raise ValueError(f"expected {wanted}, found a list")


def filled(text: str) -> str:
    """Return ``text`` where there is any."""
    if not text.strip():
        raise ValueError("is empty")
    return text


def name(text: str) -> str:
    """Return ``text`` where it can name a batch, group or limit."""
    if len(text) > _LONGEST_NAME:
        raise ValueError(f"a name has at most {_LONGEST_NAME} characters")
    if not _NAME.fullmatch(text) or text != text.strip():
        raise ValueError(
            f"{text!r} is no name: no spaces around it, none of / * ? [ ] {{ }}, not empty,"
            " not beginning with - : or ,"
        )
    return text


def whole(text: str, least: int) -> int:
    """Return ``text`` as a whole number of at least ``least``."""
    if not re.fullmatch(r"-?\d+", text) or not text.isascii():
        raise ValueError(f"expected a whole number, found {text!r}")
    if int(text) < least:
        raise ValueError(f"must be at least {least}, not {text}")
    return int(text)


def parallel(text: str) -> tuple[int, int]:
    """Return the two ends of a range such as ``1..5``; one number is both."""
    low, dots, high = text.partition("..")
    least, most = whole(low.strip(), 1), whole(high.strip() if dots else low.strip(), 1)
    if most < least:
        raise ValueError(f"ends below its beginning: {text!r}; write it like 1..5")
    return least, most


def factor(text: str) -> float:
    """Return ``text`` as a number of at least 1."""
    if not re.fullmatch(r"\d+(\.\d+)?", text) or not text.isascii():
        raise ValueError(f"expected a number such as 1.5, found {text!r}")
    if float(text) < 1:
        raise ValueError(f"must be at least 1, not {text}")
    return float(text)


def share(text: str) -> float:
    """Return ``text`` as a number between 0 and 1, neither of both."""
    if not re.fullmatch(r"0?\.\d+", text) or not text.isascii() or not float(text):
        raise ValueError(f"expected a number between 0 and 1 such as 0.5, found {text!r}")
    return float(text)


def share_of_last(text: str) -> tuple[float, int]:
    """Return a share from 0 to 1, and of how many, of a text such as ``50% of the last 20``."""
    match = _SHARE.fullmatch(text)
    if not match or not 1 <= int(match[1]) <= 100 or not 1 <= int(match[2]) <= _LONGEST_WINDOW:
        raise ValueError(
            f"{text!r} is no share of the last tasks: write it like 50% of the last 20,"
            f" with 1% to 100% of at most {_LONGEST_WINDOW}"
        )
    return int(match[1]) / 100, int(match[2])


def variable(text: str) -> str:
    """Return ``text`` where it can name a variable: letters, digits and ``_``."""
    if not re.fullmatch(r"[A-Za-z_]\w{0,99}", text, re.ASCII):
        raise ValueError(f"{text!r} is no name of a knob: letters, digits and _ only")
    return text


def duration(text: str) -> float:
    """Return the seconds that ``text`` states."""
    if "%" in text:
        raise ValueError("a share of the median is not supported in this version yet")
    return seconds(text)


def positive(text: str) -> float:
    """Return the seconds of a duration that is not nothing."""
    span_s = duration(text)
    if not span_s:
        raise ValueError("must be longer than 0s")
    return span_s


def span(text: str) -> tuple[float, float]:
    """Return the two ends of a range of durations such as ``2s..7s``; one duration is both."""
    low, dots, high = text.partition("..")
    if not dots:
        return (seconds(low), seconds(low))
    low_s, high_s = seconds(low.strip()), seconds(high.strip())
    if low_s > high_s:
        raise ValueError(f"{text!r} begins after it ends")
    return (low_s, high_s)


def pace(text: str) -> float:
    """Return the seconds between two launches at a rate such as ``30/h``."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)/([smhd])", text, re.ASCII)
    if not match or not float(match[1]):
        raise ValueError(f"{text!r} is no rate: write it like 30/h or 2/m")
    return seconds(f"1{match[2]}") / float(match[1])


def own_variable(text: str) -> str:
    """Return ``text`` where it can name a variable that overnight does not set itself."""
    if text.startswith("OVERNIGHT_"):
        raise ValueError(f"{text}: names that begin with OVERNIGHT_ are overnight's own")
    return variable(text)


WHENS = ("needs_you", "done")


def whens(value: Plain) -> tuple[str, ...]:
    """Return what to call the operator for, each once."""
    return tuple(dict.fromkeys(word(text, WHENS, {}) for text in texts(value)))


def size(text: str) -> int:
    """Return the bytes of a size such as ``10GiB`` or ``500MB``."""
    match = _SIZE.fullmatch(text)
    if not match or not text.upper().endswith("B"):
        raise ValueError(f"{text!r} is no size: write it like 10GiB or 500MB")
    unit = match[2][:1].upper() + match[2][1:].lower()
    return int(float(match[1]) * _SIZES[unit])


def zone(text: str) -> str:
    """Return ``text`` where it names a time zone."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError) as error:
        near = nearest(text, available_timezones())
        raise ValueError(f"no time zone is called {text!r}{near}") from error
    return text


def clock_time(text: str) -> tuple[int, int]:
    """Return hour and minute of a time such as ``06:00``."""
    match = _CLOCK.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is no time of day: write it like 06:00")
    return int(match[1]), int(match[2])


def clock_range(text: str) -> tuple[int, int]:
    """Return the minutes after midnight of both ends of a range such as ``22:00-07:30``."""
    opens, dash, closes = (part.strip() for part in text.partition("-"))
    if not dash or not _CLOCK.fullmatch(opens) or not _CLOCK.fullmatch(closes):
        raise ValueError(f"{text!r} is no range of times of day: write it like 22:00-07:30")
    if opens == closes:
        raise ValueError(f"{text!r} ends where it begins; without hours, launches go on all day")
    (hour, minute), (last_hour, last_minute) = clock_time(opens), clock_time(closes)
    return 60 * hour + minute, 60 * last_hour + last_minute


def word(text: str, words: Collection[str], later: Mapping[str, str]) -> str:
    """Return ``text`` where it is one of ``words``; those in ``later`` are known, but not yet."""
    if text in later:
        raise ValueError(f"{later[text]} is not supported in this version yet")
    if text not in words:
        near = nearest(text, words)
        wanted = f"{text!r} is not known" if near else f"expected {listed(words)}, found {text!r}"
        raise ValueError(wanted + near)
    return text


def command(value: Plain) -> str | tuple[str, ...]:
    """Return a shell string or an argument list."""
    if isinstance(value, list):
        words = tuple(text_of(word, "a list of texts") for word in value)
        if not words or not words[0]:
            raise ValueError("is empty")
        return words
    return filled(text_of(value, "a command"))


def texts(value: Plain) -> tuple[str, ...]:
    """Return one text or a list of texts as a tuple."""
    found = value if isinstance(value, list) else [value]
    return tuple(filled(text_of(text, "text or a list of texts")) for text in found)


def entries(value: Plain) -> list[Plain]:
    """Return a list of files or of keys as it is."""
    found: list[Plain] = value if isinstance(value, list) else [value]
    for entry in found:
        if not isinstance(entry, (str, dict)):
            raise ValueError("expected a list of pack files and of rules")
    return found


def needs(value: Plain) -> tuple[str, ...]:
    """Return what a task waits for: one text, keys such as ``{group: a, done: 90%}``, or a list."""
    found = value if isinstance(value, list) else [value]
    return texts([_need(need) for need in found])


def _need(value: Plain) -> Plain:
    return need_form(value) if isinstance(value, dict) else value


def indexes(value: Plain) -> tuple[int, ...]:
    """Return one index or a list of different ones, counted from 0."""
    found = tuple(whole(text, 0) for text in texts(value))
    if not found or len(set(found)) < len(found):
        raise ValueError("expected indexes such as [0, 1], each once")
    return found


def exit_codes(value: Plain) -> tuple[int, ...]:
    """Return one exit code or a list of them."""
    codes = tuple(whole(text, 0) for text in texts(value))
    if any(code > 255 for code in codes) or not codes:
        raise ValueError("exit codes are numbers from 0 to 255")
    return codes


def maybe_positive(text: str) -> float | None:
    """Return the seconds of a duration; ``null`` and ``off`` mean that there is none."""
    return None if text in ("null", "off") else positive(text)


def signals(value: Plain) -> tuple[Signal, ...]:
    """Return two or more signs of life, in the order in which they are told."""
    found = texts(value)
    for text in found:
        word(text, SIGNALS, {})
    if len(set(found)) < _LEAST_SIGNALS:
        raise ValueError(f"silence takes two signs at least, of {', '.join(SIGNALS)}")
    return tuple(one for one in SIGNALS if one in found)


def counter(value: Plain) -> str:
    """Return a regular expression that finds how much is done, and of how much."""
    wanted = "expected a regular expression with two groups, done and total"
    if not isinstance(value, str):
        raise ValueError(wanted)
    try:
        groups = re.compile(value).groups
    except re.error as error:
        raise ValueError(f"{value!r} is no regular expression: {error}") from None
    if groups != _DONE_AND_TOTAL:
        raise ValueError(f"{wanted}; {value!r} has {groups}")
    if _REPEAT_OF_REPEAT.search(value):
        raise ValueError(f"{value!r} repeats a repeat, which may take for ever on one line")
    return value


def not_yet(_value: Plain) -> None:
    """Refuse a key that later versions will know."""
    raise ValueError("is not supported in this version yet")
