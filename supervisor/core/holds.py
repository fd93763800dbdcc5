"""What an attempt that met a limit does to it: hold, extend a hold, or nothing new."""

from dataclasses import dataclass, replace

from supervisor.core import outages
from supervisor.core.backoff import delay_s, grown, jitter_s, slack_s
from supervisor.core.batch import Free, Holding, Limit
from supervisor.core.draft import Draft
from supervisor.core.effects import RunRefresh
from supervisor.core.models import ErrorClass, LimitId, TaskId, TaskSpec
from supervisor.core.policy import HOLD_FROM_S, PROVEN_S, WINDOW_BASE_S, WINDOW_CAP_S
from supervisor.core.wording import span


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """An attempt came to its end on a limit."""

    spec: TaskSpec
    attempt: int
    started_at: float
    ended_at: float
    error_class: ErrorClass
    cause: str
    retry_at: float | None
    live: bool = False
    """The attempt still runs: it only wrote so."""


def met(draft: Draft, hit: Met) -> None:
    """Take in that an attempt met its limits: they hold, unless it is an incident that is over."""
    names = hit.spec.limits
    known = [name for name in names if isinstance(draft.limits[name].phase, Holding)]
    _meet(draft, names, hit)
    for name in names:
        phase = draft.limits[name].phase
        if isinstance(phase, Holding) and (name not in known or not hit.live):
            _set_by(draft, draft.limits[name], phase, hit.spec.id if hit.live else None)


def _meet(draft: Draft, names: tuple[LimitId, ...], hit: Met) -> None:
    if hit.error_class is ErrorClass.AUTH:
        # A credential that can be refreshed is the one that expired, not the GPU beside it.
        able = [name for name in names if draft.limit_specs[name].refresh is not None]
        for name in able or names:
            _auth(draft, draft.limits[name], hit)
    else:
        for name in names:
            _exhausted(draft, draft.limits[name], hit)


def _set_by(draft: Draft, limit: Limit, hold: Holding, by: TaskId | None) -> None:
    """Note whether only a running attempt says so; that one has ended on it takes that back."""
    if hold.by != by:
        draft.put_limit(replace(limit, phase=replace(hold, by=by)))


def _auth(draft: Draft, limit: Limit, hit: Met) -> None:
    known = isinstance(limit.phase, Holding) or hit.started_at < limit.refreshed_at
    if known:
        return
    again = limit.refreshed_at > 0 and (
        not isinstance(limit.phase, Free) or draft.now - limit.refreshed_at < PROVEN_S
    )
    if again:
        reason = f"{hit.cause} (again, after the credential was refreshed)"
        _hold(
            draft, limit, Holding(since=draft.now, until=None, reason=reason, needs_operator=True)
        )
    elif draft.limit_specs[limit.name].refresh is not None:
        _hold(
            draft,
            limit,
            Holding(since=draft.now, until=None, reason=hit.cause, refreshing=True),
        )
        draft.effects.append(RunRefresh(limit=limit.name))
    else:
        # Without a command the new start is the refresh: what begins later starts afresh.
        retry = draft.group_specs[hit.spec.group].retry
        until = draft.now + delay_s(retry, 1)
        until += jitter_s(retry, draft.desk.uuid, hit.spec.id, hit.attempt)
        held = _hold(draft, limit, Holding(since=draft.now, until=until, reason=hit.cause))
        draft.put_limit(replace(held, refreshed_at=until))


def _exhausted(draft: Draft, limit: Limit, hit: Met) -> None:
    until = _stated_until(hit)
    match limit.phase:
        case Holding(needs_operator=True):
            return
        case Holding() as hold:
            if hit.error_class is ErrorClass.QUOTA:
                _hold(draft, limit, _quota(draft, hit))
            elif until is not None and (hold.until is None or hold.until < until):
                longer = replace(hold, until=until, stated=True, reason=hit.cause)
                draft.put_limit(replace(limit, phase=longer))
                draft.record("hold", limit.name, f"longer, {_for(until - draft.now)}: {hit.cause}")
            return
        case _:
            pass
    late = hit.started_at < limit.released_at
    if hit.error_class is ErrorClass.QUOTA:
        if not late:
            _hold(draft, limit, _quota(draft, hit))
    elif not late:
        _hold(draft, limit, _wait(draft, limit, until, hit))
    elif until is not None and until > draft.now:
        hold = Holding(since=draft.now, until=until, reason=hit.cause, stated=True)
        _hold(draft, replace(limit, holds=limit.holds - 1), hold)


def _quota(draft: Draft, hit: Met) -> Holding:
    return Holding(since=draft.now, until=None, reason=hit.cause, needs_operator=True)


def _wait(draft: Draft, limit: Limit, until: float | None, hit: Met) -> Holding:
    """The hold for a stated time, or a doubling one; doubling too where the stated did not help."""
    outage = hit.error_class in outages.CLASSES
    if outage:
        # Nobody says when servers come back: the limit backs off as its tasks would, but once for all.
        wait_s = delay_s(draft.group_specs[hit.spec.group].retry, limit.holds + 1)
    else:
        window = hit.error_class is ErrorClass.USAGE_WINDOW
        base_s = WINDOW_BASE_S if window else HOLD_FROM_S
        wait_s = grown(base_s, 2.0, limit.holds, WINDOW_CAP_S)
    least = draft.now + wait_s
    stated = until is not None and (limit.holds == 0 or until >= least)
    return Holding(
        since=draft.now,
        until=until if stated else least,
        reason=hit.cause,
        stated=stated,
        outage=outage,
    )


def _stated_until(hit: Met) -> float | None:
    if hit.retry_at is None:
        return None
    retry_at = max(hit.retry_at, hit.ended_at)
    return retry_at + slack_s(retry_at - hit.ended_at)


def _hold(draft: Draft, limit: Limit, phase: Holding) -> Limit:
    held = replace(limit, phase=phase, holds=limit.holds + 1, pause_count=limit.pause_count + 1)
    draft.put_limit(held)
    if phase.needs_operator:
        how = "until you release it"
    elif phase.refreshing:
        how = "until its credential is refreshed"
    else:
        how = _for((phase.until or draft.now) - draft.now)
    draft.record("hold", limit.name, f"{how}: {phase.reason}")
    return held


def _for(wait_s: float) -> str:
    return f"for {span(wait_s)}"
