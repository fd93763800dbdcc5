"""Which of several records of advice counts, and how it is told; light, for the first picture."""

from collections.abc import Iterable

from supervisor.core.board import Advice

PARALLEL = "parallel"
"""The knob of a group whose runners have none of their own: how many of it run."""


def taken(records: Iterable[Advice], group: str | None = None) -> tuple[Advice, ...]:
    """Return what is to be done (for ``group``, None: all): of one knob the lowest counts."""
    lowest: dict[tuple[str, str], Advice] = {}
    for one in records:
        known = lowest.get((one.group, one.knob))
        if group in (None, one.group) and (known is None or one.suggested < known.suggested):
            lowest[one.group, one.knob] = one
    return tuple(lowest.values())


def numbers(one: Advice, arrow: str = "→") -> str:
    """Return which knob of which group goes from what to what: ``g capsules: 20 → 5``."""
    knob = "" if one.knob == PARALLEL else f" {one.knob}"
    return f"{one.group}{knob}: {one.parallel} {arrow} {one.suggested}"
