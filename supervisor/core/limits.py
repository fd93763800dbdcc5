"""Holds, probes and ramps of the limits that tasks exhaust together."""

from dataclasses import replace

from supervisor.core import outages
from supervisor.core.batch import Free, Holding, Limit, Probing, Ramping
from supervisor.core.draft import Draft, View
from supervisor.core.effects import RunRefresh
from supervisor.core.models import LimitId, TaskId, TaskSpec
from supervisor.core.phase import WAITING
from supervisor.core.wording import plural

_PACE_LOW_S = 30.0
_PACE_HIGH_S = 300.0


def admits(view: View, name: LimitId) -> bool:
    """Tell whether the limit lets one more attempt start."""
    match view.limits[name].phase:
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
        limit = draft.limits[name]
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
                passes_at = started_at + _pace_s(probing.usual_s)
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
                _release(draft, limit, hold, f"{spec.id}, which had met it, succeeded")
            case Probing(probe=spec.id) as probing if succeeded:
                _pass(draft, limit, probing, f"{spec.id} succeeded")
            case Probing(probe=spec.id) as probing:
                # It proved nothing; the next task that is launched may.
                probing = replace(probing, probe=None, passes_at=None)
                draft.put_limit(replace(limit, phase=probing))
            case Ramping() as ramping if succeeded and started_at >= limit.released_at:
                _grow(draft, limit, ramping)
            case _:
                pass


def due(draft: Draft, name: LimitId) -> None:
    """Do what the limit's deadline asks for."""
    limit = draft.limits[name]
    match limit.phase:
        case Holding() as hold:
            _release(draft, limit, hold, "its time has come")
        case Probing() as probing:
            _pass(draft, limit, probing, f"{probing.probe} lived on")
        case Ramping() as ramping:
            _ramp(draft, limit, 2 * ramping.allowed, ramping.pace_s)
        case Free():
            raise AssertionError(f"{name} has no deadline")


def refresh(draft: Draft, name: LimitId) -> None:
    """Order the refresh command to be run."""
    limit = draft.limits[name]
    if isinstance(limit.phase, Holding):
        draft.put_limit(replace(limit, phase=replace(limit.phase, refreshing=True)))
    draft.effects.append(RunRefresh(limit=name))


def refresh_ended(draft: Draft, name: LimitId, cause: str) -> None:
    """Take in the end of a refresh command; ``cause`` is empty when it worked."""
    limit = draft.limits[name]
    phase = limit.phase
    if not cause:
        draft.put_limit(replace(limit, refreshed_at=draft.now))
        draft.record("refresh", name, "the credential was refreshed")
        _after_refresh(draft, name)
    elif isinstance(phase, Holding):
        reason = f"{phase.reason}; refresh failed: {cause}"
        # A hold with an end of its own still ends; then the probe shows whether it matters.
        stuck = phase.until is None
        hold = replace(phase, needs_operator=stuck, refreshing=False, reason=reason)
        draft.put_limit(replace(limit, phase=hold))
        draft.record("refresh", name, f"refresh failed: {cause}")
    else:
        draft.record("refresh", name, f"refresh failed: {cause}")


def operator_released(draft: Draft, name: LimitId) -> bool:
    """Release the limit on the operator's word; tell whether it held."""
    limit = draft.limits[name]
    hold = limit.phase
    if not isinstance(hold, Holding):
        return False
    limit = replace(limit, refreshed_at=draft.now)
    draft.put_limit(limit)
    _release(draft, limit, hold, "released by the operator")
    return True


def _release(draft: Draft, limit: Limit, hold: Holding, why: str) -> None:
    """End a hold: its tasks wait at the front of their queues, and one of them may probe."""
    name = limit.name
    places = tuple(draft.held[name])
    probing = Probing(
        since=draft.now,
        probe=None,
        passes_at=None,
        reason=hold.reason,
        usual_s=_usual_s(draft, tuple(id_ for _, id_ in places)),
    )
    others = outages.lived_through(draft, limit, hold)
    limit = replace(
        limit,
        phase=probing,
        released_at=draft.now,
        waited_s=limit.waited_s + max(0.0, draft.now - hold.since),
    )
    draft.put_limit(outages.over_for_others(draft, limit) if others else limit)
    for _, id_ in places:
        task = draft.tasks[id_]
        draft.put(replace(task, phase=WAITING, priority=min(task.priority, -1)))
    held = plural(len(places), "task")
    what = "its servers answer others" if others else "one task is tried first"
    draft.record("release", name, f"{why}; {what} ({held} held)")


def _after_refresh(draft: Draft, name: LimitId) -> None:
    limit = draft.limits[name]
    match limit.phase:
        case Holding(until=(float() | int()) as until) as hold if until > draft.now:
            draft.put_limit(replace(limit, phase=replace(hold, refreshing=False)))
        case Holding() as hold:
            _release(draft, limit, hold, "refreshed")
        case _:
            pass


def _pass(draft: Draft, limit: Limit, probing: Probing, why: str) -> None:
    draft.record("probe", limit.name, f"passed: {why}")
    # The wait helped: what is met from here on is a new incident, and its stated time is believed.
    _ramp(draft, replace(limit, holds=0), 2, _pace_s(probing.usual_s))


def _ramp(draft: Draft, limit: Limit, allowed: int, pace_s: float) -> None:
    if allowed >= _most(draft):
        draft.put_limit(replace(limit, phase=Free(), holds=0))
        draft.record("release", limit.name, "free again")
        return
    ramp = Ramping(since=draft.now, allowed=allowed, next_at=draft.now + pace_s, pace_s=pace_s)
    draft.put_limit(replace(limit, phase=ramp))
    draft.record("ramp", limit.name, f"{plural(allowed, 'task')} at once")


def _grow(draft: Draft, limit: Limit, ramping: Ramping) -> None:
    if ramping.allowed + 1 >= _most(draft):
        _ramp(draft, limit, ramping.allowed + 1, ramping.pace_s)
    else:
        draft.put_limit(replace(limit, phase=replace(ramping, allowed=ramping.allowed + 1)))


def _most(draft: Draft) -> int:
    return draft.desk.parallel or sum(group.parallel for group in draft.groups.values())


def _pace_s(usual_s: float) -> float:
    return min(_PACE_HIGH_S, max(_PACE_LOW_S, 2 * usual_s))


def _usual_s(draft: Draft, ids: tuple[TaskId, ...]) -> float:
    """How soon an attempt meets the limit, at the latest: as soon as the youngest that ended on it.

    The mean would tell how old attempts are that were under way when the limit was reached.
    """
    records = [draft.tasks[id_].history[-1] for id_ in ids if draft.tasks[id_].history]
    return min((max(0.0, r.ended_at - r.started_at) for r in records), default=0.0)
