"""An edited batch file laid over a batch that has history."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from supervisor.core import gates, inner, needs, opening
from supervisor.core.batch import Closed, Desk, Following, Group, Limit, Rows, Task
from supervisor.core.command import fingerprint
from supervisor.core.difference import difference
from supervisor.core.draft import Draft
from supervisor.core.facets import FINAL, LIVE
from supervisor.core.failing_fast import reopened
from supervisor.core.intents import Reload
from supervisor.core.models import BatchSpec, GroupId, GroupSpec, LimitId, TaskId, TaskSpec
from supervisor.core.phase import Cancelled, Held, Succeeded, Waiting
from supervisor.core.state import Batch, all_rows, assemble, spec_of
from supervisor.core.wording import listed, plural

_REMOVED = "no longer in the batch file"
_SAME = "the batch file says what it said before"
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """A batch file and the rows of an earlier one, made one."""

    spec: BatchSpec
    """The new file, with the tasks that it no longer has behind its own."""
    desk: Desk
    rows: Rows
    """All but the desk."""
    added: tuple[TaskId, ...]
    removed: tuple[TaskId, ...]
    changed: tuple[TaskId, ...]
    """Their command, directory or ``env`` differs from that of their last attempt."""
    policies: tuple[str, ...]
    """Groups, and ``the batch``, whose own settings differ."""


def merged(old: BatchSpec, desk: Desk, rows: Rows, new: BatchSpec, now: float) -> Merge:
    """Return ``new`` over the rows of ``old``. Live attempts run on; policies follow ``new``."""
    before = {one.id: one for one in old.tasks}
    new = _with_gone(old, new, tuple(one for one in _gone(old, new) if one.added))
    gone = _gone(old, new)
    removed = tuple(one.id for one in gone if not _row(rows, one).removed)
    added = tuple(one.id for one in new.tasks if one.id not in before)
    tasks = {one.id: _kept(_row(rows, one), before.get(one.id), one) for one in new.tasks}
    tasks |= {one.id: _taken_out(_row(rows, one), now) for one in gone}
    spec = _with_gone(old, new, gone)
    reopened = {one.group for one in new.tasks if one.id not in before}
    return Merge(
        spec=spec,
        desk=desk if old.parallel == new.parallel else replace(desk, parallel=new.parallel),
        rows=Rows(
            tasks=tasks,
            groups=_groups(old, rows.groups, spec, reopened),
            limits=_limits(rows.limits, spec),
        ),
        added=added,
        removed=removed,
        changed=tuple(one.id for one in new.tasks if _differs(tasks[one.id], one, new)),
        policies=_policies(old, new),
    )


def reload(draft: Draft, intent: Reload, who: str) -> None:
    """Take over an edited batch file while the batch runs, and say what differs."""
    if intent.spec is None:
        draft.reply("nobody has read the batch file", refused=True)
        return
    running = draft.batch()
    # What attempts inherit is still what the engine began with, whoever reloads from wherever.
    head = running.head
    spec = replace(
        intent.spec, env_names=head.env_names, env_stored=head.env_stored, shell=head.shell
    )
    found = difference(running, spec)
    if intent.preview:
        for line in found.lines():
            draft.reply(line)
        return
    old = spec_of(running)
    merge = merged(old, running.desk, all_rows(running), spec, draft.now)
    if merge.spec == old and not found:
        draft.reply(_SAME)
        return
    _take_over(draft, merge)
    draft.record("reload", "", f"by {who}" + (f": {found.brief()}" if found else ""))
    _tell(draft, merge, _edited(running, spec))


def _edited(before: Batch, spec: BatchSpec) -> tuple[TaskId, ...]:
    """Return the tasks that do something else than before."""
    specs = before.specs
    return tuple(
        one.id for one in spec.tasks if one.id in specs and _work(specs[one.id]) != _work(one)
    )


def _take_over(draft: Draft, merge: Merge) -> None:
    settled, limits = draft.settled, draft.limit_specs
    draft.load(assemble(merge.spec, replace(merge.rows, desk=merge.desk)))
    if settled:
        # No engine began: what was told in memory, and what was seen, still counts.
        draft.settled = True
        needs.check_all(draft)
        gates.reloaded(draft, limits)
        opening.look(draft)
        inner.begin(draft)
    if merge.added:
        reopened(draft)
    todo = draft.open > 0
    if todo and draft.desk.ended_at is not None and draft.desk.stopping is None:
        draft.put_desk(replace(draft.desk, ended_at=None))


def _tell(draft: Draft, merge: Merge, edited: tuple[TaskId, ...]) -> None:
    lines = list(differences(merge))
    if edited:
        lines.append(f"changed: {plural(len(edited), 'task')}: {listed(edited)}")
    done = [id_ for id_ in merge.changed if isinstance(draft.tasks[id_].phase, Succeeded)]
    if done:
        again = f"overnight retry {' '.join(done[:_SHOWN])}"
        lines.append(f"succeeded with another command; to run them again: {again}")
    for line in lines or [_SAME]:
        draft.reply(line)


def differences(merge: Merge) -> tuple[str, ...]:
    """Return in words what a merge adds, removes and sets."""
    lines = [
        f"{what}: {plural(len(ids), 'task')}: {listed(ids)}"
        for what, ids in (("added", merge.added), ("removed", merge.removed))
        if ids
    ]
    if merge.policies:
        lines.append(f"other settings: {listed(merge.policies)}")
    return tuple(lines)


def _row(rows: Rows, spec: TaskSpec) -> Task:
    return rows.tasks.get(spec.id) or Task(id=spec.id, phase=Waiting(not_before=spec.not_before))


def _gone(old: BatchSpec, new: BatchSpec) -> tuple[TaskSpec, ...]:
    kept = {one.id for one in new.tasks}
    return tuple(one for one in old.tasks if one.id not in kept)


def _kept(task: Task, before: TaskSpec | None, spec: TaskSpec) -> Task:
    """The row of a task that the file has (again, if it was removed)."""
    phase = task.phase
    if task.removed:
        back = isinstance(phase, Cancelled) and phase.cause == _REMOVED
        task = replace(task, removed=False, phase=Waiting() if back else phase)
    elif isinstance(phase, Held) and phase.limit not in spec.limits:
        task = replace(task, phase=Waiting())
    elif isinstance(phase, Waiting) and task.attempt == 0 and before is not None:
        # A time that has come stays come; one that is given anew counts.
        stays = before.not_before is not None and spec.not_before is not None
        if not stays and phase.not_before != spec.not_before:
            task = replace(task, phase=Waiting(not_before=spec.not_before))
    return task


def _taken_out(task: Task, now: float) -> Task:
    """The row of a task that the file no longer has: what runs runs on, the rest is over."""
    if isinstance(task.phase, LIVE + FINAL):
        return task if task.removed else replace(task, removed=True)
    phase = Cancelled(attempt=task.attempt, ended_at=now, cause=_REMOVED)
    return replace(task, removed=True, phase=phase)


def _with_gone(old: BatchSpec, new: BatchSpec, gone: tuple[TaskSpec, ...]) -> BatchSpec:
    """The new spec with removed tasks, and the groups and limits that only they name."""
    names = {one.group for one in gone}
    limits = {name for one in gone for name in one.limits}
    groups, known = {one.name for one in new.groups}, {one.name for one in new.limits}
    return replace(
        new,
        tasks=(*new.tasks, *gone),
        groups=(*new.groups, *(g for g in old.groups if g.name in names - groups)),
        limits=(*new.limits, *(one for one in old.limits if one.name in limits - known)),
    )


def _groups(
    old: BatchSpec, rows: Mapping[GroupId, Group], new: BatchSpec, reopened: set[GroupId]
) -> dict[GroupId, Group]:
    """Live parallelism stays what the operator made it, unless the file says another than before."""
    before = {one.name: one for one in old.groups}
    per = {one.name: one.breaker.per for one in old.groups}
    groups: dict[GroupId, Group] = {}
    for one in new.groups:
        group = rows.get(one.name) or Group(name=one.name, parallel=one.parallel)
        group = _turned_back(group, before.get(one.name, one), one)
        if one.name in reopened:
            group = _reopened(group)
        if one.breaker.per != per.get(one.name, one.breaker.per):
            # Breakers of other parts say nothing about these.
            group = replace(group, breaker=Closed(), parts={})
        groups[one.name] = group
    return groups


def _turned_back(group: Group, before: GroupSpec, spec: GroupSpec) -> Group:
    """The row of a group, with those knobs as the file has them that it has otherwise than before."""
    if (before.parallel, before.parallel_least) != (spec.parallel, spec.parallel_least):
        group = replace(group, parallel=spec.parallel, following=Following())
    return group if before.inner == spec.inner else replace(group, inner=None)


def _reopened(group: Group) -> Group:
    """The row of a group that has new tasks: what was given up was so without them."""
    kept = {name: part for name, part in group.parts.items() if part.aborted is None}
    return replace(group, aborted=None, parts=kept)


def _limits(rows: Mapping[LimitId, Limit], new: BatchSpec) -> dict[LimitId, Limit]:
    return {one.name: rows.get(one.name) or Limit(name=one.name) for one in new.limits}


def _differs(task: Task, spec: TaskSpec, new: BatchSpec) -> bool:
    return bool(task.fingerprint) and task.fingerprint != fingerprint(spec, new.shell)


def _policies(old: BatchSpec, new: BatchSpec) -> tuple[str, ...]:
    before = {one.name: one for one in old.groups}
    found = [str(one.name) for one in new.groups if before.get(one.name, one) != one]
    limits = {one.name: one for one in old.limits}
    found += [one.name for one in new.limits if limits.get(one.name, one) != one]
    heads = [_head(one) for one in (old, new)]
    return (*found, *(["the batch"] if heads[0] != heads[1] else []))


def _head(spec: BatchSpec) -> tuple[object, ...]:
    hours = None if spec.hours is None else (spec.hours.opens, spec.hours.closes)
    others = (spec.rules, spec.profiles)
    return (
        *(spec.parallel, spec.disk_floor_bytes, spec.timezone, spec.shell, spec.notify, hours),
        *others,
    )


def _work(spec: TaskSpec) -> TaskSpec:
    """What a task does, without its place in the file."""
    return replace(spec, index=0, not_before=None)
