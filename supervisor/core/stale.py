"""Tasks that rest on what a need left the time before: it ran again, and they did not."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from supervisor.core.draft import Draft
from supervisor.core.facets import LIVE
from supervisor.core.models import TaskId
from supervisor.core.needs import Dependents
from supervisor.core.phase import Phase, Succeeded


def rests_on_needs(phase: Phase) -> bool:
    """Tell whether a task in this phase has used what it needs."""
    return isinstance(phase, (Succeeded, *LIVE))


def outdated(
    again: Iterable[TaskId],
    dependents: Callable[[TaskId], Iterable[TaskId]],
    rests: Callable[[TaskId], bool],
) -> dict[TaskId, TaskId]:
    """Return the tasks that rest on earlier runs of ``again``, or on such tasks, each with on whose."""
    found: dict[TaskId, TaskId] = {}
    todo = [(id_, id_) for id_ in again]
    known = {id_ for id_, _ in todo}
    while todo:
        id_, root = todo.pop()
        for one in dependents(id_):
            if one not in found and one not in known and rests(one):
                found[one] = root
                todo.append((one, root))
    return found


def mark(draft: Draft, again: Iterable[TaskId]) -> list[TaskId]:
    """Mark what rests on earlier runs of ``again``, which run once more; return what was marked."""
    found = outdated(
        again, Dependents(draft).of, lambda id_: rests_on_needs(draft.tasks[id_].phase)
    )
    for id_, root in found.items():
        draft.put(replace(draft.tasks[id_], stale=root))
        draft.record("stale", id_, f"{root}, which it needs, runs again")
    return list(found)


def said(root: str) -> str:
    """Return in words that a task is stale because of ``root``."""
    return f"stale: {root} ran again since"
