"""What one need asks for: a task or group, how much of it, and whether its end alone will do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

_FORM = re.compile(
    r"\{(?:task: (?P<task>.+), when: ended"
    r"|group: (?P<group>.+?)(?:, done: (?P<percent>\d+)%)?(?P<ended>, when: ended)?)\}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A need of a task. In specs and indexes it is the text that ``need_text`` makes of it."""

    name: str
    """A task id, or the name of a group: those have no slash."""
    percent: int = 100
    """Of the group's tasks, 1 to 100."""
    ended: bool = False
    """Whether an end of any kind will do."""


def need_text(need: Need) -> str:
    """Return ``need`` as text: a bare name, or as the batch file writes it.

    No group's name begins with a brace, so neither does a bare name.
    """
    if need.percent == 100 and not need.ended:
        return need.name
    kind = "task" if "/" in need.name else "group"
    done = f", done: {need.percent}%" if need.percent < 100 else ""
    ended = ", when: ended" if need.ended else ""
    return f"{{{kind}: {need.name}{done}{ended}}}"


def need_of(text: str) -> Need:
    """Return what ``need_text`` was made of."""
    return _parsed(text) if text.startswith("{") else Need(name=text)


def met_by(need: Need, counts: Mapping[str, int]) -> bool:
    """Tell whether a group with these tasks per phase word is what ``need`` asks for."""
    return reached(need, counts) * 100 >= need.percent * sum(counts.values())


def reached(need: Need, counts: Mapping[str, int]) -> int:
    """Return how many of the group's tasks count for ``need``."""
    if need.ended:
        return sum(counts[word] for word in ("succeeded", "failed", "aborted", "cancelled"))
    return counts["succeeded"]


def said(need: Need) -> str:
    """Return ``need`` in words that follow «needs»."""
    part = f"{need.percent}% of {need.name}" if need.percent < 100 else need.name
    return f"the end of {part}" if need.ended else part


@cache
def _parsed(text: str) -> Need:
    found = _FORM.fullmatch(text)
    if found is None:
        return Need(name=text)
    if found["task"] is not None:
        return Need(name=found["task"], ended=True)
    return Need(
        name=found["group"],
        percent=int(found["percent"] or 100),
        ended=found["ended"] is not None,
    )
