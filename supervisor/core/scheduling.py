"""Which task is launched next, and what stands in the way of the others."""

from dataclasses import replace
from typing import Literal

from supervisor.core import breaker, gates, gpus, inner, ladder, limits
from supervisor.core.backoff import fraction
from supervisor.core.batch import Group
from supervisor.core.command import fingerprint
from supervisor.core.draft import Draft, View
from supervisor.core.effects import StartAttempt
from supervisor.core.facets import Lane, QueueEntry
from supervisor.core.models import GpuNeed, GroupId, LimitId, TaskId
from supervisor.core.parts import lets_through, part_state
from supervisor.core.phase import Starting
from supervisor.core.weights import fits_batch, fits_group

BatchBlock = Literal["stopping", "paused", "disk", "hours", "full"]
GroupBlock = Literal["aborted", "paused", "breaker", "full", "stagger"]


def launch(draft: Draft) -> None:
    """Launch all that may be launched now."""
    while batch_block(draft) is None:
        id_ = _next(draft)
        if id_ is None:
            return
        spec = draft.specs[id_]
        if not gates.wanted(draft, spec.group, spec.limits):
            _start(draft, id_)


def batch_block(view: View) -> BatchBlock | None:
    """Return what keeps the whole batch from launching."""
    desk = view.desk
    if desk.stopping is not None:
        return "stopping"
    if desk.paused:
        return "paused"
    if desk.disk is not None:
        return "disk"
    if desk.opens_at is not None:
        return "hours"
    if desk.parallel is not None and view.used_all >= desk.parallel:
        return "full"
    return None


def group_block(view: View, name: GroupId, now: float) -> GroupBlock | None:
    """Return what keeps the group from launching."""
    group = view.groups[name]
    if group.aborted is not None:
        return "aborted"
    if group.paused:
        return "paused"
    if not lets_through(part_state(group, "")):
        return "breaker"
    if view.used[name] >= group.parallel:
        return "full"
    if group.next_launch_at > now:
        return "stagger"
    return None


def limit_block(view: View, names: tuple[LimitId, ...]) -> LimitId | None:
    """Return the first limit that lets none of its tasks start now."""
    return next((name for name in names if not limits.admits(view, name)), None)


def part_block(view: View, name: GroupId, part: str) -> bool:
    """Tell whether a part of the group launches nothing, though the group would."""
    return bool(part) and not lets_through(part_state(view.groups[name], part))


def lane_block(view: View, name: GroupId, lane: Lane) -> LimitId | str | None:
    """Return what lets nothing of a lane start now: a limit, or a part of the group."""
    if part_block(view, name, lane.part):
        return lane.part
    return limit_block(view, lane.limits)


def head_of_queue(view: View, name: GroupId, without: frozenset[TaskId]) -> int:
    """Return the smallest priority among what is ready in the group, ``without`` some; 0: nothing is."""
    others = (
        next((entry for entry in entries if entry[-1] not in without), None)
        for entries in view.ready[name].values()
    )
    return min((one[0] for one in others if one is not None), default=0)


def next_in_line(
    view: View, name: GroupId, now: float, kept: list[GpuNeed] | None = None
) -> TaskId | None:
    """Return the task that the group launches next as far as it is up to the group itself.

    It may have to wait for slots all the same: then the group keeps its free ones for it. ``kept`` are
    the GPUs that others wait for, who were there before; what the group waits for is added.
    """
    if group_block(view, name, now) is not None:
        return None
    entry = _first_admitted(view, name, [] if kept is None else kept)
    return None if entry is None else entry[-1]


def first_in_line(view: View, now: float) -> TaskId | None:
    """Return the task that is launched next once there are slots enough over all groups."""
    kept: list[GpuNeed] = []
    for _, _, name in view.turns:
        id_ = next_in_line(view, name, now, kept)
        if id_ is not None and fits_group(view, id_):
            return id_
    return None


def _next(draft: Draft) -> TaskId | None:
    id_ = first_in_line(draft, draft.now)
    # What would fit beside a heavy task must not pass it for ever.
    return id_ if id_ is not None and fits_batch(draft, id_) else None


def _first_admitted(view: View, name: GroupId, kept: list[GpuNeed]) -> QueueEntry | None:
    best: QueueEntry | None = None
    for lane, head in _heads(view, name):
        if (best is not None and best < head) or lane_block(view, name, lane) is not None:
            continue
        if gpus.admits(view, lane.gpus, kept):
            best = head
        elif lane.gpus is not None and gpus.will_do(view, lane.gpus):
            # What needs fewer GPUs must not pass it for ever.
            kept.append(lane.gpus)
    return best


def _heads(view: View, name: GroupId) -> list[tuple[Lane, QueueEntry]]:
    """Return who comes first in each lane; in their order where GPUs are kept for who comes first."""
    lanes = view.ready[name].items()
    heads = [(lane, entries.first) for lane, entries in lanes]
    found = [(lane, head) for lane, head in heads if head is not None]
    if len(found) > 1 and any(lane.gpus is not None for lane, _ in found):
        found.sort(key=lambda one: one[1])
    return found


def _start(draft: Draft, id_: TaskId) -> None:
    task, spec = draft.tasks[id_], draft.specs[id_]
    taken = draft.slots[spec.group]
    slot = (~taken & (taken + 1)).bit_length()
    attempt = task.attempt + 1
    draft.put(
        replace(
            task,
            phase=Starting(attempt=attempt, since=draft.now, slot=slot),
            attempt=attempt,
            priority=0,
            fingerprint=fingerprint(spec, draft.head.shell),
            stale="",
            rung=ladder.next_rung(draft, id_),
            inner=inner.value(draft.group_specs[spec.group], draft.groups[spec.group]),
        )
    )
    limits.launched(draft, spec)
    on_gpus = gpus.take(draft, id_, spec.gpus)
    group = draft.groups[spec.group]
    group = group if group.begun else replace(group, begun=True)
    after = _staggered(draft, breaker.launched(draft, group, id_), attempt, id_)
    if after is not draft.groups[spec.group]:
        draft.put_group(after)
    draft.launched(spec.group)
    settings = f"{ladder.launched(draft, id_)}{inner.launched(draft, id_)}{on_gpus}"
    record = f"attempt {attempt} in slot {slot}{settings}"
    draft.record("launch", id_, record)
    draft.effects.append(StartAttempt(task=id_, attempt=attempt, slot=slot))


def _staggered(draft: Draft, group: Group, attempt: int, id_: TaskId) -> Group:
    policy = draft.group_specs[group.name]
    if policy.stagger_high_s <= 0:
        return group
    spread = policy.stagger_high_s - policy.stagger_low_s
    wait_s = policy.stagger_low_s + spread * fraction(draft.desk.uuid, f"stagger {id_}", attempt)
    return replace(group, next_launch_at=draft.now + wait_s)
