"""What an operator wants of tasks: freeze, thaw, kill, cancel, retry, first."""

from dataclasses import replace
from itertools import pairwise

from supervisor.core import breaker, failing_fast, ladder, lifecycle
from supervisor.core.batch import Task
from supervisor.core.draft import Draft
from supervisor.core.effects import Reply
from supervisor.core.expected import took_s
from supervisor.core.facets import LIVE
from supervisor.core.intents import Cancel, First, Freeze, Kill, Patterns, Retry, Thaw
from supervisor.core.models import ErrorClass, GroupId, TaskId
from supervisor.core.needs import Dependents, hopeless
from supervisor.core.parts import part_of
from supervisor.core.phase import (
    WAITING,
    Aborted,
    BackingOff,
    Cancelled,
    Failed,
    Frozen,
    Held,
    Phase,
    Running,
    Succeeded,
    Waiting,
)
from supervisor.core.scheduling import head_of_queue
from supervisor.core.stale import mark
from supervisor.core.targets import Selection, select
from supervisor.core.wording import listed, plural


def freeze(draft: Draft, intent: Freeze, who: str) -> None:
    """Stop running attempts in mid-run."""
    frozen: list[TaskId] = []
    for id_ in _live(draft, intent.targets):
        task = draft.tasks[id_]
        if isinstance(task.phase, Running) and task.phase.ending is None:
            lifecycle.freeze(draft, task, task.phase)
            draft.record("freeze", id_, f"by {who}")
            frozen.append(id_)
    if frozen:
        draft.reply(f"frozen: {listed(frozen)}; API calls in flight may time out")
    else:
        _nothing(draft, "there is nothing to freeze")


def thaw(draft: Draft, intent: Thaw, who: str) -> None:
    """Let frozen attempts run on."""
    thawed: list[TaskId] = []
    for id_ in _live(draft, intent.targets):
        task = draft.tasks[id_]
        if isinstance(task.phase, Frozen):
            lifecycle.thaw(draft, task, task.phase)
            draft.record("thaw", id_, f"by {who}")
            thawed.append(id_)
    if thawed:
        draft.reply(f"running on: {listed(thawed)}")
    else:
        _nothing(draft, "nothing is frozen")


def kill(draft: Draft, intent: Kill, who: str) -> None:
    """End running attempts; their tasks run again at no cost."""
    selection = _select(draft, intent.targets)
    killed = [id_ for id_ in selection.ids if isinstance(draft.tasks[id_].phase, LIVE)]
    for id_ in killed:
        lifecycle.stop(draft, draft.tasks[id_], ErrorClass.OPERATOR, f"killed by {who}", "again")
    if killed:
        draft.reply(f"stopping {listed(killed)}; they run again at no cost")
    elif selection.ids:
        draft.reply(f"{_are(selection.ids)} not running")


def cancel(draft: Draft, intent: Cancel, who: str) -> None:
    """End tasks for good."""
    selection = _select(draft, intent.targets)
    cause = f"cancelled by {who}"
    cancelled = [id_ for id_ in selection.ids if _cancel(draft, draft.tasks[id_], cause)]
    if cancelled:
        draft.reply(f"cancelled: {listed(cancelled)}")
    elif selection.ids:
        draft.reply(f"{_are(selection.ids)} over already")


def retry(draft: Draft, intent: Retry, who: str) -> None:
    """Run tasks again with a new budget, and what was given up because of them."""
    if intent.targets:
        selection = _select(draft, intent.targets)
        ids, named = selection.ids, selection.named
    else:
        ids, named = tuple(draft.tasks), frozenset[TaskId]()
        ids = tuple(id_ for id_ in ids if isinstance(draft.tasks[id_].phase, Failed | Aborted))
    again = [id_ for id_ in ids if _to_retry(draft.tasks[id_], intent.error_class, id_ in named)]
    retried = renew(draft, again, with_dependents=intent.with_dependents)
    going = frozenset(retried)
    lost = tuple(id_ for id_ in again if id_ not in going)
    if lost:
        draft.reply(f"{_are(lost)} not run again: something needed is over; retry that, too")
    outdated = mark(draft, retried)
    if retried:
        draft.record("retry", "", f"{plural(len(retried), 'task')} by {who}: {listed(retried)}")
        for id_ in retried:
            draft.record("retry", id_, f"a new budget, by {who}")
        draft.reply(f"{plural(len(retried), 'task')} with a new budget: {listed(retried)}")
        if outdated:
            draft.reply(
                f"stale now, for they used it: {listed(outdated)} (--with-dependents runs them)"
            )
    elif not lost:
        _nothing_to_retry(draft, intent, ids)


def _nothing_to_retry(draft: Draft, intent: Retry, ids: tuple[TaskId, ...]) -> None:
    if ids:
        draft.reply(f"nothing to retry: {_are(ids)} waiting, running or done")
    elif not intent.targets:
        of_class = f" as {intent.error_class}" if intent.error_class is not None else ""
        draft.reply(f"nothing to retry: no task has failed{of_class}")


