"""Which tasks an operator's words mean."""

from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from itertools import islice

from supervisor.core.draft import View
from supervisor.core.intents import Patterns
from supervisor.core.models import GroupId, TaskId
from supervisor.core.parts import part_of
from supervisor.core.wording import listed

_MOST_CANDIDATES = 2000
"""Comparing a misspelt name with more than these would hold up the engine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What a list of patterns means, in the order of the batch file."""

    ids: tuple[TaskId, ...]
    named: frozenset[TaskId]
    """Those that were called by their own name, not by a glob or their group's."""
    problems: tuple[str, ...]
    """One line for each pattern that means nothing, or too much."""


def select(view: View, patterns: Patterns) -> Selection:
    """Return the tasks that ``patterns`` mean."""
    found: set[TaskId] = set()
    named: set[TaskId] = set()
    problems: list[str] = []
    for pattern in patterns:
        ids, by_name, problem = _meant(view, pattern)
        found.update(ids)
        if by_name:
            named.update(ids)
        if problem is not None:
            problems.append(problem)
    ordered = sorted(found, key=lambda id_: (view.specs[id_].index, id_))
    return Selection(ids=tuple(ordered), named=frozenset(named), problems=tuple(problems))


def named_part(view: View, name: str) -> tuple[GroupId, str] | None:
    """Return group and part where ``name`` is ``GROUP/KEY=VALUE,…`` of a group with such parts."""
    group, _, part = name.partition("/")
    policy = view.group_specs.get(GroupId(group))
    if policy is None or not policy.breaker.per or TaskId(name) in view.tasks:
        return None
    known = part in view.groups[GroupId(group)].parts or any(
        part_of(policy, spec) == part for spec in view.specs.values() if spec.group == group
    )
    return (GroupId(group), part) if known else None


def no_such(view: View, name: str, kind: str = "task, group or limit") -> str:
    """Say that nothing of this ``kind`` (group, limit, task) is called ``name``, and what comes near."""
    candidates = [
        *(view.groups if "group" in kind else ()),
        *(view.limits if "limit" in kind else ()),
        *(islice(view.tasks, _MOST_CANDIDATES) if "task" in kind else ()),
    ]
    bare = {_bare(TaskId(id_)): str(id_) for id_ in candidates if "/" in id_}
    near = [
        bare.get(one, one)
        for one in get_close_matches(name, [*map(str, candidates), *bare], n=3, cutoff=0.6)
    ]
    hint = f"; did you mean {listed(dict.fromkeys(near))}?" if near else ""
    return f"there is no {kind} {name!r}{hint}"


def _meant(view: View, pattern: str) -> tuple[tuple[TaskId, ...], bool, str | None]:
    if TaskId(pattern) in view.tasks:
        return (TaskId(pattern),), True, None
    if GroupId(pattern) in view.groups:
        return tuple(id_ for id_, spec in view.specs.items() if spec.group == pattern), False, None
    if any(char in pattern for char in "*?["):
        ids = tuple(id_ for id_ in view.tasks if fnmatchcase(id_, pattern))
        return ids, False, None if ids else f"no task matches {pattern!r}"
    ids = tuple(id_ for id_ in view.tasks if _bare(id_) == pattern)
    if not ids:
        return (), False, no_such(view, pattern, "task or group")
    if len(ids) > 1:
        return (), False, f"{pattern!r} is the name of several tasks: {listed(ids)}"
    return ids, True, None


def _bare(id_: TaskId) -> str:
    return id_.partition("/")[2]
