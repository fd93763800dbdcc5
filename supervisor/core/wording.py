"""Numbers and spans as a tired person reads them."""

from collections.abc import Iterable

from supervisor.core.durations import written


def span(span_s: float) -> str:
    """Return a length of time, as exact as its size deserves: ``4s``, ``2m05s`` as ``2m5s``, ``3h10m``."""
    whole_s = max(0, round(span_s))
    if whole_s >= 86400:
        return written(whole_s - whole_s % 3600)
    if whole_s >= 3600:
        return written(whole_s - whole_s % 60)
    return written(whole_s)


def plural(count: int, noun: str) -> str:
    """Return ``1 task``, ``2 tasks``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def listed(names: Iterable[str], most: int = 5) -> str:
    """Return names joined by commas, cut after ``most`` with a count of the rest."""
    found = list(names)
    shown = ", ".join(found[:most])
    return shown if len(found) <= most else f"{shown} and {len(found) - most} more"


def brief(text: str, most: int = 80) -> str:
    """Return ``text`` on one line, cut in its middle beyond ``most`` characters."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    begin = most // 2
    return f"{line[:begin]}…{line[begin + 1 - most :]}"


def size(count: int) -> str:
    """Return a number of bytes with three figures at most: ``812 B``, ``3.2 GiB``."""
    amount, unit = float(count), "B"
    for larger in ("KiB", "MiB", "GiB"):
        if amount < 1000:
            break
        amount, unit = amount / 1024, larger
    return f"{amount:.1f} {unit}" if unit != "B" and amount < 100 else f"{amount:.0f} {unit}"
