"""The inner knob of a group: how much each of its runners does at once, and who is told of it."""

from collections.abc import Mapping
from dataclasses import replace

from supervisor.core import lifecycle
from supervisor.core.batch import Group, Inner
from supervisor.core.command import variable
from supervisor.core.draft import Draft, View
from supervisor.core.effects import TurnKnob
from supervisor.core.events import KnobTurned
from supervisor.core.facets import LIVE
from supervisor.core.models import NOTHING, ErrorClass, GroupId, GroupSpec, InnerPolicy, TaskId
from supervisor.core.places import task_dir


def value(spec: GroupSpec, group: Group) -> int | None:
    """Return what attempts of the group begin with; None: its runners have no such knob."""
    if spec.inner is None:
        return None
    return spec.inner.start if group.inner is None else group.inner.value


def moves(spec: GroupSpec, group: Group) -> bool:
    """Tell whether limits may change it: nobody fixed it, and no running attempt is ended for it."""
    if spec.inner is None or spec.inner.apply == "restart":
        return False
    return group.inner is None or not group.inner.fixed


def set_value(draft: Draft, name: GroupId, number: int, why: str, *, fixed: bool) -> None:
    """Let attempts of the group begin with ``number``, and tell those that run as far as may be."""
    spec, group = draft.group_specs[name], draft.groups[name]
    before = value(spec, group)
    if spec.inner is None or before is None:
        raise AssertionError(f"{name} has no inner knob")
    draft.put_group(replace(group, inner=Inner(value=number, fixed=fixed)))
    if before != number:
        draft.record("inner", name, f"{spec.inner.knob} {before} -> {number}: {why}")
    _tell(draft, name)


def begin(draft: Draft) -> None:
    """Take in that an engine began, or another batch file holds: tell who was not told."""
    for name in draft.groups:
        _tell(draft, name)


def turned(draft: Draft, event: KnobTurned) -> None:
    """Take in that a running attempt was told, or could not be."""
    found = lifecycle.current(draft, event.task, event.attempt)
    name = draft.specs[event.task].group if found is not None else None
    if found is None or name is None or (policy := draft.group_specs[name].inner) is None:
        return
    said = f"{policy.knob} {event.value}"
    if event.cause:
        draft.record("inner", event.task, f"could not be told {said}: {event.cause}")
        _complain(draft, name, policy, event.cause)
        return
    draft.put(replace(found[0], inner=event.value))
    draft.record("told", event.task, said)
    settle(draft, name)


def settle(draft: Draft, name: GroupId) -> None:
    """Drop a trouble once nobody runs that should be told yet."""
    state = draft.groups[name].inner
    if state is not None and state.trouble and not behind(draft, name):
        calm = replace(state, trouble="", trouble_at=0.0)
        draft.put_group(replace(draft.groups[name], inner=calm))


def behind(view: View, name: GroupId) -> tuple[TaskId, ...]:
    """Return the tasks whose living attempts have another value than new ones would."""
    wanted = value(view.group_specs[name], view.groups[name])
    if wanted is None:
        return ()
    living = (id_ for _, id_ in view.live if view.specs[id_].group == name)
    return tuple(id_ for id_ in living if _is_behind(view, id_, wanted))


def restart(draft: Draft, name: GroupId, who: str) -> int:
    """End the attempts that are behind, to be begun anew at no cost; return how many those are."""
    ids = behind(draft, name)
    said = _said(draft, name)
    for id_ in ids:
        cause = f"restarted with {said} by {who}"
        lifecycle.stop(draft, draft.tasks[id_], ErrorClass.OPERATOR, cause, "again")
    return len(ids)


def settings(view: View, id_: TaskId) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the knob of the task's living attempt, and what its environment gets besides."""
    policy, task = view.group_specs[view.specs[id_].group].inner, view.tasks[id_]
    if policy is None or task.inner is None:
        return NOTHING, NOTHING
    knobs = {policy.knob: str(task.inner)}
    if policy.apply != "file":
        return knobs, NOTHING
    return knobs, {variable(f"{policy.knob}_file"): file_of(view, id_, policy.knob)}


def file_of(view: View, id_: TaskId, knob: str) -> str:
    """Return the path of the file in which the task's runner finds its knob's value."""
    return f"{task_dir(view.head.directory, id_)}/{knob}"


def launched(view: View, id_: TaskId) -> str:
    """Return what a launched attempt runs with, to be put behind other words; empty: no knob."""
    return "".join(f", {knob} {number}" for knob, number in settings(view, id_)[0].items())


def told(view: View, id_: TaskId) -> tuple[str, ...]:
    """Return in words what the task's living attempt runs with; empty: no knob, or none lives."""
    name, task = view.specs[id_].group, view.tasks[id_]
    if not isinstance(task.phase, LIVE) or task.inner is None:
        return ()
    later = f", later ones with {_said(view, name)}" if id_ in behind(view, name) else ""
    return tuple(f"It runs with {knob} {n}{later}." for knob, n in settings(view, id_)[0].items())


def _said(view: View, name: GroupId) -> str:
    spec = view.group_specs[name]
    knob = "" if spec.inner is None else spec.inner.knob
    return f"{knob} {value(spec, view.groups[name])}"


def _is_behind(view: View, id_: TaskId, wanted: int) -> bool:
    task = view.tasks[id_]
    return isinstance(task.phase, LIVE) and task.phase.ending is None and task.inner != wanted


def _tell(draft: Draft, name: GroupId) -> None:
    policy = draft.group_specs[name].inner
    number = value(draft.group_specs[name], draft.groups[name])
    if policy is None or number is None or policy.apply == "restart":
        return
    for id_ in behind(draft, name):
        order = TurnKnob(task=id_, attempt=draft.tasks[id_].attempt, value=number)
        draft.effects.append(order)


def _complain(draft: Draft, name: GroupId, policy: InnerPolicy, cause: str) -> None:
    group = draft.groups[name]
    state = group.inner or Inner(value=policy.start)
    troubled = replace(state, trouble=cause, trouble_at=state.trouble_at or draft.now)
    draft.put_group(replace(group, inner=troubled))
