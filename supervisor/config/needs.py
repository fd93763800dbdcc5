"""What tasks wait for: names resolved to task ids and groups, and circles found."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import translate
from functools import cache
from graphlib import CycleError, TopologicalSorter
from re import compile as compiled

from supervisor.config.problems import Problems, nearest
from supervisor.config.source import Loc
from supervisor.core.models import GroupId, TaskId, TaskSpec
from supervisor.core.need import Need, need_of, need_text

_GLOB = frozenset("*?[")


def resolved(
    tasks: Sequence[TaskSpec],
    groups: Iterable[GroupId],
    made_at: Mapping[TaskId, Loc],
    problems: Problems,
) -> list[TaskSpec]:
    """Return the tasks with every need as a group name or a task id; faults go to ``problems``.

    A need is a group, ``group/id``, an ``id`` (of the task's own group first, else a unique one) or a
    glob over ``group/id``, or one of ``need_forms``. A task never waits for itself.
    """
    if not any(task.needs for task in tasks):
        return list(tasks)
    names = _Names(tasks, groups)
    found: list[TaskSpec] = []
    for task in tasks:
        for fault in names.faults(task.needs, task.group):
            problems.suspect((*made_at[task.id], "needs"), fault)
        needs = names.targets(task.needs, task.group)
        if any(need_of(text).name == task.id for text in needs):
            needs = tuple(text for text in needs if need_of(text).name != task.id)
        found.append(replace(task, needs=needs) if task.needs else task)
    _refuse_circles(found, made_at, problems)
    return found


class _Names:
    """Everything a need may name."""

    def __init__(self, tasks: Sequence[TaskSpec], groups: Iterable[GroupId]) -> None:
        self._groups: dict[str, list[str]] = {group: [] for group in groups}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for task in tasks:
            self._groups[task.group].append(task.id)
            self._by_name[task.id.partition("/")[2]].append(task.id)
        self._ids = dict.fromkeys(str(task.id) for task in tasks)
        self._one = cache(self._found)
        self.targets = cache(self._targets)

    def faults(self, needs: Sequence[str], group: GroupId) -> list[str]:
        """Return what is wrong with each need that stands for nothing."""
        found = [self._one(need, group) for need in needs]
        return [fault for fault in found if isinstance(fault, str)]

    def _targets(self, needs: tuple[str, ...], group: GroupId) -> tuple[str, ...]:
        """Return all that ``needs`` stand for; equal needs share one tuple."""
        found = [self._one(need, group) for need in needs]
        names = [name for some in found if not isinstance(some, str) for name in some]
        return tuple(dict.fromkeys(names))

    def _found(self, text: str, group: GroupId) -> tuple[str, ...] | str:
        """Return what a need stands for, or what is wrong with it."""
        need = need_of(text)
        if need == Need(name=text):
            return self._called(text, group)
        if text.startswith("{group:") and need.name not in self._groups:
            return f"no group is called {need.name!r}{nearest(need.name, self._groups)}"
        found = self._called(need.name, group)
        if isinstance(found, str):
            return found
        return tuple(need_text(replace(need, name=name)) for name in found)

    def _called(self, need: str, group: GroupId) -> tuple[str, ...] | str:
        """Return the tasks and groups of that name, or what is wrong with it."""
        if need in self._groups or need in self._ids:
            return (need,)
        if f"{group}/{need}" in self._ids:
            return (f"{group}/{need}",)
        if _GLOB & set(need):
            return self._matching(need, group) or f"{need!r} matches no task"
        same = self._by_name.get(need, [])
        if len(same) > 1:
            return f"{need!r} could be {' or '.join(same[:3])}"
        return tuple(same) or f"no task or group is called {need!r}{self._nearest(need)}"

    def _matching(self, pattern: str, own: GroupId) -> tuple[str, ...]:
        """Return the matching tasks; the whole of another group is named as that group."""
        matches = compiled(translate(pattern)).match
        found: list[str] = []
        for group, ids in self._groups.items():
            some = [name for name in ids if matches(name)]
            whole = len(some) == len(ids) > 0 and group != own
            found += [group] if whole else some
        return tuple(found)

    def _nearest(self, need: str) -> str:
        known = [*self._groups, *(self._ids if "/" in need else self._by_name)]
        return nearest(need, known[:2000])


def _refuse_circles(
    tasks: Sequence[TaskSpec], made_at: Mapping[TaskId, Loc], problems: Problems
) -> None:
    sorter = TopologicalSorter(dict(_edges(tasks)))
    try:
        sorter.prepare()
    except CycleError as error:
        circle = [name for name in reversed(error.args[1]) if not isinstance(name, tuple)]
        start = next(name for name in circle if "/" in name)
        place = (*made_at[TaskId(start)], "needs")
        problems.suspect(place, f"a circle: {' needs '.join(circle)}")


def _edges(tasks: Sequence[TaskSpec]) -> Iterator[tuple[object, Iterable[object]]]:
    """Yield who waits for whom. Equal lists of needs share one node, or they would be quadratic."""
    members: dict[GroupId, list[str]] = defaultdict(list)
    for task in tasks:
        members[task.group].append(task.id)
        if task.needs:
            yield task.id, [task.needs]
    lists = {task.needs: [need_of(text).name for text in task.needs] for task in tasks}
    yield from ((needs, names) for needs, names in lists.items() if needs)
    yield from members.items()
