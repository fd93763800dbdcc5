"""How far an attempt says it is: the last counter in its output."""

from collections.abc import Callable, Sequence

from supervisor.core.patterns import Pattern

Search = Callable[[str], tuple[str, str] | None]
"""Returns the texts for done and total that a line has, or None."""

_LONGEST = 400
_MOST = 1 << 53
# tqdm: ``37%|███▋      | 37/100 [00:12<00:20,  3.05it/s]``; with a unit scale ``1.2k/3.4k``.
_BAR = Pattern(r"\d+%\|[^|\n]*\|\s*(\d+(?:\.\d+)?[kMGT]?)/(\d+(?:\.\d+)?[kMGT]?)\s\[")
_SCALE = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def bar(line: str) -> tuple[str, str] | None:
    """Return done and total of a tqdm bar."""
    found = _BAR.search(line)
    return None if found is None else (found[1], found[2])


def counter_in(lines: Sequence[str], search: Search = bar) -> tuple[int, int] | None:
    """Return done and total of the last line that has a counter; None: none has.

    Of a line its beginning is looked at, and its end. What is no counter after all is passed over.
    """
    for line in reversed(lines):
        for part in (line[:_LONGEST], line[-_LONGEST:]) if len(line) > _LONGEST else (line,):
            found = search(part)
            counter = None if found is None else _counter(*found)
            if counter is not None:
                return counter
    return None


def _counter(done: str, total: str) -> tuple[int, int] | None:
    first, second = _number(done), _number(total)
    if first is None or second is None or not 0 <= first <= second <= _MOST or not second:
        return None
    return first, second


def _number(text: str) -> int | None:
    digits = text.rstrip("kMGT")
    try:
        return round(float(digits) * _SCALE[text[len(digits) :]])
    except (ValueError, KeyError, OverflowError):
        return None
