"""What a run does with what earlier runs of the batch left: skip, repeat, keep, refuse."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Protocol

from supervisor.core.batch import Closed, Desk, Group, Rows, Task
from supervisor.core.breaker import AT_REST
from supervisor.core.briefing import (
    missing_names,
    skipped,
    standing,
    told_of_sample,
    undecided,
    unselected_needs,
)
from supervisor.core.command import fingerprint
from supervisor.core.expected import with_expected
from supervisor.core.facets import LIVE
from supervisor.core.models import BatchSpec, GroupId, TaskId
from supervisor.core.need import need_of
from supervisor.core.options import RunOptions
from supervisor.core.orders import renewed
from supervisor.core.parts import given_up
from supervisor.core.phase import Aborted, Cancelled, Failed, Running, Succeeded
from supervisor.core.reload import Merge, differences, merged
from supervisor.core.sampling import sampled
from supervisor.core.stale import outdated, rests_on_needs
from supervisor.core.state import Batch, all_rows, assemble, fresh

_LEAST_LEFT_S = 60.0
"""What an adopted attempt gets at least before its time-out: nobody watched its clock."""
_LISTED = 10


class Remembered(Protocol):
    """What the journal kept of earlier runs."""

    @property
    def spec(self) -> BatchSpec:
        """The batch file of the last run, with what was added to it."""
        ...

    @property
    def rows(self) -> Rows:
        """Every row."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is about to do, and what to say about it first."""

    batch: Batch
    messages: tuple[str, ...]
    refused: str | None = None
    """Why it must not go on as it was asked for, with the ways out."""
    nothing_to_do: bool = False
    exit_hint: int = 0
    """The exit code if there is nothing to do: 0 all have succeeded, 1 not."""


def plan(
    spec: BatchSpec,
    stored: Remembered | None,
    options: RunOptions,
    now: float,
    uuid: str,
    missing_env: tuple[str, ...] = (),
) -> Plan:
    """Return the batch to run for ``spec`` after what is ``stored``; None: a first run.

    ``missing_env`` are names of the earlier run's environment that are not set now.
    """
    if options.again and stored is not None and stored.rows.desk is not None:
        return _as_it_was(stored.spec, stored.rows, stored.rows.desk, now)
    old, desk, rows = _earlier(spec, stored, now, uuid)
    merge = merged(old, desk, rows, spec, now)
    selected = asked = _selected(merge.spec, options)
    if options.sample is not None:
        asked = frozenset(id_ for id_ in asked if not merge.rows.tasks[id_].removed)
        selected = sampled(merge.spec, asked, options.sample, desk.uuid)
    changed = _changed(merge, selected, options)
    batch = _batch(merge, selected, changed, options, now)
    refusals = [
        *missing_names(missing_env, options),
        *undecided(changed, options),
        *unselected_needs(batch),
    ]
    return Plan(
        batch=batch,
        messages=(
            *differences(merge),
            *standing(batch),
            *told_of_sample(merge, selected, len(asked), options),
            *skipped(batch, merge, selected),
        ),
        refused="\n".join(refusals) or None,
        nothing_to_do=not batch.live and batch.open == 0,
        exit_hint=0 if selected and _all_succeeded(batch, selected) else 1,
    )


def _as_it_was(spec: BatchSpec, rows: Rows, desk: Desk, now: float) -> Plan:
    """The batch that an engine left in mid-run, paused or stopping as it was.

    It may have been about to end; its end is told again, and whether a disk is full found out anew.
    """
    tasks = {id_: _adopted(task, now) for id_, task in rows.tasks.items()}
    desk = replace(desk, ended_at=None, disk=None, disk_until=None)
    return Plan(batch=assemble(spec, replace(rows, desk=desk, tasks=tasks)), messages=())


def _earlier(
    spec: BatchSpec, stored: Remembered | None, now: float, uuid: str
) -> tuple[BatchSpec, Desk, Rows]:
    if stored is None or stored.rows.desk is None:
        begun = fresh(spec, uuid, now)
        return spec, begun.desk, all_rows(begun)
    return stored.spec, stored.rows.desk, stored.rows


def _selected(spec: BatchSpec, options: RunOptions) -> frozenset[TaskId]:
    """The tasks that this run was asked for."""
    if options.filter is None:
        return frozenset(one.id for one in spec.tasks)
    ids = {one.id for one in spec.tasks if fnmatchcase(one.id, options.filter)}
    return frozenset(_closed(spec, ids, lambda _: True) if options.with_dependents else ids)


def _closed(spec: BatchSpec, ids: set[TaskId], wanted: Callable[[TaskId], bool]) -> set[TaskId]:
    """``ids`` with the ``wanted`` ones of what needs them, and of what needs those."""
    return ids | outdated(ids, _dependents(spec), wanted).keys()


def _dependents(spec: BatchSpec) -> Callable[[TaskId], Iterator[TaskId]]:
    """What finds who needs a task or its group; who needs a name comes for its first only."""
    dependents: dict[str, list[TaskId]] = {}
    for one in spec.tasks:
        for text in one.needs:
            dependents.setdefault(need_of(text).name, []).append(one.id)
    groups = {one.id: one.group for one in spec.tasks}

    def of(id_: TaskId) -> Iterator[TaskId]:
        for name in (id_, groups[id_]):
            yield from dependents.pop(name, ())

    return of


