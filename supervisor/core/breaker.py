"""A group's breaker: stop launching when its tasks fail one after another."""

from dataclasses import replace

from supervisor.core.batch import Closed, Group, HalfOpen, Open, Task
from supervisor.core.draft import Draft
from supervisor.core.models import ErrorClass, GroupId, TaskId
from supervisor.core.phase import Aborted, BackingOff, Failed, Held, Waiting
from supervisor.core.policy import treatment
from supervisor.core.wording import plural, span

AT_REST = (Waiting, BackingOff, Held)
_BROKEN_AT_START = 2


def attempt_over(draft: Draft, id_: TaskId, error_class: ErrorClass | None) -> None:
    """Take in how an attempt ended; its task has its new phase already."""
    group = draft.groups[draft.specs[id_].group]
    if error_class is None:
        _succeeded(draft, group)
        return
    blame = treatment(draft.group_specs[group.name], error_class).blame
    failed = isinstance(draft.tasks[id_].phase, Failed)
    match group.breaker:
        case HalfOpen(probe=probe, cause=cause) if probe == id_:
            if blame:
                _open(draft, group, cause, "the probe failed as well")
            else:
                # It says nothing about the group; the next task that is launched may.
                draft.put_group(replace(group, breaker=HalfOpen(cause=cause)))
        case Closed() if blame and failed:
            _count(draft, group, id_)
        case _:
            pass


def launched(draft: Draft, group: Group, id_: TaskId) -> Group:
    """Return ``group`` after ``id_`` was launched: it may have become the probe."""
    match group.breaker:
        case HalfOpen(probe=None) as half:
            draft.record("breaker", group.name, f"{id_} is tried to see whether {group.name} works")
            return replace(group, breaker=replace(half, probe=id_))
        case _:
            return group


def due(draft: Draft, group: Group) -> Group:
    """Return ``group`` with its breaker half-open if it is time for a probe."""
    match group.breaker:
        case Open(probe_at=(float() | int()) as at, cause=cause) if at <= draft.now:
            draft.record("breaker", group.name, f"half-open: one task may try ({cause})")
            return replace(group, breaker=HalfOpen(cause=cause))
        case _:
            return group


def reset(draft: Draft, name: GroupId) -> bool:
    """Close the breaker and take back that the group was given up; tell whether that was news."""
    group = draft.groups[name]
    if group.breaker == Closed() and group.aborted is None:
        return False
    news = not isinstance(group.breaker, Closed) or group.aborted is not None
    draft.put_group(replace(group, breaker=Closed(), aborted=None))
    return news


def give_up(draft: Draft, task: Task, cause: str) -> None:
    """Mark a task at rest as aborted."""
    phase = Aborted(attempt=task.attempt, ended_at=draft.now, cause=cause)
    draft.put(replace(task, phase=phase))
    draft.record("aborted", task.id, cause)


def _succeeded(draft: Draft, group: Group) -> None:
    if group.breaker == Closed():
        return
    if not isinstance(group.breaker, Closed):
        draft.record("breaker", group.name, "closed: a task succeeded")
    draft.put_group(replace(group, breaker=Closed()))


def _count(draft: Draft, group: Group, id_: TaskId) -> None:
    policy = draft.group_specs[group.name].breaker
    before = group.breaker.failed if isinstance(group.breaker, Closed) else ()
    failed = (*(one for one in before if one != id_), id_)
    most = max(policy.consecutive, _BROKEN_AT_START)
    group = replace(group, breaker=Closed(failed=failed[-most:]))
    draft.put_group(group)
    if not _rest(draft, group.name):
        return
    cause = f"{policy.consecutive} consecutive failures"
    if policy.then != "off" and len(failed) >= policy.consecutive:
        if policy.then == "abort":
            _abort(draft, group, f"aborted: {cause}")
        else:
            last = draft.tasks[id_].phase
            cited = f", the last: {last.cause}" if isinstance(last, Failed) else ""
            _open(draft, group, cause + cited, f"paused after {cause}")
    elif _broken_at_start(draft, group.name, failed):
        cause = f"the first {_BROKEN_AT_START} tasks are broken"
        draft.put_group(replace(group, breaker=Open(since=draft.now, probe_at=None, cause=cause)))
        draft.record("breaker", group.name, f"open until resumed: {cause}")


def _rest(draft: Draft, name: GroupId) -> int:
    counts = draft.counts[name]
    return counts["waiting"] + counts["backing_off"] + counts["held"]


def _broken_at_start(draft: Draft, name: GroupId, failed: tuple[TaskId, ...]) -> bool:
    if len(failed) != _BROKEN_AT_START or draft.counts[name]["succeeded"]:
        return False
    phases = [draft.tasks[id_].phase for id_ in failed]
    return all(isinstance(p, Failed) and p.error_class is ErrorClass.BROKEN for p in phases)


def _open(draft: Draft, group: Group, cause: str, why: str) -> None:
    wait_s = draft.group_specs[group.name].breaker.probe_after_s
    opened = Open(since=draft.now, probe_at=draft.now + wait_s, cause=cause)
    draft.put_group(replace(group, breaker=opened))
    draft.record("breaker", group.name, f"open: {why}; one task is tried in {span(wait_s)}")


def _abort(draft: Draft, group: Group, cause: str) -> None:
    draft.put_group(replace(group, aborted=cause, breaker=Closed()))
    rest = [
        task
        for task in draft.tasks.values()
        if draft.specs[task.id].group == group.name
        and isinstance(task.phase, AT_REST)
        and not task.skipped
    ]
    for task in rest:
        give_up(draft, task, cause)
    draft.record("breaker", group.name, f"{cause}; {plural(len(rest), 'task')} given up")
