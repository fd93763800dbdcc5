"""Fewer at once where most containers only stand by: the parallelism that still does all the work.

What works now is no measure of what works a minute later, so the most that was seen at work within
``WINDOW_S`` counts, and half as much again is left for what waits in between.
"""

from collections.abc import Iterable
from dataclasses import replace
from math import ceil
from statistics import median_low

from supervisor.core.board import Advice
from supervisor.core.containers import ContainersNow, TaskContainers
from supervisor.core.draft import Draft, View
from supervisor.core.facets import LIVE
from supervisor.core.models import GroupId, TaskId
from supervisor.core.sighting import Sighting
from supervisor.core.wording import plural, span

SOURCE = "idle"
WINDOW_S = 300.0
MIN_IDLE_S = 20.0
"""Shorter pauses are work."""
_MOST_KEPT = 24
_CHANCE = 3
_YOUNG_S = 30.0
"""Containers use CPU as they are made, which is no work of their task yet."""
_STALE_S = 180.0
"""What was seen so long ago tells nothing about now."""
_STRAINED = 0.9
"""Share of the machine's cores in use from which on more at once gains nothing."""


def seen(draft: Draft, now: ContainersNow) -> None:
    """Remember how much of each group was at work."""
    for name, group in draft.groups.items():
        rows = _of(now, name)
        kept = tuple(one for one in group.sightings if one.at > draft.now - WINDOW_S)
        if rows:
            kept = (*kept, _sighting(draft, name, rows))[-_MOST_KEPT:]
        if kept != group.sightings:
            draft.put_group(replace(group, sightings=kept))


def working(view: View, name: GroupId, now: float) -> int | None:
    """Return the most attempts of a group that worked lately; None: it has no containers."""
    recent = _recent(view, name, now)
    if not recent:
        return None
    last = recent[-1]
    return max(_most(one.working for one in recent), last.working + last.unknown)


