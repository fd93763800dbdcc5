"""What a limit's own commands must tell before anything is launched on it.

A refresh whose value nobody has yet, and the preflight: before a group starts, and in the place of
a probe. Who waits for them is no longer held: the limit lets nothing through until they are over.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from supervisor.core import holds, ramps
from supervisor.core.batch import Checking, Free, Holding, Limit, Probing, Ramping
from supervisor.core.draft import Draft
from supervisor.core.effects import RunPreflight, RunRefresh
from supervisor.core.events import PreflightEnded
from supervisor.core.models import ErrorClass, GroupId, LimitId, LimitSpec
from supervisor.core.policy import PREFLIGHTS, PROVEN_S
from supervisor.core.wording import span

_FRESH_S = 60.0
"""Groups that start within this time need one preflight."""

Step = Literal["refresh", "preflight"]


def begin(draft: Draft) -> None:
    """Take in that an engine began: what earlier ones were told in memory is gone."""
    for name, limit in draft.limits.items():
        refresh = draft.limit_specs[name].refresh
        lost = refresh is not None and bool(refresh.env or refresh.every_s)
        if lost or limit.checked_at:
            draft.put_limit(replace(limit, stale=lost, checked_at=0.0))
    for group in draft.groups.values():
        if group.begun:
            draft.put_group(replace(group, begun=False))


def reloaded(draft: Draft, before: Mapping[LimitId, LimitSpec]) -> None:
    """Take in that another batch file holds: only what other commands made, or would tell, is gone."""
    for name, limit in draft.limits.items():
        old, new = before.get(name, LimitSpec(name=name)), draft.limit_specs[name]
        if old.refresh != new.refresh:
            refresh = new.refresh
            every_s = refresh.every_s if refresh is not None else None
            stale = refresh is not None and bool(refresh.env) and _makes(old) != _makes(new)
            at = draft.now + every_s if every_s else 0.0
            limit = replace(limit, stale=stale or limit.stale, next_refresh_at=at)
        if old.preflight != new.preflight:
            limit = replace(limit, checked_at=0.0)
        if limit is not draft.limits[name]:
            draft.put_limit(limit)


def _makes(spec: LimitSpec) -> tuple[object, ...]:
    return () if spec.refresh is None else (spec.refresh.run, spec.refresh.env)


def wanted(draft: Draft, group: GroupId, names: tuple[LimitId, ...]) -> bool:
    """Order what must be run before a task of ``group`` is launched; tell whether anything must."""
    steps: list[tuple[LimitId, Step | None]] = [
        (name, _first_step(draft, name, group)) for name in names
    ]
    for name, step in steps:
        if step is not None:
            _start(draft, draft.limits[name], step, f"before {group} starts")
    return any(step is not None for _, step in steps)


def instead_of_probe(draft: Draft, limit: Limit, reason: str, usual_s: float) -> Step | None:
    """Order what is run instead of a probe, or before it; return it, None: there is nothing."""
    spec = draft.limit_specs[limit.name]
    step = _stale(limit, spec) or ("preflight" if spec.preflight is not None else None)
    if step is not None:
        phase = Checking(
            since=draft.now, step=step, reason=reason, after_hold=True, usual_s=usual_s
        )
        _check(draft, limit, phase)
    return step


def refreshed(draft: Draft, limit: Limit, phase: Checking) -> None:
    """Go on after the refresh that was waited for."""
    if draft.limit_specs[limit.name].preflight is not None:
        _check(draft, limit, replace(phase, since=draft.now, step="preflight"))
    else:
        opened(draft, limit, phase)


def opened(draft: Draft, limit: Limit, phase: Checking) -> None:
    """Let tasks through: all of them, or after a hold one that is the probe."""
    if phase.after_hold:
        probing = Probing(
            since=draft.now,
            probe=None,
            passes_at=None,
            reason=phase.reason,
            usual_s=phase.usual_s,
        )
        draft.put_limit(replace(limit, phase=probing))
    else:
        draft.put_limit(replace(limit, phase=Free()))


def preflight_ended(draft: Draft, event: PreflightEnded) -> None:
    """Take in the end of a preflight; one that nobody waits for any more is ignored."""
    limit = draft.limits[event.limit]
    phase = limit.phase
    if not isinstance(phase, Checking) or phase.step != "preflight":
        return
    if event.cause:
        _hold(draft, limit, phase, event)
        return
    limit = replace(limit, checked_at=draft.now)
    if phase.after_hold:
        # It has told what a probe would have to live long for: the ramp may be as quick as any.
        ramps.passed(draft, limit, 0.0, "its preflight passed")
    else:
        draft.record("preflight", limit.name, "passed")
        draft.put_limit(replace(limit, phase=Free(), holds=0))


def renew(draft: Draft, limit: Limit) -> Limit:
    """Order the refresh that is due by ``every``; return the limit with the next one planned."""
    refresh = draft.limit_specs[limit.name].refresh
    every_s = None if refresh is None else refresh.every_s
    limit = replace(limit, next_refresh_at=draft.now + every_s if every_s else 0.0)
    draft.put_limit(limit)
    if every_s and draft.desk.ended_at is None and not _refreshing(limit):
        draft.record("refresh", limit.name, f"is run every {span(every_s)}")
        draft.effects.append(RunRefresh(limit=limit.name))
    return limit


def refresh_again(draft: Draft, limit: Limit, hold: Holding) -> None:
    """Run the refresh again that had failed for a cause that passes."""
    again = replace(hold, until=None, refreshing=True, refresh_next=False)
    draft.put_limit(replace(limit, phase=again))
    draft.record("refresh", limit.name, f"is tried again ({hold.tries} failed so far)")
    draft.effects.append(RunRefresh(limit=limit.name))


def _first_step(draft: Draft, name: LimitId, group: GroupId) -> Step | None:
    limit, spec = draft.limits[name], draft.limit_specs[name]
    if (stale := _stale(limit, spec)) is not None:
        return stale
    if spec.preflight is None or not isinstance(limit.phase, Free):
        return None
    begun = draft.groups[group].begun or draft.now - limit.checked_at < _FRESH_S
    return None if limit.checked_at and begun else "preflight"


def _stale(limit: Limit, spec: LimitSpec) -> Literal["refresh"] | None:
    return "refresh" if limit.stale and spec.refresh is not None else None


def _start(draft: Draft, limit: Limit, step: Step, reason: str) -> None:
    after_hold, usual_s = False, 0.0
    match limit.phase:
        case Probing() as probing:
            after_hold, usual_s, reason = True, probing.usual_s, probing.reason
        case Ramping() as ramping:
            after_hold, usual_s = True, ramping.pace_s / 2
        case _:
            pass
    phase = Checking(
        since=draft.now, step=step, reason=reason, after_hold=after_hold, usual_s=usual_s
    )
    _check(draft, limit, phase)


def _check(draft: Draft, limit: Limit, phase: Checking) -> None:
    draft.put_limit(replace(limit, phase=phase))
    draft.record(phase.step, limit.name, f"is run: {phase.reason}")
    order = RunRefresh if phase.step == "refresh" else RunPreflight
    draft.effects.append(order(limit=limit.name))


def _refreshing(limit: Limit) -> bool:
    match limit.phase:
        case Holding(refreshing=True) | Checking(step="refresh"):
            return True
        case _:
            return False


def _hold(draft: Draft, limit: Limit, phase: Checking, told: PreflightEnded) -> None:
    """Hold the limit for what its preflight says, as long as that asks for."""
    reason = f"preflight failed: {told.cause}"
    stuck = Holding(since=draft.now, until=None, reason=reason, needs_operator=True)
    match told.error_class:
        case ErrorClass.QUOTA | ErrorClass.BROKEN:
            hold = stuck
        case ErrorClass.AUTH:
            hold = replace(stuck, needs_operator=False, refreshing=True)
            hold = hold if _may_refresh(draft, limit) else stuck
        case ErrorClass.SERVER_ERROR | ErrorClass.NETWORK:
            # Asking costs no launch, and outages end by themselves: ask often, and for ever.
            hold = holds.until_servers_answer(draft, limit, told.retry_at, reason)
        case _:
            until = holds.stated_until(told.retry_at, draft.now)
            hold = holds.waiting(draft, limit, told.error_class, until, reason)
            hold = stuck if limit.holds >= PREFLIGHTS and not hold.stated else hold
    holds.hold(draft, limit, hold, goes_on=phase.after_hold)
    if hold.refreshing:
        draft.effects.append(RunRefresh(limit=limit.name))


def _may_refresh(draft: Draft, limit: Limit) -> bool:
    able = draft.limit_specs[limit.name].refresh is not None
    return able and (not limit.refreshed_at or draft.now - limit.refreshed_at >= PROVEN_S)
