"""The night as lines of text: bars of what ran and ended, and a line for each limit that held."""

from collections.abc import Sequence
from math import ceil

from supervisor.core.night import Slice, Stretch, Timeline
from supervisor.core.wording import span
from supervisor.tui.format import clock, fit, plain
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.widgets.lines import Line, Piece

LABEL_CELLS = 12
"""Before each line of the chart: what it shows."""
MOST_LIMITS = 5
_CLOCK_CELLS = 5
_BETWEEN_CLOCKS = 10


def slices_for(width: int) -> int:
    """Return into how many slices the night is cut for a chart of this width."""
    return max(8, width - LABEL_CELLS - 2)


def chart(night: Timeline, rows: int, glyphs: Glyphs) -> tuple[Line, ...]:
    """Return the lines of the chart; the bars of what ran are ``rows`` lines high."""
    running = [one.running for one in night.slices]
    most = max(1, ceil(max(running, default=0.0)))
    lines = [
        _labelled(_scale(at, rows, most), _bar(running, most, at, rows, glyphs), "running", glyphs)
        for at in range(rows)
    ]
    lines += [
        _counted("done", [one.good for one in night.slices], "good", glyphs),
        _counted("bad ends", [one.bad for one in night.slices], "bad", glyphs),
    ]
    lines += [_held(name, some, night, glyphs) for name, some in _by_limit(night)[:MOST_LIMITS]]
    return (*lines, _axis(night))


def price(night: Timeline) -> str:
    """Return what limits cost, in words; empty if nothing held."""
    waited = sum(cost.waited_s for cost in night.costs)
    lost = sum(cost.lost_s for cost in night.costs) / 3600
    if not night.costs:
        return ""
    hours = f"{lost:.0f}" if lost >= 10 else f"{lost:.1f}"
    return f"limits cost {span(waited)} and {hours} task-hours"


def bars_of(values: Sequence[float], most: float, glyphs: Glyphs) -> str:
    """Return one sign for each value, blank for nothing."""
    steps = len(glyphs.spark)
    return "".join(
        glyphs.spark[min(steps, max(1, ceil(value / most * steps))) - 1] if value > 0 else " "
        for value in values
    )


def _scale(at: int, rows: int, most: int) -> str:
    if at == 0:
        return f"running {most:>3}"
    return "0".rjust(LABEL_CELLS - 1) if at == rows - 1 else ""


def _bar(values: Sequence[float], most: int, at: int, rows: int, glyphs: Glyphs) -> str:
    """Return one line of bars that are ``rows`` lines high; line 0 is the top."""
    below = rows - 1 - at
    heights = [value / most * rows - below for value in values]
    return bars_of([min(1.0, height) for height in heights], 1.0, glyphs)


def _counted(name: str, counts: Sequence[int], look: str, glyphs: Glyphs) -> Line:
    label = f"{name} {sum(counts):>{LABEL_CELLS - 2 - len(name)}}"
    return _labelled(label, bars_of(counts, max(1, *counts, 1), glyphs), look, glyphs)


def _labelled(label: str, text: str, look: str, glyphs: Glyphs) -> Line:
    label = fit(label, LABEL_CELLS - 1, ellipsis=glyphs.ellipsis)
    return Line(((f" {label} ", "dim"), (text, look)))


def _by_limit(night: Timeline) -> list[tuple[str, list[Stretch]]]:
    """Return the limits that held, the one that held longest first."""
    found: dict[str, list[Stretch]] = {}
    for stretch in night.stretches:
        found.setdefault(stretch.limit, []).append(stretch)

    def held(some: tuple[str, list[Stretch]]) -> float:
        return -sum((one.until or night.as_of) - one.since for one in some[1])

    return sorted(found.items(), key=held)


def _held(name: str, stretches: Sequence[Stretch], night: Timeline, glyphs: Glyphs) -> Line:
    count = len(night.slices)
    width = (night.end - night.begin) / count
    signs = [glyphs.dot] * count
    for one in stretches:
        first = int((one.since - night.begin) / width)
        last = int(((one.until or night.as_of) - night.begin) / width)
        for at in range(max(0, first), min(count - 1, last) + 1):
            signs[at] = glyphs.done
    name = plain(name, ascii_only=glyphs.ascii_only)
    label = fit(name, LABEL_CELLS - 1, cut="middle", ellipsis=glyphs.ellipsis)
    return Line(((f" {label} ", "dim"), *_runs(signs, glyphs)))


def _runs(signs: Sequence[str], glyphs: Glyphs) -> list[Piece]:
    pieces: list[Piece] = []
    for sign in signs:
        look = "held" if sign == glyphs.done else "rule"
        if pieces and pieces[-1][1] == look:
            pieces[-1] = (pieces[-1][0] + sign, look)
        else:
            pieces.append((sign, look))
    return pieces


def _axis(night: Timeline) -> Line:
    """Return the times of day below the chart."""
    count = len(night.slices)
    width = (night.end - night.begin) / count
    text = ""
    for at in range(0, count - _CLOCK_CELLS + 1, _CLOCK_CELLS + _BETWEEN_CLOCKS):
        time = clock(night.begin + at * width)
        text = text.ljust(at) + ("" if text.rstrip().endswith(time) else time)
    return Line(((" " * (LABEL_CELLS + 1) + text, "dim"),))


def empty(slices: tuple[Slice, ...]) -> bool:
    """Return whether nothing has run yet."""
    return not any(one.running or one.good or one.bad for one in slices)
