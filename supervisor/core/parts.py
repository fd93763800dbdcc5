"""The parts of a group whose breakers stand apart: one for each combination of matrix values."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from types import MappingProxyType

from supervisor.core.batch import Breaker, Closed, Group, HalfOpen, Open, Part
from supervisor.core.models import GroupId, GroupSpec, TaskSpec

_UNTOUCHED = Part()
_MOST_TOLD = 20
"""A picture is drawn four times a second; the journal has the rest."""
BREAKER_WORDS: Mapping[type[Breaker], str] = MappingProxyType(
    {Closed: "closed", Open: "open", HalfOpen: "half-open"}
)
"""What clients call the state of a breaker."""


def part_of(policy: GroupSpec, spec: TaskSpec) -> str:
    """Return the part of its group that a task belongs to, as ``model=a,quant=q4``.

    Empty where the group's breaker is for all of it.
    """
    per = policy.breaker.per
    return ",".join(f"{key}={spec.params.get(key, '')}" for key in per) if per else ""


def titled(name: GroupId, part: str) -> str:
    """Return what a group or a part of it is called, also by ``overnight resume``."""
    return f"{name}/{part}" if part else name


def part_state(group: Group, part: str) -> Part:
    """Return the breaker of a part; the group's own if there are no parts."""
    if part:
        return group.parts.get(part, _UNTOUCHED)
    return Part(breaker=group.breaker, aborted=group.aborted)


def with_part(group: Group, part: str, state: Part) -> Group:
    """Return ``group`` with another state of a part. What is as it was at first is not kept."""
    if not part:
        return replace(group, breaker=state.breaker, aborted=state.aborted)
    rest = {name: one for name, one in group.parts.items() if name != part}
    return replace(group, parts=rest if state == _UNTOUCHED else {**rest, part: state})


def given_up(group: Group, policy: GroupSpec, spec: TaskSpec) -> str | None:
    """Return why the task's group, or its part of it, was given up; None: it was not."""
    if group.aborted is not None or not group.parts:
        return group.aborted
    return part_state(group, part_of(policy, spec)).aborted


def lets_through(state: Part) -> bool:
    """Tell whether a breaker lets a launch through."""
    if state.aborted is not None:
        return False
    match state.breaker:
        case Open():
            return False
        case HalfOpen(probe=probe):
            return probe is None
        case _:
            return True


def stopped(group: Group) -> Mapping[str, Part]:
    """Return the parts whose breakers are not closed, or that were given up."""
    return {
        name: one
        for name, one in group.parts.items()
        if one.aborted is not None or not isinstance(one.breaker, Closed)
    }


def part_words(group: Group) -> Mapping[str, str]:
    """Return what became of the first stopped parts: open, half-open or aborted."""
    found = islice(stopped(group).items(), _MOST_TOLD)
    return {
        name: BREAKER_WORDS[type(part.breaker)] if part.aborted is None else "aborted"
        for name, part in found
    }


def all_closed(group: Group) -> bool:
    """Tell whether no breaker of the group is open or half-open."""
    breakers = (group.breaker, *(one.breaker for one in group.parts.values()))
    return all(isinstance(one, Closed) for one in breakers)
