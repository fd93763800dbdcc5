"""A breaker of a group, or of each part of it: stop launching when tasks fail one after another."""

from dataclasses import replace

from supervisor.core import tripping
from supervisor.core.batch import Closed, Group, HalfOpen, Open, Part, Task
from supervisor.core.draft import Draft
from supervisor.core.models import ErrorClass, GroupId, TaskId
from supervisor.core.parts import part_of, part_state, titled, with_part
from supervisor.core.phase import Aborted, BackingOff, Failed, Held, Waiting
from supervisor.core.policy import treatment
from supervisor.core.wording import plural, span

AT_REST = (Waiting, BackingOff, Held)


def attempt_over(draft: Draft, id_: TaskId, error_class: ErrorClass | None) -> None:
    """Take in how an attempt ended; its task has its new phase already."""
    spec = draft.specs[id_]
    group, policy = draft.groups[spec.group], draft.group_specs[spec.group]
    part = part_of(policy, spec)
    if error_class is None:
        _succeeded(draft, group, part)
        return
    # What cost no attempt, such as a step down a ladder, is no failure of the group.
    costly = draft.tasks[id_].history[-1].counted
    blame = treatment(policy, error_class).blame and costly
    is_final = isinstance(draft.tasks[id_].phase, Failed)
    match part_state(group, part).breaker:
        case HalfOpen(probe=probe, cause=cause) if probe == id_:
            if blame:
                _open(draft, group, part, cause, "the probe failed as well")
            else:
                # It says nothing about the group; the next task that is launched may.
                _move(draft, group, part, HalfOpen(cause=cause))
        case Closed() as closed if blame and is_final:
            _count(draft, group, part, tripping.failed(policy.breaker, closed, id_), id_)
        case _:
            pass


def launched(draft: Draft, group: Group, id_: TaskId) -> Group:
    """Return ``group`` after ``id_`` was launched: it may have become the probe."""
    part = part_of(draft.group_specs[group.name], draft.specs[id_])
    state = part_state(group, part)
    match state.breaker:
        case HalfOpen(probe=None) as half:
            name = titled(group.name, part)
            draft.record("breaker", name, f"{id_} is tried to see whether {name} works")
            return with_part(group, part, replace(state, breaker=replace(half, probe=id_)))
        case _:
            return group


def due(draft: Draft, group: Group) -> Group:
    """Return ``group`` with those breakers half-open for which it is time for a probe."""
    for part in ("", *group.parts):
        state = part_state(group, part)
        match state.breaker:
            case Open(probe_at=(float() | int()) as at, cause=cause) if at <= draft.now:
                text = f"half-open: one task may try ({cause})"
                draft.record("breaker", titled(group.name, part), text)
                group = with_part(group, part, replace(state, breaker=HalfOpen(cause=cause)))
            case _:
                pass
    return group


def reset(draft: Draft, name: GroupId, part: str | None = None) -> bool:
    """Close breakers and take back that tasks were given up; tell whether that was news.

    Without ``part``: those of the whole group.
    """
    group = draft.groups[name]
    before = group
    if part is None:
        group = replace(group, breaker=Closed(), aborted=None, parts={})
    else:
        group = replace(with_part(group, part, Part()), aborted=None)
    if group == before:
        return False
    draft.put_group(group)
    return any(_stands(before, one) for one in (("", *before.parts) if part is None else (part,)))


def give_up(draft: Draft, task: Task, cause: str) -> None:
    """Mark a task at rest as aborted."""
    phase = Aborted(attempt=task.attempt, ended_at=draft.now, cause=cause)
    draft.put(replace(task, phase=phase))
    draft.record("aborted", task.id, cause)


def _stands(group: Group, part: str) -> bool:
    state = part_state(group, part)
    return state.aborted is not None or not isinstance(state.breaker, Closed)


def _move(draft: Draft, group: Group, part: str, breaker: Closed | Open | HalfOpen) -> None:
    state = part_state(group, part)
    if state.breaker != breaker:
        draft.put_group(with_part(group, part, replace(state, breaker=breaker)))


def _succeeded(draft: Draft, group: Group, part: str) -> None:
    match part_state(group, part).breaker:
        case Closed() as closed:
            policy = draft.group_specs[group.name].breaker
            _move(draft, group, part, tripping.succeeded(policy, closed))
        case _:
            draft.record("breaker", titled(group.name, part), "closed: a task succeeded")
            _move(draft, group, part, Closed())


def _count(draft: Draft, group: Group, part: str, closed: Closed, id_: TaskId) -> None:
    policy = draft.group_specs[group.name].breaker
    _move(draft, group, part, closed)
    group = draft.groups[group.name]
    cause = tripping.tripped(policy, closed)
    broken = cause is None and _broken_at_start(draft, group.name, closed.failed)
    if (cause is None and not broken) or not _rest(draft, group.name, part):
        return
    if cause is None:
        cause = f"the first {tripping.BROKEN_AT_START} tasks are broken"
        _move(draft, group, part, Open(since=draft.now, probe_at=None, cause=cause))
        draft.record("breaker", titled(group.name, part), f"open until resumed: {cause}")
    elif policy.then == "abort":
        of_part = f" of {part}" if part else ""
        _abort(draft, group, part, f"aborted: {cause}{of_part}")
    else:
        last = draft.tasks[id_].phase
        cited = f", the last: {last.cause}" if isinstance(last, Failed) else ""
        _open(draft, group, part, cause + cited, f"paused after {cause}")


def _rest(draft: Draft, name: GroupId, part: str) -> bool:
    """Whether there is anything left to stop. A part is looked through only when it trips."""
    counts = draft.counts[name]
    if not counts["waiting"] + counts["backing_off"] + counts["held"]:
        return False
    return not part or bool(_at_rest(draft, name, part))


def _at_rest(draft: Draft, name: GroupId, part: str) -> list[Task]:
    policy = draft.group_specs[name]
    return [
        task
        for task in draft.tasks.values()
        if isinstance(task.phase, AT_REST)
        and not task.skipped
        and (spec := draft.specs[task.id]).group == name
        and part_of(policy, spec) == part
    ]


def _broken_at_start(draft: Draft, name: GroupId, failed: tuple[TaskId, ...]) -> bool:
    if len(failed) != tripping.BROKEN_AT_START or draft.counts[name]["succeeded"]:
        return False
    phases = [draft.tasks[id_].phase for id_ in failed]
    return all(isinstance(p, Failed) and p.error_class is ErrorClass.BROKEN for p in phases)


def _open(draft: Draft, group: Group, part: str, cause: str, why: str) -> None:
    wait_s = draft.group_specs[group.name].breaker.probe_after_s
    _move(draft, group, part, Open(since=draft.now, probe_at=draft.now + wait_s, cause=cause))
    text = f"open: {why}; one task is tried in {span(wait_s)}"
    draft.record("breaker", titled(group.name, part), text)


def _abort(draft: Draft, group: Group, part: str, cause: str) -> None:
    draft.put_group(with_part(group, part, Part(aborted=cause)))
    rest = _at_rest(draft, group.name, part)
    for task in rest:
        give_up(draft, task, cause)
    name = titled(group.name, part)
    draft.record("breaker", name, f"{cause}; {plural(len(rest), 'task')} given up")