def advice(view: View, name: GroupId, now: float, least: int = 1) -> Advice | None:
    """Return a lower parallelism that does the same work, at least ``least``; None: there is none."""
    group, recent = view.groups[name], _recent(view, name, now)
    running = view.slots[name].bit_count()
    if not recent or view.desk.containers is None or recent[-1].unknown > max(1, running // 10):
        return None
    works = working(view, name, now) or 0
    suggested = max(least, fewer(works, strained=strained(view.desk.containers)))
    if not _worth_it(suggested, min(group.parallel, running)):
        return None
    why = _why(view, name, now, f"{recent[-1].working} of {plural(running, 'task')} at work")
    if not why:
        return None
    return Advice(group=name, parallel=group.parallel, suggested=suggested, why=why, source=SOURCE)


def inner_advice(
    view: View, name: GroupId, now: float, *, inner: int, least: int = 1
) -> tuple[int, str] | None:
    """Return a lower parallelism inside of each runner of a group, and why; None: there is none.

    Which containers belong to one item of a runner is not known. Each that works may be of an item
    of its own, so as many items work at most.
    """
    recent = _recent(view, name, now)
    if not recent or view.desk.containers is None or recent[-1].unknown:
        return None
    most = min(inner, max(_most(one.most for one in recent), recent[-1].most))
    suggested = max(least, fewer(most, strained=strained(view.desk.containers)))
    if not _worth_it(suggested, inner):
        return None
    why = _why(view, name, now, f"{recent[-1].most} of them at work")
    return (suggested, why) if why else None


def fewer(working: int, *, strained: bool) -> int:
    """Return how many at once do the work of ``working``, with room for what waits in between."""
    return working + (1 if strained else max(1, ceil(working / 2)))


def strained(now: ContainersNow) -> bool:
    """Tell whether the machine of the containers has no core to spare."""
    if now.host_busy is None or not now.host_cores:
        return False
    return now.host_busy >= _STRAINED * now.host_cores


def _recent(view: View, name: GroupId, now: float) -> tuple[Sighting, ...]:
    """Return the looks that tell about now; none where nothing was at work, for that is no measure."""
    found = tuple(one for one in view.groups[name].sightings if one.at > now - WINDOW_S)
    if not found or found[-1].at < now - _STALE_S:
        return ()
    return found if any(one.working for one in found) else ()


def _most(counts: Iterable[int]) -> int:
    """Return the most of several looks; of three or more the second most, for one may be chance."""
    found = sorted(counts, reverse=True)
    return found[1] if len(found) >= _CHANCE else found[0]


def _worth_it(suggested: int, parallel: int) -> bool:
    return suggested <= parallel - max(2, parallel // 4)


def _why(view: View, name: GroupId, now: float, at_work: str) -> str:
    """Return the reason in words; empty where too few stand by, or not for long enough."""
    seen = view.desk.containers
    rows = () if seen is None else _of(seen, name)
    running = sum(one.counts.running for one in rows)
    dead = sum(one.counts.dead_idle for one in rows)
    idle = dead + sum(one.counts.idle - one.answering for one in rows)
    since = median_low([now, *(one.idle_since for one in rows if one.idle_since is not None)])
    if not running or idle * 2 < running or now - since < MIN_IDLE_S:
        return ""
    told = [f"{idle} of {plural(running, 'container')} idle for {span(_coarse(now - since))}"]
    if dead:
        told.append(f"{dead} dead")
    if seen is not None and seen.daemon_busy is not None:
        told.append(f"daemon at {seen.daemon_busy:.0%} CPU")
    return f"{', '.join(told)}; {at_work}"


def _coarse(idle_s: float) -> float:
    return idle_s // 60 * 60 if idle_s >= 60 else idle_s // 10 * 10


def _sighting(draft: Draft, name: GroupId, rows: Iterable[TaskContainers]) -> Sighting:
    by_task = {one.task: one for one in rows}
    loose = by_task.pop(None, None)
    live = [id_ for _, id_ in draft.live if draft.specs[id_].group == name]
    young = {id_ for id_ in live if _is_young(draft, id_)}
    older = [id_ for id_ in live if id_ not in young]
    counts = {id_: _at_work(draft, by_task[id_]) for id_ in older if id_ in by_task}
    # An attempt of which no container is known may do anything; nothing says that it stands by.
    unseen = sum(id_ not in by_task for id_ in older)
    of_nobody = 0 if loose is None else _at_work(draft, loose)
    unsure = sum(not counts[id_] and _may_work(by_task[id_], draft.now) for id_ in counts)
    known = sum(1 for count in counts.values() if count) + min(unseen, of_nobody)
    working = min(len(live), known)
    unknown = len(young) + unsure + (unseen if loose is None else 0)
    return Sighting(
        at=draft.now,
        working=working,
        most=max(counts.values(), default=0) + of_nobody,
        unknown=min(len(live) - working, unknown),
    )


def _is_young(draft: Draft, id_: TaskId) -> bool:
    phase = draft.tasks[id_].phase
    return isinstance(phase, LIVE) and phase.since > draft.now - _YOUNG_S


def _at_work(draft: Draft, one: TaskContainers) -> int:
    """Return how many of them work; a pause that is short so far is none."""
    working = one.counts.busy + one.answering
    return working or int(_pauses(one, draft.now) and not _is_new(draft, one))


def _may_work(one: TaskContainers, now: float) -> bool:
    return bool(one.counts.unknown) or _pauses(one, now)


def _pauses(one: TaskContainers, now: float) -> bool:
    return one.idle_since is not None and now - one.idle_since < MIN_IDLE_S


def _is_new(draft: Draft, one: TaskContainers) -> bool:
    """Tell whether nothing but the making of its containers was seen of an attempt."""
    task = None if one.task is None else draft.tasks.get(one.task)
    phase = None if task is None else task.phase
    return isinstance(phase, LIVE) and (one.idle_since or 0.0) <= phase.since + MIN_IDLE_S


def _of(now: ContainersNow, name: GroupId) -> tuple[TaskContainers, ...]:
    return tuple(one for one in now.tasks if one.group == name)
