"""The ladder: what is too big for its GPU is tried again smaller, and the group learns from it."""

from collections.abc import Mapping
from dataclasses import replace

from supervisor.core.batch import Group, Stepped, Task
from supervisor.core.draft import Draft, View
from supervisor.core.facets import LIVE
from supervisor.core.models import NOTHING, ErrorClass, TaskId
from supervisor.core.phase import WAITING, Failed
from supervisor.core.policy import budget
from supervisor.core.rest import Over, come_to_rest, fail, in_front
from supervisor.core.rungs import DegradePolicy, Rung, below, depth, lowest, top, written
from supervisor.core.wording import listed

ALIKE = 3
"""So many tasks in a row that could not run on a rung: the group's others begin below it."""
CLASSES = (ErrorClass.CUDA_OOM, ErrorClass.CUDA_ERROR, ErrorClass.HOST_OOM)
"""What a ladder may be for."""


def next_rung(view: View, id_: TaskId) -> Rung | None:
    """Return what the task's next attempt runs with; None: its group has no ladder."""
    policy, task = _policy(view, id_), view.tasks[id_]
    if policy is None:
        return None
    if task.rung_fixed:
        return _own(policy, task)
    return lowest(policy, task.rung, view.groups[view.specs[id_].group].rung)


def settings(view: View, id_: TaskId) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the values of the knobs of the task's living attempt, and what its environment gets."""
    policy, task = _policy(view, id_), view.tasks[id_]
    if policy is None:
        return NOTHING, NOTHING
    rung = _own(policy, task)
    last_env = policy.env if rung.last and policy.env is not None else NOTHING
    return {rung.knob: str(rung.value)}, last_env


def launched(draft: Draft, id_: TaskId) -> str:
    """Return what a launched attempt runs with, to be put behind other words; empty: no ladder."""
    policy = _policy(draft, id_)
    return "" if policy is None else f", {written(policy, _own(policy, draft.tasks[id_]))}"


def stepped(draft: Draft, over: Over) -> Over | None:
    """Take the next rung after a bad end, at no cost, and return None: it is dealt with.

    Else return ``over``, to be tried again as it was: without a ladder for its class, and after the
    first CUDA error, which may have been a passing one. Below the last rung the task fails.
    """
    policy = over.group.degrade
    if policy is None or over.error_class not in policy.after:
        return over
    task = over.task
    if over.error_class is ErrorClass.CUDA_ERROR:
        task = replace(task, cuda_errors=task.cuda_errors + 1)
        if task.cuda_errors == 1 and task.failures + 1 < budget(over.group, over.error_class):
            return replace(over, task=task)
    rung = _own(policy, task)
    lower = below(policy, rung)
    if lower is None:
        over = replace(over, task=replace(task, failures=task.failures + 1))
        fail(draft, over, f"{written(policy, rung)} is the end of its ladder")
        return None
    over = replace(over, task=replace(task, rung=lower, rung_fixed=False))
    why = f"{written(policy, rung)} -> {written(policy, lower)}, at no cost"
    come_to_rest(draft, in_front(over), WAITING, "degrade", why)
    _learn(draft, policy, draft.groups[over.spec.group], Stepped(task=over.task.id, rung=rung))
    return None


def worked(draft: Draft, id_: TaskId) -> None:
    """Take in that an attempt succeeded: what others could not run on is not too big for all."""
    policy, group = _policy(draft, id_), draft.groups[draft.specs[id_].group]
    if policy is None or not group.stepped:
        return
    if depth(_own(policy, draft.tasks[id_])) >= depth(lowest(policy, group.rung)):
        draft.put_group(replace(group, stepped=()))


def climbed(task: Task) -> Task:
    """Return the task with its whole ladder before it, where that was what failed it."""
    task = replace(task, cuda_errors=0)
    match task.phase:
        case Failed(error_class=error_class) if error_class in CLASSES and not task.rung_fixed:
            return replace(task, rung=None)
        case _:
            return task


def told(view: View, id_: TaskId) -> tuple[str, ...]:
    """Return in words what the task runs with now, or next; empty without a ladder."""
    policy, task = _policy(view, id_), view.tasks[id_]
    if policy is None:
        return ()
    if isinstance(task.phase, LIVE):
        return (f"It runs with {written(policy, _own(policy, task))}{_begun(policy, task)}.",)
    rung = next_rung(view, id_)
    group = view.groups[view.specs[id_].group]
    if rung is None or rung == top(policy):
        return ()
    if task.rung_fixed:
        why = "as the operator said"
    elif rung == _own(policy, task):
        why = "what it had before was too much for its GPU"
    else:
        why = f"{group.name} begins there: {ALIKE} tasks in a row needed it"
    return (f"Its next attempt runs with {written(policy, rung)}: {why}.",)


def note(view: View, id_: TaskId) -> str | None:
    """Return a task's own rung in few words; None: it is at the top."""
    policy, task = _policy(view, id_), view.tasks[id_]
    if policy is None or task.rung is None:
        return None
    rung = _own(policy, task)
    return None if rung == top(policy) else written(policy, rung)


def _policy(view: View, id_: TaskId) -> DegradePolicy | None:
    return view.group_specs[view.specs[id_].group].degrade


def _own(policy: DegradePolicy, task: Task) -> Rung:
    return lowest(policy, task.rung)


def _begun(policy: DegradePolicy, task: Task) -> str:
    return "" if _own(policy, task) == top(policy) else f", its group's first is {policy.start}"


def _learn(draft: Draft, policy: DegradePolicy, group: Group, step: Stepped) -> None:
    """Let the group's other tasks begin lower, once several in a row could not run where they do."""
    first = lowest(policy, group.rung)
    if depth(step.rung) > depth(first) or step in group.stepped:
        return
    known = (*group.stepped, step)
    while len(alike := [one.task for one in known if one.rung == first]) >= ALIKE:
        lower = below(policy, first) or first  # they took it, so it is there
        text = f"tasks begin with {written(policy, lower)}: {listed(alike)} needed it"
        draft.record("degrade", group.name, text)
        known = tuple(one for one in known if depth(one.rung) < depth(first))
        group, first = replace(group, rung=lower), lower
    draft.put_group(replace(group, stepped=known))
