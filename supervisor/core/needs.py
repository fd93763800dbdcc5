"""What tasks need of each other: nothing runs after a need that ended badly."""

from supervisor.core.breaker import AT_REST, give_up
from supervisor.core.draft import Draft, View
from supervisor.core.facets import FINAL
from supervisor.core.indexes import complete
from supervisor.core.models import GroupId, TaskId
from supervisor.core.phase import Succeeded
from supervisor.core.wording import listed


def settle(draft: Draft) -> None:
    """Give up tasks at rest whose needs ended badly in this step, and what needs those."""
    while draft.doomed:
        name = draft.doomed.pop()
        if not failed(draft, name):
            continue
        for id_ in draft.dependents.get(name, ()):
            task = draft.tasks[id_]
            if isinstance(task.phase, AT_REST) and not task.needs_ignored and not task.skipped:
                give_up(draft, task, f"needs {name}, which has not succeeded")


def check_all(draft: Draft) -> None:
    """Look at every need once, as if each had just ended."""
    draft.doomed.extend(draft.dependents)


def failed(view: View, name: str) -> bool:
    """Tell whether ``name`` is over without success, left out of this run, or does not exist."""
    task = view.tasks.get(TaskId(name))
    if task is not None:
        over_badly = isinstance(task.phase, FINAL) and not isinstance(task.phase, Succeeded)
        return over_badly or (task.skipped and isinstance(task.phase, AT_REST))
    counts = view.counts.get(GroupId(name))
    return counts is None or (not view.open_in[GroupId(name)] and not complete(counts))


def unmet(view: View, id_: TaskId) -> tuple[str, ...]:
    """Return the needs of a task that have not succeeded."""
    if not view.unmet.get(id_, 0):
        return ()
    return tuple(name for name in view.specs[id_].needs if not _met(view, name))


def waits_for(view: View, id_: TaskId) -> str | None:
    """Return in words what the task needs first; None: nothing more."""
    names = unmet(view, id_)
    return f"needs {listed(names, 3)}" if names else None


def _met(view: View, name: str) -> bool:
    task = view.tasks.get(TaskId(name))
    if task is not None:
        return isinstance(task.phase, Succeeded)
    counts = view.counts.get(GroupId(name))
    return counts is not None and complete(counts)
