"""Holds, probes and ramps of the limits that tasks exhaust together."""

from collections.abc import Iterable
from dataclasses import replace

from supervisor.core import gates, outages, ramps
from supervisor.core.batch import Checking, Free, Holding, Limit, Probing, Ramping, Task
from supervisor.core.draft import Draft, View
from supervisor.core.facets import phase_ends_at
from supervisor.core.models import LimitId, TaskSpec
from supervisor.core.pauses import Pause, ended
from supervisor.core.phase import WAITING, Held
from supervisor.core.wording import plural


def admits(view: View, name: LimitId) -> bool:
    """Tell whether the limit lets one more attempt start."""
    limit = view.limits[name]
    if limit.next_launch_at:
        return False
    match limit.phase:
        case Free() | Probing(probe=None):
            return True
        case Ramping(allowed=allowed):
            return view.live_by_limit[name] < allowed
        case _:
            return False


def holding(view: View, names: tuple[LimitId, ...]) -> LimitId | None:
    """Return the first of ``names`` that holds."""
    return next((name for name in names if isinstance(view.limits[name].phase, Holding)), None)


def launched(draft: Draft, spec: TaskSpec) -> None:
    """Take in that an attempt of the task was launched: it may have become a probe."""
    for name in spec.limits:
        limit, pace_s = draft.limits[name], draft.limit_specs[name].pace_s
        if pace_s:
            limit = replace(limit, next_launch_at=draft.now + pace_s)
            draft.put_limit(limit)
        match limit.phase:
            case Probing(probe=None) as probing:
                draft.put_limit(replace(limit, phase=replace(probing, probe=spec.id)))
                draft.record("probe", name, f"{spec.id} is tried to see whether {name} is free")
            case _:
                pass


def started(draft: Draft, spec: TaskSpec, started_at: float) -> None:
    """Take in that an attempt is alive: a probe passes if it lives long enough."""
    for name in spec.limits:
        limit = draft.limits[name]
        match limit.phase:
            case Probing(probe=spec.id, passes_at=None) as probing:
                passes_at = started_at + ramps.pace_s(probing.usual_s)
                draft.put_limit(replace(limit, phase=replace(probing, passes_at=passes_at)))
            case _:
                pass


def attempt_over(draft: Draft, spec: TaskSpec, *, started_at: float, succeeded: bool) -> None:
    """Take in how an attempt ended, once ``met`` knows of what it met.

    While the limit ramps up, each success of an attempt begun since the release lets one more run:
    short tasks double in their own time, as in TCP's slow start (RFC 5681, section 3.1), long ones
    at the pace of the probe.
    """
    for name in spec.limits:
        limit = draft.limits[name]
        match limit.phase:
            case Holding(by=spec.id) as hold if succeeded:
                release(draft, limit, hold, f"{spec.id}, which had met it, succeeded")
            case Probing(probe=spec.id) as probing if succeeded:
                ramps.passed(draft, limit, probing.usual_s, f"{spec.id} succeeded")
            case Probing(probe=spec.id) as probing:
                # It proved nothing; the next task that is launched may.
                probing = replace(probing, probe=None, passes_at=None)
                draft.put_limit(replace(limit, phase=probing))
            case Ramping() as ramping if succeeded and started_at >= limit.released_at:
                ramps.grow(draft, limit, ramping)
            case _:
                pass


def due(draft: Draft, name: LimitId) -> None:
    """Do what the limit's deadlines ask for."""
    limit = draft.limits[name]
    if 0 < limit.next_launch_at <= draft.now:
        limit = replace(limit, next_launch_at=0.0)
        draft.put_limit(limit)
    if 0 < limit.next_refresh_at <= draft.now:
        limit = gates.renew(draft, limit)
    ends_at = phase_ends_at(limit.phase)
    if ends_at is not None and ends_at <= draft.now:
        _phase_over(draft, limit)


def _phase_over(draft: Draft, limit: Limit) -> None:
    match limit.phase:
        case Holding(refresh_next=True) as hold:
            gates.refresh_again(draft, limit, hold)
        case Holding() as hold:
            release(draft, limit, hold, "its time has come")
        case Probing() as probing:
            ramps.passed(draft, limit, probing.usual_s, f"{probing.probe} lived on")
        case Ramping() as ramping:
            ramps.widen(draft, limit, 2 * ramping.allowed, ramping.pace_s)
        case _:
            raise AssertionError(f"{limit.name} has no deadline")


def operator_released(draft: Draft, name: LimitId) -> bool:
    """Release the limit on the operator's word; tell whether it held."""
    limit = replace(draft.limits[name], refreshed_at=draft.now)
    match limit.phase:
        case Holding() as hold:
            draft.put_limit(limit)
            release(draft, limit, hold, "released by the operator")
        case Checking() as checking:
            draft.record("release", name, f"the operator goes on without its {checking.step}")
            gates.opened(draft, replace(limit, stale=False, checked_at=draft.now), checking)
        case _:
            return False
    return True


def release(draft: Draft, limit: Limit, hold: Holding, why: str) -> None:
    """End a hold: its tasks wait at the front of their queues, and one of them may probe.

    Where a preflight can tell, it is asked first.
    """
    name = limit.name
    held = [draft.tasks[id_] for _, id_ in draft.held[name]]
    others = outages.lived_through(draft, limit, hold)
    lost_s = limit.lost_s + sum(_held_s(task, draft.now) for task in held)
    pause = Pause(
        number=limit.pause_count,
        since=hold.since,
        ended_at=draft.now,
        total_s=lost_s,
        reason=hold.reason,
    )
    limit = replace(
        limit,
        released_at=draft.now,
        waited_s=limit.waited_s + max(0.0, draft.now - hold.since),
        lost_s=lost_s,
        pauses=ended(limit.pauses, pause),
    )
    what = _let_through(draft, limit, hold, _usual_s(held), others=others)
    for task in held:
        place = outages.place_after(limit, hold, task)
        draft.put(replace(task, phase=WAITING, priority=place))
    draft.record("release", name, f"{why}; {what} ({plural(len(held), 'task')} held)")


def _let_through(draft: Draft, limit: Limit, hold: Holding, usual_s: float, *, others: bool) -> str:
    """Open the limit as far as may be; return that in words."""
    if others:
        draft.put_limit(outages.over_for_others(draft, limit))
        return "its servers answer others"
    if (step := gates.instead_of_probe(draft, limit, hold.reason, usual_s)) is not None:
        return f"its {step} is run first"
    probing = Probing(
        since=draft.now, probe=None, passes_at=None, reason=hold.reason, usual_s=usual_s
    )
    draft.put_limit(replace(limit, phase=probing))
    return "one task is tried first"


def _held_s(task: Task, now: float) -> float:
    return max(0.0, now - task.phase.since) if isinstance(task.phase, Held) else 0.0


def _usual_s(held: Iterable[Task]) -> float:
    """How soon an attempt meets the limit, at the latest: as soon as the youngest that ended on it.

    The mean would tell how old attempts are that were under way when the limit was reached.
    """
    records = [task.history[-1] for task in held if task.history]
    return min((max(0.0, r.ended_at - r.started_at) for r in records), default=0.0)
