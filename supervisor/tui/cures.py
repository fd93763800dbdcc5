"""What can be done about needs and holds, straight from the screen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from types import MappingProxyType

from supervisor.core.board import Board, Head, LimitRow
from supervisor.core.intents import Intent, Refresh, Reload, Resume
from supervisor.core.names import LimitId
from supervisor.tui.format import clock, countdown, moment

OPTIONS = (
    ("exclamation_mark", "refresh the credential now", "refresh"),
    ("r", "release: let it go on", "release"),
    ("R", "apply the edited file", "reload"),
    ("y", "copy the command", "copy"),
)
"""Key, words and value of everything a cure may offer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cure:
    """One trouble, and what may be done about it."""

    title: str
    why: str
    command: str = ""
    intents: Mapping[str, Intent] = field(default_factory=lambda: MappingProxyType({}))
    """By value of ``OPTIONS``."""


def cures(board: Board, now: float) -> tuple[Cure, ...]:
    """Return the needs first, then the limits that nobody is asked about."""
    head = board.head
    limits = {row.limit: row for row in head.limits}
    groups = {row.group for row in head.groups}
    found: list[Cure] = []
    for item in head.needs_you:
        name = item.what.partition(":")[0].strip()
        since = f" (since {clock(item.since)})" if item.since else ""
        why = f"{item.what}: {item.why}{since}"
        intents: Mapping[str, Intent] = {}
        if (row := limits.pop(name, None)) is not None:
            intents, why = _of_limit(name), f"{why}. {_hold(row, now)}"
        elif name in groups:
            intents = {"release": Resume(name=name)}
        elif _is_of_edit(head, item.what):
            intents = {"reload": Reload(seen=head.edited.seen if head.edited else "")}
        found.append(Cure(title=name, why=why, command=item.command, intents=intents))
    found += [
        Cure(title=name, why=_hold(row, now), intents=_of_limit(name))
        for name, row in limits.items()
    ]
    return tuple(found)


def _is_of_edit(head: Head, what: str) -> bool:
    """Whether ``what`` is the edited batch file, and it can be applied."""
    edited = head.edited
    return edited is not None and not edited.faults and PurePath(edited.file).name == what


def _of_limit(name: str) -> Mapping[str, Intent]:
    return {"refresh": Refresh(limit=LimitId(name)), "release": Resume(name=name)}


def _hold(row: LimitRow, now: float) -> str:
    if row.state != "held":
        return f"{row.limit} is {row.state}: {row.reason}"
    if row.held_until is None:
        return f"{row.limit} is held since {clock(row.since)} until released: {row.reason}"
    until = f"{moment(row.held_until, now)} ({countdown(row.held_until - now)} left)"
    return f"{row.limit} is held since {clock(row.since)} until {until}: {row.reason}"
