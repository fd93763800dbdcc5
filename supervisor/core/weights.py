"""Slots by weight: a heavy task takes several, and free ones are kept for it until it fits."""

from supervisor.core.draft import View
from supervisor.core.models import GroupId, TaskId
from supervisor.core.wording import plural


def fits_group(view: View, id_: TaskId) -> bool:
    """Tell whether the task's group has slots enough for it.

    A task that is heavier than its group's parallelism fits where nothing of the group runs.
    """
    spec = view.specs[id_]
    most = view.groups[spec.group].parallel
    return view.used[spec.group] + min(spec.weight, most) <= most


def fits_batch(view: View, id_: TaskId) -> bool:
    """Tell whether the cap over all groups has slots enough for the task, or there is none."""
    most = view.desk.parallel
    return most is None or view.used_all + min(view.specs[id_].weight, most) <= most


def taken(view: View, name: GroupId) -> str:
    """Return in words how many of the group's slots are taken."""
    running, used = view.slots[name].bit_count(), view.used[name]
    most = view.groups[name].parallel
    if running == used:
        return f"{name} runs {running} of {most} at once"
    return f"{name} runs {plural(running, 'attempt')}, which take {used} of {plural(most, 'slot')}"


def kept_free(view: View, id_: TaskId, *, in_group: bool) -> str:
    """Return in words for which heavy task slots are kept free, of its group or over all."""
    spec = view.specs[id_]
    whose = spec.group if in_group else "the batch"
    return f"{whose} keeps its free slots for {id_}, which takes {spec.weight}"
