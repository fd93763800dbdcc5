"""What tasks need of each other: nothing runs after a need that ended badly."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from supervisor.core.breaker import AT_REST, give_up
from supervisor.core.draft import Draft, View
from supervisor.core.facets import FINAL
from supervisor.core.models import GroupId, TaskId
from supervisor.core.need import Need, met_by, need_of, reached, said
from supervisor.core.phase import Phase, Succeeded
from supervisor.core.wording import listed


def settle(draft: Draft) -> None:
    """Give up tasks at rest whose needs ended badly in this step, and what needs those."""
    while draft.doomed:
        text = draft.doomed.pop()
        if not failed(draft, text):
            continue
        for id_ in draft.dependents.get(text, ()):
            task = draft.tasks[id_]
            if isinstance(task.phase, AT_REST) and not task.needs_ignored and not task.skipped:
                give_up(draft, task, _cause(need_of(text)))


def check_all(draft: Draft) -> None:
    """Look at every need once, as if each had just ended."""
    draft.doomed.extend(draft.dependents)


def failed(view: View, text: str) -> bool:
    """Tell whether a need can no longer be met: over, left out of this run, or of nothing."""
    need = need_of(text)
    task = view.tasks.get(TaskId(need.name))
    if task is not None:
        if isinstance(task.phase, FINAL):
            return not _met_by_phase(need, task.phase)
        return task.skipped and isinstance(task.phase, AT_REST)
    group = GroupId(need.name)
    counts = view.counts.get(group)
    return counts is None or (not view.open_in[group] and not met_by(need, counts))


def hopeless(view: View, again: Collection[TaskId]) -> frozenset[TaskId]:
    """Return those of tasks to be run ``again`` that need something over that is not run again."""
    going = set(again)
    groups = Counter(view.specs[id_].group for id_ in going)
    while lost := [id_ for id_ in going if _lacks(view, id_, going, groups)]:
        going.difference_update(lost)
        groups.subtract(view.specs[id_].group for id_ in lost)
    return frozenset(again) - going


def _lacks(
    view: View, id_: TaskId, going: Collection[TaskId], groups: Mapping[GroupId, int]
) -> bool:
    if view.tasks[id_].needs_ignored:
        return False
    return any(
        failed(view, text) and TaskId(name) not in going and not groups.get(GroupId(name))
        for text in unmet(view, id_)
        for name in (need_of(text).name,)
    )


class Dependents:
    """Finds who needs a task; of tasks that share a need, who has it comes with the first only."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._seen: set[str] = set()

    def of(self, id_: TaskId) -> Iterator[TaskId]:
        """Yield the tasks that need the task, or something of its group, and did not come before."""
        for name in (id_, self._view.specs[id_].group):
            for text in self._view.watched.get(name, ()):
                if text not in self._seen:
                    self._seen.add(text)
                    yield from self._view.dependents[text]


def unmet(view: View, id_: TaskId) -> tuple[str, ...]:
    """Return the needs of a task that are not met, as text."""
    if not view.unmet.get(id_, 0):
        return ()
    return tuple(text for text in view.specs[id_].needs if not _met(view, need_of(text)))


def waits_for(view: View, id_: TaskId) -> str | None:
    """Return in words what the task needs first; None: nothing more."""
    needed = [_told(view, need_of(text)) for text in unmet(view, id_)]
    return f"needs {listed(needed, 3)}" if needed else None


def _told(view: View, need: Need) -> str:
    counts = view.counts.get(GroupId(need.name))
    if counts is None or need.percent == 100:
        return said(need)
    return f"{said(need)} ({reached(need, counts)} of {sum(counts.values())} so far)"


def _cause(need: Need) -> str:
    if need == Need(name=need.name):
        return f"needs {need.name}, which has not succeeded"
    return f"needs {said(need)}, which can no longer be"


def _met(view: View, need: Need) -> bool:
    task = view.tasks.get(TaskId(need.name))
    if task is not None:
        return _met_by_phase(need, task.phase)
    counts = view.counts.get(GroupId(need.name))
    return counts is not None and met_by(need, counts)


def _met_by_phase(need: Need, phase: Phase) -> bool:
    return isinstance(phase, FINAL) if need.ended else isinstance(phase, Succeeded)
