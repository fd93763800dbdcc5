"""When an attempt gives no sign of life: judged from looks at it, never from one sign alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from supervisor.core.models import SIGNALS, BatchSpec, GroupSpec, Signal, TaskSpec

QUIET_S = 1800.0
"""Patience where neither the batch file nor the runner's profile says any."""
_IDLE_SHARE = 0.01
"""Of one core: below this the processes only wait."""
_LEAST = 2
"""So many signs must be missing: LLM agents use no CPU while they wait, and some runners log nothing."""
_BESIDE: tuple[Signal, ...] = ("cpu", "log", "children")
"""What is looked at as well where too few of the signs asked for can be seen."""
_WORDS: Mapping[Signal, str] = MappingProxyType(
    {
        "log": "nothing new in its logs",
        "progress": "its counter stands",
        "cpu": "no CPU",
        "children": "no process came or went",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What can be seen of a living attempt at one moment."""

    at: float
    heard_at: float
    """When its logs last said something that they had not said before."""
    counter: tuple[int, int] | None = None
    """Done and total, as its output or the runner itself tells them."""
    work: int | None = None
    """What the runner says of its work, where it can be asked; differs when work went on."""
    retries: int = 0
    """Requests that the runner says it had to try again."""
    cpu_s: float | None = None
    """Of all its processes so far; None: nobody can tell."""
    pids: frozenset[int] | None = None
    containers_work: bool = False
    """A container that it made is busy, or waits for a model's answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """The last look, and when each sign of life was last seen."""

    look: Look
    seen: Mapping[Signal, float]
    """Of signs that were never to be seen, nothing."""
    retries: int = 0
    """When its work last went on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Nothing happens, as far as these signs tell."""

    since: float
    signals: tuple[Signal, ...]


def looked(before: Signs | None, look: Look) -> Signs:
    """Return the signs after another look; the first one proves life."""
    if before is None:
        return Signs(look=look, seen=_observed(look, look.at), retries=look.retries)
    seen: dict[Signal, float] = {**_observed(look, look.at), **before.seen}
    seen |= dict.fromkeys(_moved(before, look), look.at)
    retries = look.retries if _works(before.look, look) else before.retries
    return Signs(look=look, seen=MappingProxyType(seen), retries=retries)


def rebased(signs: Signs, at: float) -> Signs:
    """Return ``signs`` as if all had been seen at ``at``: what lay before says nothing."""
    seen: dict[Signal, float] = dict.fromkeys(signs.seen, at)
    return replace(signs, seen=MappingProxyType(seen))


def silence(signs: Signs, asked: Iterable[Signal]) -> Silence | None:
    """Return since when none of the signs ``asked`` for was seen; None: too few can be seen at all."""
    counted: list[Signal] = [one for one in asked if one in signs.seen]
    for one in _BESIDE:
        if len(counted) < _LEAST and one in signs.seen and one not in counted:
            counted.append(one)
    if len(counted) < _LEAST:
        return None
    signals: tuple[Signal, ...] = tuple(one for one in SIGNALS if one in counted)
    return Silence(since=max(signs.seen[one] for one in signals), signals=signals)


def told(signals: Iterable[Signal]) -> str:
    """Return in words what is missed."""
    return ", ".join(_WORDS[one] for one in signals)


def patience_s(group: GroupSpec, task: TaskSpec, head: BatchSpec) -> float:
    """Return how long silence lasts before it is worth a mark: the batch file first, then the profile."""
    if group.stall.quiet_s is not None:
        return group.stall.quiet_s
    of_runner = (one.quiet_s for one in head.profiles if one.name == task.profile)
    return next((one for one in of_runner if one is not None), QUIET_S)


def counter_pattern(group: GroupSpec, task: TaskSpec, head: BatchSpec) -> str | None:
    """Return what the task's counter looks like: as the batch file says, then the profile; None: a bar."""
    if group.progress is not None:
        return group.progress
    of_runner = (one.progress for one in head.profiles if one.name == task.profile)
    return next((one for one in of_runner if one is not None), None)


def _observed(look: Look, at: float) -> Mapping[Signal, float]:
    """Return the signs that this look could see at all."""
    facts: tuple[tuple[Signal, object], ...] = (
        ("log", look.heard_at),
        ("progress", look.counter if look.work is None else look.work),
        ("cpu", look.cpu_s),
        ("children", look.pids if not look.containers_work else look.at),
    )
    return MappingProxyType({name: at for name, fact in facts if fact is not None})


def _works(before: Look, now: Look) -> bool:
    return now.work is not None and now.work != before.work


def _moved(signs: Signs, now: Look) -> list[Signal]:
    """Return the signs of life since the look before."""
    before = signs.look
    works = _works(before, now)
    moved: list[Signal] = ["log"] if now.heard_at != before.heard_at else []
    if works or (now.counter is not None and now.counter != before.counter):
        moved.append("progress")
    # CPU proves nothing where the runner only tries the same requests again and again.
    if _used_cpu(before, now) and (works or now.retries <= signs.retries):
        moved.append("cpu")
    if now.containers_work or (now.pids is not None and now.pids != before.pids):
        moved.append("children")
    return moved


def _used_cpu(before: Look, now: Look) -> bool:
    if now.cpu_s is None:
        return False
    # Fewer seconds than before mean that processes came and went.
    spent_s = now.cpu_s - (before.cpu_s or 0.0)
    return spent_s < 0 or spent_s >= _IDLE_SHARE * (now.at - before.at)
