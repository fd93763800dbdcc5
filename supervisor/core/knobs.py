"""What an operator sets a knob to: the only way back up a ladder."""

from dataclasses import replace

from supervisor.core.draft import Draft
from supervisor.core.facets import LIVE
from supervisor.core.intents import SetKnob
from supervisor.core.models import DegradePolicy, GroupId, TaskId
from supervisor.core.rungs import Rung
from supervisor.core.targets import select
from supervisor.core.wording import listed


def set_knob(draft: Draft, intent: SetKnob, who: str) -> None:
    """Let tasks begin elsewhere on their ladder; those of a group named as such follow the group."""
    selection = select(draft, intent.targets)
    for problem in selection.problems:
        draft.reply(problem, refused=True)
    rung = Rung(knob=intent.knob, value=intent.value)
    names = {draft.specs[id_].group for id_ in selection.ids}
    refused = {name: text for name in names if (text := _refusal(draft, name, rung)) is not None}
    for text in dict.fromkeys(refused.values()):
        draft.reply(text, refused=True)
    said = f"{rung.knob} {rung.value}"
    groups = [name for name in draft.groups if name in intent.targets and name not in refused]
    for name in groups:
        group = draft.groups[name]
        if (group.rung, group.stepped) != (rung, ()):
            draft.put_group(replace(group, rung=rung, stepped=()))
            draft.record("degrade", name, f"tasks begin with {said}, by {who}")
    ids = [id_ for id_ in selection.ids if draft.specs[id_].group not in refused]
    for id_ in ids:
        _set(draft, id_, rung, None if draft.specs[id_].group in groups else who)
    if ids:
        of = listed([*groups, *(id_ for id_ in ids if draft.specs[id_].group not in groups)])
        draft.reply(f"{of}: {said}{_running(draft, ids)}")


def _refusal(draft: Draft, name: GroupId, rung: Rung) -> str | None:
    policy = draft.group_specs[name].degrade
    if policy is None or policy.knob != rung.knob:
        known = "no knob" if policy is None else f"the knob {policy.knob}"
        return f"{name} has {known}; degrade: in the batch file names one"
    return (
        None
        if _in_range(policy, rung)
        else (f"{rung.knob} of {name} goes from {policy.least} to {policy.start}")
    )


def _in_range(policy: DegradePolicy, rung: Rung) -> bool:
    return policy.least <= rung.value <= policy.start


def _set(draft: Draft, id_: TaskId, rung: Rung, who: str | None) -> None:
    """Set a task's own rung; without ``who`` it has none and follows its group."""
    task = draft.tasks[id_]
    if isinstance(task.phase, LIVE):
        return
    after = replace(task, rung=rung if who else None, rung_fixed=who is not None)
    if after != task:
        draft.put(after)
        if who:
            draft.record("degrade", id_, f"runs with {rung.knob} {rung.value}, by {who}")


def _running(draft: Draft, ids: list[TaskId]) -> str:
    living = [id_ for id_ in ids if isinstance(draft.tasks[id_].phase, LIVE)]
    return f"; what runs now keeps what it has: {listed(living)}" if living else ""