def _changed(merge: Merge, selected: frozenset[TaskId], options: RunOptions) -> tuple[TaskId, ...]:
    """Finished tasks that somebody must decide about: their command is another one now."""
    if options.force:
        return ()
    return tuple(
        id_
        for id_ in merge.changed
        if id_ in selected and isinstance(merge.rows.tasks[id_].phase, Succeeded)
    )


def _batch(
    merge: Merge,
    selected: frozenset[TaskId],
    changed: tuple[TaskId, ...],
    options: RunOptions,
    now: float,
) -> Batch:
    rows, specs = merge.rows, {one.id: one for one in merge.spec.tasks}
    policies = {one.name: one for one in merge.spec.groups}
    again = _again(merge, selected, changed, options)
    groups = _groups(rows, {specs[id_].group for id_ in again}, options)
    tasks = {
        id_: _adopted(renewed(task) if id_ in again else task, now)
        for id_, task in rows.tasks.items()
    }
    if options.changed == "keep":
        for id_ in changed:
            seen = fingerprint(specs[id_], merge.spec.shell)
            tasks[id_] = replace(tasks[id_], fingerprint=seen)
    for id_, root in outdated(
        again, _dependents(merge.spec), lambda id_: rests_on_needs(tasks[id_].phase)
    ).items():
        tasks[id_] = replace(tasks[id_], stale=root)
    for id_, task in tasks.items():
        tasks[id_] = replace(
            _given_up(
                task,
                given_up(groups[specs[id_].group], policies[specs[id_].group], specs[id_]),
                now,
            ),
            # What lives belongs to this run whatever it was asked for, to its very end.
            skipped=id_ not in selected and not isinstance(task.phase, LIVE),
            needs_ignored=options.ignore_needs and id_ in selected,
        )
    tasks = with_expected(tasks, specs, frozenset(merge.changed))
    return assemble(
        merge.spec,
        replace(rows, desk=_desk(merge.desk, options), tasks=tasks, groups=groups),
    )


def _again(
    merge: Merge,
    selected: frozenset[TaskId],
    changed: tuple[TaskId, ...],
    options: RunOptions,
) -> set[TaskId]:
    """Tasks that are over and run again all the same."""
    phases: tuple[type, ...] = ()
    if options.force:
        phases = (Succeeded, Failed, Aborted, Cancelled)
    elif options.retry_errors:
        phases = (Failed, Aborted)
    tasks = merge.rows.tasks
    ids = {
        id_ for id_ in selected if isinstance(tasks[id_].phase, phases) and not tasks[id_].removed
    }
    if options.changed == "force":
        ids.update(changed)
    renewing: tuple[type, ...] = (Aborted,)
    if options.with_dependents:
        renewing = (Aborted, Succeeded)
        ids.update(id_ for id_ in selected if _is_stale(tasks[id_]))
    return _closed(
        merge.spec,
        ids,
        lambda id_: (
            id_ in selected and isinstance(tasks[id_].phase, renewing) and not tasks[id_].removed
        ),
    )


def _is_stale(task: Task) -> bool:
    return bool(task.stale) and isinstance(task.phase, Succeeded) and not task.removed


def _groups(rows: Rows, again: set[GroupId], options: RunOptions) -> dict[GroupId, Group]:
    return {
        name: replace(group, breaker=Closed(), aborted=None, parts={})
        if options.retry_errors or name in again
        else group
        for name, group in rows.groups.items()
    }


def _desk(desk: Desk, options: RunOptions) -> Desk:
    """The batch's row, running; whoever says run means neither stop nor pause."""
    return replace(
        desk,
        parallel=desk.parallel if options.parallel is None else options.parallel,
        paused=False,
        stopping=None,
        ended_at=None,
        disk=None,
        disk_until=None,
        until=options.until,
        time_up=False,
        fail_fast=options.fail_fast or options.sample is not None,
        aborted=None,
    )


def _adopted(task: Task, now: float) -> Task:
    """The row of a task whose attempt may live on: nobody watched its clocks meanwhile."""
    phase = task.phase
    if not isinstance(phase, Running):
        return task
    deadline = None if phase.deadline is None else max(phase.deadline, now + _LEAST_LEFT_S)
    return replace(task, phase=replace(phase, deadline=deadline, quiet_since=None, stall_at=None))


def _given_up(task: Task, cause: str | None, now: float) -> Task:
    """The row of a task whose group was given up while a filter left the task out."""
    if cause is None or not isinstance(task.phase, AT_REST):
        return task
    phase = Aborted(attempt=task.attempt, ended_at=now, cause=cause)
    return replace(task, phase=phase)


def _all_succeeded(batch: Batch, selected: frozenset[TaskId]) -> bool:
    return all(
        isinstance(batch.tasks[id_].phase, Succeeded) or batch.tasks[id_].removed
        for id_ in selected
    )