def renew(draft: Draft, ids: list[TaskId], *, with_dependents: bool = False) -> list[TaskId]:
    """Put tasks back to waiting with a new budget, and those aborted for want of them.

    ``with_dependents``: those that succeeded on what they left, too.

    Their groups' breakers are closed: whoever says retry means it.
    """
    phases = (Aborted, Succeeded) if with_dependents else (Aborted,)
    wanted = _with_dependents(draft, ids, phases)
    lost = hopeless(draft, wanted)
    done = [id_ for id_ in wanted if id_ not in lost]
    for id_ in done:
        spec = draft.specs[id_]
        breaker.reset(draft, spec.group, part_of(draft.group_specs[spec.group], spec))
        draft.put(renewed(draft.tasks[id_]))
    if done:
        failing_fast.reopened(draft)
    if done and draft.desk.stopping is None and draft.desk.ended_at is not None:
        draft.put_desk(replace(draft.desk, ended_at=None))
    return done


def _with_dependents(
    draft: Draft, ids: list[TaskId], phases: tuple[type[Phase], ...]
) -> list[TaskId]:
    """Return ``ids`` and, each after what it needs, those in ``phases`` that need any of them."""
    found, todo, needing = dict[TaskId, None](), list(ids), Dependents(draft)
    while todo:
        id_ = todo.pop(0)
        if id_ not in found:
            found[id_] = None
            todo.extend(
                one
                for one in needing.of(id_)
                if isinstance(draft.tasks[one].phase, phases) and not draft.tasks[one].removed
            )
    return list(found)


def renewed(task: Task) -> Task:
    """Return the task, waiting, as if it had never cost an attempt; its history stays."""
    return replace(
        ladder.climbed(task),
        phase=WAITING,
        failures=0,
        timeouts=0,
        losses=0,
        waits=0,
        waited_s=0.0,
        launches=0,
        skipped=False,
        stale="",
        expected_s=took_s(task),
    )


def first(draft: Draft, intent: First, who: str) -> None:
    """Move waiting tasks to the head of their groups' queues, in the order given."""
    selection = _select(draft, intent.targets)
    # What means nothing was said to mean nothing; each word's tasks come in the file's order.
    asked = [id_ for word in intent.targets for id_ in select(draft, (word,)).ids]
    moved = [
        id_
        for id_ in dict.fromkeys(asked)
        if isinstance(draft.tasks[id_].phase, Waiting | BackingOff | Held)
    ]
    for name in dict.fromkeys(draft.specs[id_].group for id_ in moved):
        _to_the_head(draft, name, [id_ for id_ in moved if draft.specs[id_].group == name], who)
    if moved:
        draft.reply(f"next: {listed(moved)}")
    elif selection.ids:
        draft.reply(f"{_are(selection.ids)} not waiting")


def _to_the_head(draft: Draft, name: GroupId, ids: list[TaskId], who: str) -> None:
    """Put tasks of one group before all others; those that are there already stay."""
    priorities = [draft.tasks[id_].priority for id_ in ids]
    others = head_of_queue(draft, name, without=frozenset(ids))
    if priorities[-1] < others and all(one < next_ for one, next_ in pairwise(priorities)):
        return
    before = min(0, others)
    for place, id_ in enumerate(ids):
        draft.put(replace(draft.tasks[id_], priority=before - len(ids) + place))
        draft.record("first", id_, f"by {who}")


def _select(draft: Draft, patterns: Patterns) -> Selection:
    selection = select(draft, patterns)
    for problem in selection.problems:
        draft.reply(problem, refused=True)
    if not patterns:
        draft.reply("say which tasks: group/id, an id, a group, or a glob in quotes", refused=True)
    return selection


def _live(draft: Draft, patterns: Patterns) -> tuple[TaskId, ...]:
    if patterns:
        return _select(draft, patterns).ids
    return tuple(id_ for _, id_ in draft.live)


def _nothing(draft: Draft, text: str) -> None:
    """Say that there was nothing to do, unless it was said already what is wrong."""
    if not any(isinstance(effect, Reply) for effect in draft.effects):
        draft.reply(text)


def _are(ids: tuple[TaskId, ...]) -> str:
    return f"{listed(ids)} {'is' if len(ids) == 1 else 'are'}"


def _cancel(draft: Draft, task: Task, cause: str) -> bool:
    if isinstance(task.phase, LIVE):
        lifecycle.stop(draft, task, ErrorClass.OPERATOR, cause, "cancel")
        return True
    if isinstance(task.phase, Waiting | BackingOff | Held):
        over = Cancelled(attempt=task.attempt, ended_at=draft.now, cause=cause)
        draft.put(replace(task, phase=over))
        draft.record("cancelled", task.id, cause)
        return True
    return False


def _to_retry(task: Task, error_class: ErrorClass | None, named: bool) -> bool:
    if task.removed:
        return False
    match task.phase:
        case Failed(error_class=found) | BackingOff(error_class=found) | Held(error_class=found):
            return error_class is None or found is error_class
        case Aborted() | Cancelled():
            return error_class is None
        case Succeeded():
            # A glob or a group's name must not throw away finished work.
            return named and error_class is None
        case _:
            return False
